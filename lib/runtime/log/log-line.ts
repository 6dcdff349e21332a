import * as t from 'io-ts'
import { HOST_LOG_READ } from '../../domain/host.js'

/** The levels of the log, from the most talkative. */
export const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error'] as const

/** A level of the log. */
export type LogLevel = (typeof LOG_LEVELS)[number]

const HOST_LEVELS: Readonly<Record<string, string>> = {
  trace: 'Trace',
  debug: 'Debug',
  info: 'Info',
  warn: 'Warn',
  error: 'Error',
  fatal: 'Error',
}

/** What the host's log viewer calls a level (docs/protocol.md#logs). */
export const hostLevel = (level: string): string => HOST_LEVELS[level] ?? 'Info'

/**
 * The level that a text names, in any case, such as `TORU_LOG_LEVEL`; `info` where there is none. A
 * text that names no level is also `info`, with a warning.
 */
export const levelFrom = (
  text: string | undefined,
): { readonly level: LogLevel; readonly warning?: string } => {
  const wanted = (text ?? '').trim().toLowerCase()
  const level = LOG_LEVELS.find(candidate => candidate === wanted)
  if (level !== undefined) return { level }
  if (wanted === '') return { level: 'info' }
  return {
    level: 'info',
    warning: `TORU_LOG_LEVEL is ${JSON.stringify(text)}, which is none of ${LOG_LEVELS.join(', ')}. The level is info.`,
  }
}

/**
 * An entry of the log in the host's form. Fields past these are the author's; the host drops them.
 */
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
 * The names that the host's form takes. A field of the author's with one of them gets an underscore
 * at its end: the host refuses an object that has a name twice.
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

/**
 * How many bytes of UTF-8 a line may have, without its newline: with it, the line stays under one
 * read of the host.
 */
export const MAX_LINE = HOST_LOG_READ - 2

/**
 * The line of an entry, without a newline: JSON of at most {@link MAX_LINE} bytes.
 *
 * Of a longer entry the largest of the author's fields are left out first, `left_out` says how
 * many, and then `error` and `message` are cut, with a mark that says how many characters are
 * missing.
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
    return JSON.stringify({ ...rest, message: shortened(message, room), ...note })
  }
  const room =
    MAX_LINE - Buffer.byteLength(JSON.stringify({ ...rest, message: '', error: '', ...note }))
  // Half of the room at least is the message's, if it needs it; what one of the two leaves is the
  // other's.
  const words = shortened(message, Math.max(Math.floor(room / 2), room - costOf(error)))
  return JSON.stringify({
    ...rest,
    message: words,
    error: shortened(error, room - costOf(words)),
    ...note,
  })
}

/**
 * A text cut to what takes at most `bytes` inside a JSON string, with a mark that says how many
 * characters (code points) are missing; as it is, if it fits. No character is cut in two.
 */
export const shortened = (text: string, bytes: number): string => {
  if (costOf(text) <= bytes) return text
  const room = bytes - costOf(missing(text.length))
  let used = 0
  let end = 0
  for (const character of text) {
    used += costOf(character)
    if (used > room) break
    end += character.length
  }
  return `${text.slice(0, end)}${missing(countOf(text.slice(end)))}`
}

const missing = (characters: number): string => `… (+${characters} characters)`

/** How many bytes of UTF-8 a text takes inside a JSON string. */
export const costOf = (text: string): number => Buffer.byteLength(JSON.stringify(text)) - 2

const countOf = (text: string): number => {
  let count = 0
  for (const _ of text) count += 1
  return count
}

/**
 * A line of the framework's own that needs no logger: what {@link openStderr} says about lines it
 * had to drop.
 */
export const droppedLine =
  (pluginId: string, now: () => Date = () => new Date()) =>
  (dropped: number): string =>
    lineOf({
      timestamp: now().toISOString(),
      level: hostLevel('warn'),
      message: `${dropped} lines of the log were dropped: nobody read them in time`,
      plugin: pluginId,
      pid: process.pid,
    })
