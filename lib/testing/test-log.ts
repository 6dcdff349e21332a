import * as t from 'io-ts'
import { LOG_LEVELS, type LogLevel } from '../runtime/log/levels.js'
import { type LoggerControl, makeLogger } from '../runtime/log/logger.js'

/** An entry in the log of a plugin under test. */
export interface TestLogEntry {
  /** The method of `ctx.log` that wrote it. */
  readonly level: LogLevel
  readonly message: string
  /** The text of the field `error`: the stack of what was thrown, and its causes. */
  readonly error?: string
  /** The other fields, as JSON. Credentials and secrets are replaced, as for the host. */
  readonly fields: Readonly<Record<string, unknown>>
}

/** The logger of a plugin under test: the real one, with a sink that keeps the lines. */
export const testLog = (
  pluginId: string,
  now: () => number,
): LoggerControl & { readonly entries: ReadonlyArray<TestLogEntry> } => {
  const entries: TestLogEntry[] = []
  const sink = {
    write: (line: string) => void entries.push(entryOf(JSON.parse(line))),
    flushSync: () => undefined,
  }
  return {
    ...makeLogger({ pluginId, level: 'trace', sink, pretty: false, now: () => new Date(now()) }),
    entries,
  }
}

const entryOf = (line: unknown): TestLogEntry => {
  const {
    timestamp: _time,
    level,
    message,
    plugin: _plugin,
    pid: _pid,
    error,
    ...fields
  } = t.UnknownRecord.is(line) ? line : {}
  const itsLevel = LOG_LEVELS.find(name => name === String(level).toLowerCase()) ?? 'info'
  return {
    level: itsLevel,
    message: String(message),
    ...(error === undefined ? {} : { error: String(error) }),
    fields,
  }
}
