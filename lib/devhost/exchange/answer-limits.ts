import { isUtf8 } from 'node:buffer'
import { messageOf } from '../../domain/thrown.js'
import { E, pipe, t } from '../../fp.js'
import { type DialectName, tagged } from '../../protocol.js'

/** A plugin's answer as the browser gets it. */
export interface BrowserAnswer {
  readonly status: number
  /** In the form that `writeHead` takes: each character of a value stands for a byte. */
  readonly headers: ReadonlyArray<readonly [string, string]>
  readonly body: string
  /** What the host silently drops or changes, as sentences. */
  readonly losses: ReadonlyArray<string>
}

/** The host's parser rejects JSON of this depth. */
const DEPTH_LIMIT = 128

/**
 * Treats an answer as the real host does (docs/protocol.md#limits), so that an author sees a
 * mangled answer before a user does. Left with the reason if the host does not understand it, which
 * is a 502.
 */
export const browserAnswer = (
  dialect: DialectName,
  bytes: Buffer,
): E.Either<string, BrowserAnswer> =>
  pipe(
    isUtf8(bytes) ? E.right(bytes.toString('utf8')) : E.left('the answer is not UTF-8'),
    E.chain(text =>
      depthOf(text) >= DEPTH_LIMIT
        ? E.left(`the answer is nested ${DEPTH_LIMIT} deep or more`)
        : parsed('the answer', text),
    ),
    E.chain(message => (dialect === 'tagged' ? innerAnswer(message) : plainAnswer(message))),
    E.map(mangled),
  )

const parsed = (what: string, text: string): E.Either<string, unknown> =>
  pipe(
    E.tryCatch(
      (): unknown => JSON.parse(text),
      thrown => `${what} is not JSON: ${messageOf(thrown)}`,
    ),
    E.filterOrElse(
      isWellFormed,
      () => `${what} has half of a surrogate pair in a string, which the host cannot parse`,
    ),
  )

/** The text was UTF-8, so that only escapes can contain a lone surrogate. */
const isWellFormed = (value: unknown): boolean => {
  if (typeof value === 'string') return value.isWellFormed()
  if (typeof value !== 'object' || value === null) return true
  return Object.entries(value).every(([name, inner]) => name.isWellFormed() && isWellFormed(inner))
}

/**
 * In the `tagged` dialect the response is JSON text in the body of a message that has the form of a
 * request.
 */
const innerAnswer = (message: unknown): E.Either<string, unknown> => {
  if (!tagged.HttpRequestMessage.is(message))
    return E.left(
      'the answer is no message of the tagged dialect: expected {type: "http", timestamp, request_id, payload: {type: "http", request_id, payload: {method: "RESPONSE", path, headers, body}}}',
    )
  const { body } = message.payload.payload
  if (typeof body !== 'string') return E.right({})
  return depthOf(body) >= DEPTH_LIMIT
    ? E.right(DEEP)
    : parsed('the inner answer (the text in payload.payload.body)', body)
}

const DEEP = { tooDeep: true }

const PlainAnswer = t.type({ type: t.literal('http'), payload: t.UnknownRecord })

const plainAnswer = (message: unknown): E.Either<string, unknown> =>
  PlainAnswer.is(message)
    ? E.right(message.payload)
    : E.left(
        'the answer is no http message: expected {type: "http", timestamp, payload: {status, headers, body}}',
      )

const mangled = (inner: unknown): BrowserAnswer => {
  const answer: Readonly<Record<string, unknown>> = t.UnknownRecord.is(inner) ? inner : {}
  if (inner === DEEP)
    return {
      status: 500,
      headers: [],
      body: '',
      losses: [`the inner answer is nested ${DEPTH_LIMIT} deep or more: the host answers 500`],
    }
  const status = statusOf(answer.status)
  const headers = headersOf(answer.headers)
  const body = typeof answer.body === 'string' ? answer.body : ''
  return {
    status: status.kept,
    headers: status.replaced ? [] : headers.kept,
    body: status.replaced ? '' : body,
    losses: [
      ...status.losses,
      ...headers.losses,
      ...(typeof answer.body === 'string' || answer.body === null || answer.body === undefined
        ? []
        : ['the body is no text: the host sends none']),
    ],
  }
}

interface Status {
  readonly kept: number
  readonly losses: ReadonlyArray<string>
  /** Whether the host sends an answer of its own instead. */
  readonly replaced: boolean
}

/**
 * The low 16 bits of an unsigned integer count. Anything else, and a status that HTTP does not
 * have, becomes 500.
 */
const statusOf = (given: unknown): Status => {
  if (typeof given !== 'number' || !Number.isInteger(given) || given < 0)
    return {
      kept: 500,
      losses: [`the status is ${JSON.stringify(given) ?? 'missing'}: the host answers 500`],
      replaced: false,
    }
  const low = given % 65_536
  if (low < 200 || low > 999)
    return { kept: 500, losses: [`the status is ${given}: the host answers 500`], replaced: true }
  return {
    kept: low,
    losses:
      low === given
        ? []
        : [`the status is ${given}: the host keeps the low 16 bits, which are ${low}`],
    replaced: false,
  }
}

const StringRecord = t.record(t.string, t.string)
const NAME = /^[!#$%&'*+\-.^_`|~\dA-Za-z]+$/
const CONTROL = /[\u0000-\u0008\u000a-\u001f\u007f]/

const headersOf = (
  given: unknown,
): { readonly kept: BrowserAnswer['headers']; readonly losses: ReadonlyArray<string> } => {
  if (given === undefined || given === null) return { kept: [], losses: [] }
  if (!StringRecord.is(given))
    return { kept: [], losses: [`the host drops all headers: ${notStrings(given)}`] }
  const all = Object.entries(given)
  const carried = ([name, value]: readonly [string, string]): boolean =>
    NAME.test(name) && !CONTROL.test(value)
  return {
    kept: all
      .filter(carried)
      .map(([name, value]) => [name, Buffer.from(value, 'utf8').toString('latin1')]),
    losses: all
      .filter(pair => !carried(pair))
      .map(
        ([name]) =>
          `the host drops the header ${JSON.stringify(name)}: HTTP does not allow its ${NAME.test(name) ? 'value' : 'name'}`,
      ),
  }
}

const notStrings = (given: unknown): string => {
  const names = t.UnknownRecord.is(given)
    ? Object.keys(given).filter(name => typeof given[name] !== 'string')
    : []
  return names.length === 0
    ? 'they are no object'
    : `the value of ${names.map(name => JSON.stringify(name)).join(', ')} is no string`
}

/**
 * How deep the arrays and objects of a JSON text are nested. The text may be long, so this does not
 * recurse.
 */
const depthOf = (text: string): number => {
  let depth = 0
  let most = 0
  for (let at = 0; at < text.length; at++) {
    const character = text[at]
    if (character === '"') at = stringEnd(text, at)
    else if (character === '[' || character === '{') most = Math.max(most, ++depth)
    else if (character === ']' || character === '}') depth--
  }
  return most
}

/** The end of the string that begins with the quotation mark at `start`. */
const stringEnd = (text: string, start: number): number => {
  let at = start + 1
  while (at < text.length && text[at] !== '"') at += text[at] === '\\' ? 2 : 1
  return at
}
