import * as t from 'io-ts'
import { HOST_LOG_READ } from '../../domain/host.js'
import { hostLevel } from './levels.js'

/** An entry of the log in the host's form. Further fields are the author's; the host drops them. */
export const LogEntry = t.intersection([
  t.type({
    timestamp: t.string,
    level: t.string,
    message: t.string,
    plugin: t.string,
    pid: t.number,
  }),
  t.partial({ error: t.string }),
])

/** An entry of the log in the host's form. */
export type LogEntry = t.TypeOf<typeof LogEntry>

/**
 * The names of the host's form. An author's field with one of them gets an underscore at its end,
 * because the host refuses an object that has a name twice.
 */
export const RESERVED: ReadonlySet<string> = new Set([
  'timestamp',
  'level',
  'message',
  'plugin',
  'pid',
  'error',
  'left_out',
])

/** The most bytes of a line without its newline. With it, the line fits one read of the host. */
export const MAX_LINE = HOST_LOG_READ - 2

/**
 * The line of an entry, without a newline: JSON of at most {@link MAX_LINE} bytes.
 *
 * A longer entry loses the largest of the author's fields first, and `left_out` says how many.
 * Then `error` and `message` are cut, with a mark that says how many characters are missing.
 */
export const lineOf = (entry: LogEntry): string => {
  const whole = JSON.stringify(entry)
  return fitsLine(whole) ? whole : withoutFields(entry)
}

/** Whether a line is short enough for the host as it is. */
export const fitsLine = (line: string): boolean => Buffer.byteLength(line) <= MAX_LINE

const withoutFields = (entry: LogEntry): string => {
  const { timestamp, level, message, plugin, pid, error, ...fields } = entry
  const core: LogEntry = {
    timestamp,
    level,
    message,
    plugin,
    pid,
    ...(error === undefined ? {} : { error }),
  }
  const sizes = Object.entries<unknown>(fields)
    .map(([name, value]) => ({
      name,
      size: Buffer.byteLength(JSON.stringify({ [name]: value })) - 1,
    }))
    .sort((a, b) => a.size - b.size)
  let room = MAX_LINE - Buffer.byteLength(JSON.stringify({ ...core, left_out: sizes.length }))
  if (room < 0) return cut(core, sizes.length)
  const kept = new Set<string>()
  for (const { name, size } of sizes) {
    if (size > room) break
    room -= size
    kept.add(name)
  }
  const small = Object.entries<unknown>(fields).filter(([name]) => kept.has(name))
  return JSON.stringify({
    ...core,
    ...Object.fromEntries(small),
    left_out: sizes.length - kept.size,
  })
}

const cut = (core: LogEntry, leftOut: number): string => {
  const note = leftOut === 0 ? {} : { left_out: leftOut }
  const { message, error, ...rest } = core
  if (error === undefined) {
    const room = MAX_LINE - Buffer.byteLength(JSON.stringify({ ...rest, message: '', ...note }))
    return JSON.stringify({ ...rest, message: truncate(message, room), ...note })
  }
  const room =
    MAX_LINE - Buffer.byteLength(JSON.stringify({ ...rest, message: '', error: '', ...note }))
  // The message gets at least half of the room if it needs it. What one of the two does not need
  // goes to the other.
  const shortMessage = truncate(message, Math.max(Math.floor(room / 2), room - jsonBytes(error)))
  return JSON.stringify({
    ...rest,
    message: shortMessage,
    error: truncate(error, room - jsonBytes(shortMessage)),
    ...note,
  })
}

/**
 * A text cut to at most `bytes` inside a JSON string, with a mark that says how many characters
 * (code points) are missing. No character is cut in two. A text that fits stays as it is.
 */
export const truncate = (text: string, bytes: number): string => {
  if (jsonBytes(text) <= bytes) return text
  const room = bytes - jsonBytes(missingMark(text.length))
  let used = 0
  let end = 0
  for (const character of text) {
    used += jsonBytes(character)
    if (used > room) break
    end += character.length
  }
  return `${text.slice(0, end)}${missingMark(codePoints(text.slice(end)))}`
}

const missingMark = (characters: number): string => `… (+${characters} characters)`

/** How many bytes a text takes inside a JSON string. */
export const jsonBytes = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2

const codePoints = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/** The line that says how many lines were dropped. It needs no logger. */
export const droppedLine =
  (pluginId: string, now: () => Date = () => new Date()) =>
  (dropped: number): string =>
    lineOf({
      timestamp: now().toISOString(),
      level: hostLevel('warn'),
      message: `${dropped} lines of the log were dropped, because nobody read them in time`,
      plugin: pluginId,
      pid: process.pid,
    })
