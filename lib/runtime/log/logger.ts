import { type Logger as PinoLogger, pino } from 'pino'
import type { Logger, LogMethod } from '../../domain/context.js'
import { isError, messageOf } from '../../domain/thrown.js'
import { safeFields, safeMessage } from './fields.js'
import { hostLevel, type LogLevel } from './levels.js'
import { appendTo } from './log-file.js'
import { fitsLine, LogEntry, lineOf } from './log-line.js'
import { prettyLine } from './pretty.js'
import type { Sink } from './queued-sink.js'
import { type Redact, redactorOf } from './redact.js'

/** What a logger needs. */
export interface LoggerOptions {
  /** The plugin's id. The host drops an entry without it. */
  readonly pluginId: string
  /** Entries below this level are not made. */
  readonly level: LogLevel
  /** Where the lines go. */
  readonly sink: Sink
  /** Whether a person reads the sink: lines for a terminal instead of the host's form. */
  readonly pretty: boolean
  /** Whether those are coloured. The default is true if `NO_COLOR` is unset or empty. */
  readonly coloured?: boolean
  /** The time of an entry. */
  readonly now?: () => Date
}

/** A logger, and what its owner does with it. None of it throws. */
export interface LoggerControl {
  /** What handlers get. */
  readonly log: Logger
  /**
   * Appends every entry from now on to a file as well, in the host's form. The same path twice is
   * one file.
   */
  addFile(path: string): void
  /**
   * Replaces these texts (of at least 4 characters) by `[secret]` in every entry from now on, in
   * addition to those of earlier calls.
   */
  redact(values: ReadonlyArray<string>): void
  /** Writes what is queued: for the moment before the process ends. */
  flushSync(): void
}

/**
 * A logger that writes entries in the form of the host's log viewer (docs/protocol.md#logs): one
 * JSON object a line with `timestamp`, `level`, `message`, `plugin`, `pid`, perhaps `error`, and
 * the author's fields. Every line fits one read of the host; `lineOf` says how a longer one is cut.
 *
 * Logging never throws, whatever is logged.
 */
export const makeLogger = (options: LoggerOptions): LoggerControl => {
  const { pluginId, level, sink, pretty, now = () => new Date() } = options
  const coloured = options.coloured ?? !process.env.NO_COLOR
  const secrets = new Set<string>()
  const files = new Map<string, (line: string) => void>()
  let redact: Redact = redactorOf(secrets)

  const publish = (json: string): void => {
    const whole = json.trimEnd()
    if (!pretty && fitsLine(whole)) {
      deliver(whole)
    } else {
      const entry: unknown = JSON.parse(whole)
      if (LogEntry.is(entry)) deliver(lineOf(entry), entry)
    }
  }

  const deliver = (line: string, entry?: LogEntry): void => {
    sink.write(pretty && entry !== undefined ? prettyLine(entry, coloured) : line)
    for (const append of files.values()) append(line)
  }

  // A problem of a log file goes to the sink alone.
  const report = (at: LogLevel, message: string): void => {
    const entry = {
      timestamp: now().toISOString(),
      level: hostLevel(at),
      message: safeMessage(message, redact),
      plugin: pluginId,
      pid: process.pid,
    }
    sink.write(pretty ? prettyLine(entry, coloured) : lineOf(entry))
  }

  const writer = pinoWriter(pluginId, level, now, publish)
  const method = (at: LogLevel): LogMethod => {
    if (!writer.isLevelEnabled(at)) return () => undefined
    return (first: unknown, second?: string) => {
      try {
        const given = entryOf(first, second)
        const { fields, error } = safeFields(given.fields, redact)
        // Inside one field, because pino takes an object with `headers` and `socket` for a request.
        writer[at](
          { entry: error === undefined ? fields : { error, ...fields } },
          safeMessage(given.message, redact),
        )
      } catch (cause) {
        report('error', `An entry of the log could not be written: ${messageOf(cause)}`)
      }
    }
  }

  return {
    log: {
      trace: method('trace'),
      debug: method('debug'),
      info: method('info'),
      warn: method('warn'),
      error: method('error'),
    },
    addFile: path => {
      if (!files.has(path)) files.set(path, appendTo(path, report))
    },
    redact: values => {
      for (const value of values) secrets.add(value)
      redact = redactorOf(secrets)
    },
    flushSync: () => sink.flushSync(),
  }
}

/** Pino in the host's form. It compares the levels and makes the JSON. */
const pinoWriter = (
  pluginId: string,
  level: LogLevel,
  now: () => Date,
  write: (json: string) => void,
): PinoLogger =>
  pino(
    {
      level,
      base: { plugin: pluginId, pid: process.pid },
      messageKey: 'message',
      timestamp: () => `,"timestamp":${JSON.stringify(now().toISOString())}`,
      formatters: {
        level: label => ({ level: hostLevel(label) }),
        log: ({ entry }) => (typeof entry === 'object' && entry !== null ? { ...entry } : {}),
      },
    },
    { write },
  )

interface Given {
  readonly fields: Readonly<Record<string, unknown>>
  readonly message: unknown
}

// The types ask for a message, or for fields and a message. JavaScript may pass an error, or fields
// alone.
const entryOf = (first: unknown, second: unknown): Given => {
  if (isError(first)) return { fields: { error: first }, message: second ?? messageOf(first) }
  return isFields(first) ? { fields: first, message: second ?? '' } : { fields: {}, message: first }
}

const isFields = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
