import * as E from 'fp-ts/lib/Either.js'
import { type CliError, usageError } from '../cli-error.js'
import { didYouMean } from '../guess.js'
import type { Measures } from './send.js'

/** What `-w` can print about a call. */
export interface Facts {
  /** The status of an HTTP answer; 0 for anything else. */
  readonly status: number
  /** The size of the body or the value, in bytes. */
  readonly bodySize: number
  /** How long the plugin took to listen, in milliseconds, if this command started it. */
  readonly started: number | undefined
  readonly measures: Measures
}

const seconds = (ms: number): string => (ms / 1_000).toFixed(6)

const VARIABLES: Readonly<Record<string, (facts: Facts) => string>> = {
  status: ({ status }) => String(status).padStart(3, '0'),
  http_code: ({ status }) => String(status).padStart(3, '0'),
  size: ({ bodySize }) => String(bodySize),
  size_upload: ({ measures }) => String(measures.sent.length),
  size_download: ({ measures }) => String(measures.received.length),
  time_start: ({ started }) => seconds(started ?? 0),
  time_connect: ({ measures }) => seconds(measures.connect),
  time_starttransfer: ({ measures }) => seconds(measures.firstByte),
  time_total: ({ measures }) => seconds(measures.total),
}

const PARTS = /%\{(\w*)\}|%%|\\([nrt\\])/g
const ESCAPES: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t', '\\': '\\' }

/** A format of `-w` as a function. A usage error where it names an unknown variable. */
export const writeOut = (format: string): E.Either<CliError, (facts: Facts) => string> => {
  const unknown = [...format.matchAll(PARTS)].flatMap(([, name]) =>
    name === undefined || Object.hasOwn(VARIABLES, name) ? [] : [name],
  )
  if (unknown.length > 0) {
    return E.left(
      usageError(
        `-w has no variable ${unknown.map(name => `%{${name}}`).join(', ')}`,
        didYouMean(
          `%{${unknown[0]}}`,
          Object.keys(VARIABLES).map(name => `%{${name}}`),
          `It has ${Object.keys(VARIABLES).join(', ')}.`,
        ),
      ),
    )
  }
  return E.right(facts =>
    format.replace(PARTS, (part, name?: string, escaped?: string) => {
      if (name !== undefined) return VARIABLES[name]?.(facts) ?? part
      return escaped === undefined ? '%' : (ESCAPES[escaped] ?? part)
    }),
  )
}

/** What `-w` without a format prints. */
export const summary = ({
  status,
  started,
  measures: { connect, firstByte, total, sent, received },
}: Facts): string =>
  [
    ...(status === 0 ? [] : [`status ${status}`]),
    ...(started === undefined ? [] : [`started in ${ms(started)}`]),
    `${ms(total)} (connected ${ms(connect)}, first byte ${ms(firstByte)})`,
    `${sent.length} bytes sent, ${received.length} received`,
  ].join(', ')

const ms = (value: number): string => `${value.toFixed(1)} ms`
