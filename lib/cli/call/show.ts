import { writeFileSync } from 'node:fs'
import { STATUS_CODES } from 'node:http'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Answer, FramingName, HostMessage } from '../../protocol.js'
import { type CliError, failureOf } from '../cli-error.js'
import { EXIT, type ExitCode } from '../exit-code.js'
import type { Terminal } from '../terminal.js'
import type { Facts } from './write-out.js'

/** How to show an answer. */
export interface ShowOptions {
  readonly include?: true
  readonly json?: true
  readonly fail?: true
  readonly output?: string
}

/** Shows an answer, or that there is none. Yields the exit code. */
export const show = (
  terminal: Terminal,
  message: HostMessage,
  answer: O.Option<Answer>,
  facts: Facts,
  options: ShowOptions,
): E.Either<CliError, ExitCode> => {
  if (O.isNone(answer)) {
    if (options.json) terminal.out(JSON.stringify({ time: timeOf(facts) }, null, 2))
    else terminal.note('sent; a lifecycle message has no answer')
    return E.right(EXIT.ok)
  }
  const text = options.json
    ? `${JSON.stringify(asJson(answer.value, facts), null, 2)}\n`
    : asText(answer.value, options)
  const written = write(terminal, text, options.output)
  if (E.isLeft(written)) return written
  const absent = isAbsent(message, answer.value)
  if (absent && !options.json) terminal.note('null')
  return E.right(options.fail && (absent || isFailure(answer.value)) ? EXIT.failed : EXIT.ok)
}

const isFailure = (answer: Answer): boolean => answer._tag === 'HttpAnswer' && answer.status >= 400

/** Whether a key has no value. The answer to `set` and `delete` is always `null`. */
const isAbsent = (message: HostMessage, answer: Answer): boolean =>
  answer._tag === 'KvAnswer' &&
  answer.value === null &&
  message._tag === 'Kv' &&
  message.action === 'get'

/** The size of an answer's body or value, in bytes. */
export const sizeOf = (answer: O.Option<Answer>): number =>
  O.isNone(answer)
    ? 0
    : Buffer.byteLength(
        (answer.value._tag === 'HttpAnswer' ? answer.value.body : answer.value.value) ?? '',
      )

const asJson = (answer: Answer, facts: Facts): object => ({
  ...(answer._tag === 'HttpAnswer'
    ? { status: answer.status, headers: answer.headers, body: answer.body }
    : { value: answer.value }),
  time: timeOf(facts),
})

/** Milliseconds, to the microsecond. */
const timeOf = ({ started, measures: { connect, firstByte, total } }: Facts): object =>
  Object.fromEntries(
    Object.entries({ start: started, connect, firstByte, total }).flatMap(([name, ms]) =>
      ms === undefined ? [] : [[name, Math.round(ms * 1000) / 1000]],
    ),
  )

/** A body as it is; a value with a newline. */
const asText = (answer: Answer, { include }: ShowOptions): string => {
  if (answer._tag === 'KvAnswer') return answer.value === null ? '' : `${answer.value}\n`
  const { status, headers, body } = answer
  const head = [
    `HTTP ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd(),
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
  ]
  return `${include ? `${head.join('\n')}\n\n` : ''}${body ?? ''}`
}

const write = (
  terminal: Terminal,
  text: string,
  output: string | undefined,
): E.Either<CliError, void> =>
  E.tryCatch(
    () =>
      output === undefined || output === '-' ? terminal.write(text) : writeFileSync(output, text),
    cause => failureOf(`${output} cannot be written`, cause),
  )

/** The bytes of one direction for people: the length in hexadecimal, then the rest as text. */
export const rawLines = (
  mark: '>' | '<',
  bytes: Uint8Array,
  framing: FramingName,
): ReadonlyArray<string> => {
  const buffer = Buffer.from(bytes)
  if (buffer.length === 0) return [`${mark} nothing`]
  if (framing === 'lines' || buffer.length < 4) return [`${mark} ${buffer.toString().trimEnd()}`]
  const length = buffer.readUInt32BE(0)
  const rest = buffer.length - 4
  const header = buffer.toString('hex', 0, 4).replace(/(..)(?=.)/g, '$1 ')
  return [
    `${mark} ${header}: a frame of ${length} bytes${rest === length ? '' : `, and ${rest} bytes after it`}`,
    `${mark} ${buffer.toString('utf8', 4)}`,
  ]
}
