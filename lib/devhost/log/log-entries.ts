import { HOST_LOG_READ } from '../../domain/host.js'
import { E, O, pipe, t } from '../../fp.js'
import type { LogEntry } from '../console-api.js'

/** An entry of a plugin's log in the host's form. */
export type HostLogEntry = Omit<LogEntry, 'n'>

/** The levels of the host's log, the least severe first. */
export const LEVELS = ['Trace', 'Debug', 'Info', 'Warn', 'Error'] as const

const U32 = 4_294_967_295

const Nullable = <A>(codec: t.Type<A>) => t.union([codec, t.null])
const Pid = t.refinement(t.number, pid => Number.isInteger(pid) && pid >= 0 && pid <= U32)

/**
 * What the host's parser accepts as an entry. It drops unknown fields; the last three may be absent
 * or `null`.
 */
const Entry = t.intersection([
  t.type({ timestamp: t.string, level: t.string, message: t.string }),
  t.partial({ plugin: Nullable(t.string), error: Nullable(t.string), pid: Nullable(Pid) }),
])

/** Splits a chunk into the pieces in which the host would have read it. */
export const piecesOf = (chunk: Buffer): ReadonlyArray<Buffer> =>
  Array.from({ length: Math.ceil(chunk.length / HOST_LOG_READ) }, (_, index) =>
    chunk.subarray(index * HOST_LOG_READ, (index + 1) * HOST_LOG_READ),
  )

/**
 * A piece of a plugin's stderr as the host keeps it (docs/protocol.md#logs). An entry stays as it
 * is, without unknown fields; an entry without a plugin is dropped; any other text, such as two
 * lines in one piece, becomes one `Info` entry.
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

/** The severity of a level, ignoring case; -1 for an unknown one. */
export const severityOf = (level: string): number =>
  LEVELS.findIndex(known => known.toLowerCase() === level.toLowerCase())

/**
 * The filter of the host's log interface: an entry passes if its level is known and at least
 * `level`. Without a known `level` every entry passes.
 */
export const atLeast =
  (level: string | null) =>
  (entry: { readonly level: string }): boolean => {
    const wanted = level === null ? -1 : severityOf(level)
    return wanted === -1 || severityOf(entry.level) >= wanted
  }
