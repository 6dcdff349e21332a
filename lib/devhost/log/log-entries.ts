import { HOST_LOG_READ } from '../../domain/host.js'
import { E, O, pipe, t } from '../../fp.js'
import type { LogEntry } from '../console-api.js'

/** An entry of a plugin's log in the host's form. */
export type HostLogEntry = Omit<LogEntry, 'n'>

/** The levels of the host's log, from the most talkative. */
export const LEVELS = ['Trace', 'Debug', 'Info', 'Warn', 'Error'] as const

const U32 = 4_294_967_295

const Nullable = <A>(codec: t.Type<A>) => t.union([codec, t.null])
const Pid = t.refinement(t.number, pid => Number.isInteger(pid) && pid >= 0 && pid <= U32)

/**
 * What the host's own parser takes for an entry: fields that it does not know are dropped, and the
 * last three may be absent or `null`.
 */
const Entry = t.intersection([
  t.type({ timestamp: t.string, level: t.string, message: t.string }),
  t.partial({ plugin: Nullable(t.string), error: Nullable(t.string), pid: Nullable(Pid) }),
])

/** What arrived at once in the pieces in which the host would have read it. */
export const piecesOf = (chunk: Buffer): ReadonlyArray<Buffer> =>
  Array.from({ length: Math.ceil(chunk.length / HOST_LOG_READ) }, (_, index) =>
    chunk.subarray(index * HOST_LOG_READ, (index + 1) * HOST_LOG_READ),
  )

/**
 * A piece of a plugin's stderr as the host keeps it: one JSON object of the form as it is, without
 * the fields that are not of the form; none where such an object does not say whose it is; any
 * other text as one `Info` entry. Two lines in one piece are not one object.
 */
export const entryOf = (piece: Buffer, plugin: string, now: string): O.Option<HostLogEntry> => {
  const text = piece.toString('utf8')
  return pipe(
    parsed(text),
    O.filter(Entry.is),
    O.match(
      () => O.some({ timestamp: now, level: 'Info', message: text.trim(), plugin }),
      entry => (typeof entry.plugin === 'string' ? O.some(ofForm(entry, entry.plugin)) : O.none),
    ),
  )
}

const parsed = (text: string): O.Option<unknown> =>
  O.fromEither(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      () => undefined,
    ),
  )

const ofForm = (
  { timestamp, level, message, error, pid }: t.TypeOf<typeof Entry>,
  plugin: string,
): HostLogEntry => ({
  timestamp,
  level,
  message,
  plugin,
  ...(typeof error === 'string' ? { error } : {}),
  ...(typeof pid === 'number' ? { pid } : {}),
})

/**
 * How severe a level is, in whatever case it is written; -1 for one that the host does not know.
 */
export const severityOf = (level: string): number =>
  LEVELS.findIndex(known => known.toLowerCase() === level.toLowerCase())

/**
 * Whether an entry passes the filter of the log interface: at least that level, and of a known one.
 * A filter that names no level lets everything pass.
 */
export const atLeast =
  (level: string | null) =>
  (entry: { readonly level: string }): boolean => {
    const wanted = level === null ? -1 : severityOf(level)
    return wanted === -1 || severityOf(entry.level) >= wanted
  }
