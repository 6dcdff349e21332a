import type { Logger, LogMethod } from '../../lib/domain/context.js'
import type { KvPlace } from '../../lib/domain/kv-provider.js'

/** A log that keeps its entries, as `level: message`. */
export interface RecordingLog extends Logger {
  readonly entries: ReadonlyArray<string>
}

export const recordingLog = (): RecordingLog => {
  const entries: string[] = []
  const at =
    (level: string): LogMethod =>
    (first: string | Readonly<Record<string, unknown>>, message?: string) => {
      entries.push(`${level}: ${typeof first === 'string' ? first : message}`)
    }
  return {
    entries,
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}

/** Where a store of the tests belongs: a plugin `notes` with time enough for an operation. */
export const placeOf = (changes: Partial<KvPlace> = {}): KvPlace => ({
  pluginId: 'notes',
  log: recordingLog(),
  deadlineMs: 30_000,
  env: {},
  ...changes,
})
