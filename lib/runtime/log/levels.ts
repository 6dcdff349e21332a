/** The levels of the log, from the most detailed. */
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

/** The name of a level in the host's log viewer (docs/protocol.md#logs). */
export const hostLevel = (level: string): string => HOST_LEVELS[level] ?? 'Info'

/**
 * The level that a text names, in any case, such as `TORU_LOG_LEVEL`; `info` if there is no text.
 * For a text that names no level it is also `info`, with a warning.
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
    warning:
      `TORU_LOG_LEVEL: expected one of ${LOG_LEVELS.join(', ')}, got ${JSON.stringify(text)}. ` +
      'The level is info.',
  }
}
