import { E, pipe, t } from 'toru-plugin-api/fp'
import type { LogEntry } from './service.js'

/** The fields that {@link parseJournal} reads. `journalctl` adds the time by itself. */
export const FIELDS = ['MESSAGE', 'PRIORITY', 'SYSLOG_IDENTIFIER', '_PID'] as const

// A field is text, or bytes if it is not UTF-8 or has control characters, or null if it is longer
// than 4,096 bytes. A field that came twice is a list of those.
const Text = t.union([t.string, t.array(t.number), t.null])
const Field = t.union([Text, t.array(Text)])

const Line = t.intersection([
  t.type({ __REALTIME_TIMESTAMP: t.string }),
  t.partial({ MESSAGE: Field, PRIORITY: t.string, SYSLOG_IDENTIFIER: Field, _PID: t.string }),
])

/**
 * The entries of `journalctl --output=json --reverse`, one entry per line, oldest first. Lines that
 * are no entry are left out: the last line may be one, if the output was cut.
 */
export const parseJournal = (text: string): ReadonlyArray<LogEntry> =>
  text
    .split('\n')
    .flatMap(line => {
      const entry = pipe(
        E.tryCatch((): unknown => JSON.parse(line), String),
        E.chainW(Line.decode),
      )
      return E.isRight(entry) ? [entryFrom(entry.right)] : []
    })
    .reverse()

/** The newest entries whose messages together have at most so many characters. */
export const newest = (
  entries: ReadonlyArray<LogEntry>,
  characters: number,
): ReadonlyArray<LogEntry> => {
  let room = characters
  let first = entries.length
  for (const { message } of entries.toReversed()) {
    room -= message.length
    if (room < 0) break
    first -= 1
  }
  return entries.slice(first)
}

const INFO = 6

const entryFrom = ({
  __REALTIME_TIMESTAMP,
  PRIORITY,
  SYSLOG_IDENTIFIER,
  _PID,
  MESSAGE,
}: t.TypeOf<typeof Line>): LogEntry => ({
  time: timeFrom(__REALTIME_TIMESTAMP),
  priority: /^[0-7]$/.test(PRIORITY ?? '') ? Number(PRIORITY) : INFO,
  identifier: SYSLOG_IDENTIFIER === undefined ? null : textFrom(SYSLOG_IDENTIFIER),
  pid: _PID ?? null,
  message: MESSAGE === undefined ? '' : textFrom(MESSAGE),
})

/** Microseconds since 1970, as text. */
const timeFrom = (microseconds: string): string => {
  const time = new Date(Number(microseconds) / 1_000)
  return Number.isNaN(time.getTime()) ? microseconds : time.toISOString()
}

/** Terminal colours, which are not part of a message. */
// biome-ignore lint/complexity/useRegexLiterals: an escape character is easier seen than read
const COLOURS = new RegExp('\u001b\\[[0-9;]*m', 'g')

const textFrom = (field: t.TypeOf<typeof Field>): string => {
  if (field === null) return '(longer than 4,096 bytes: see journalctl)'
  if (typeof field === 'string') return field.replace(COLOURS, '')
  const bytes = field.filter(part => typeof part === 'number')
  return bytes.length === field.length
    ? Buffer.from(bytes).toString('utf8').replace(COLOURS, '')
    : field.map(part => (typeof part === 'number' ? String(part) : textFrom(part))).join('\n')
}
