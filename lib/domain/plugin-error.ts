import * as t from 'io-ts'
import { isError, messageOf, readProperty, resultOf } from './thrown.js'

/**
 * One thing that did not fit a codec: its place (`body.title`), what was expected, and what came,
 * as a person reads it.
 */
export interface Detail {
  readonly path: string
  readonly expected: string
  readonly got: string
}

/**
 * What every kind of {@link PluginError} has. It has a name so that the type of a method that
 * returns an error can be written to a declaration file.
 */
export interface Failure<Tag extends string> {
  readonly _tag: Tag
  /**
   * One sentence for a person. The client gets it, unless the error is `Internal`: then only the
   * log has it.
   */
  readonly message: string
  /** What was caught, if anything was. It goes to the log only. */
  readonly cause?: unknown
}

/** The client's request cannot be answered. `status` is the HTTP status, from 400 to 499. */
export interface InvalidRequest extends Failure<'InvalidRequest'> {
  readonly status: number
  readonly details?: ReadonlyArray<Detail>
  /** Headers that belong to the answer, such as `Allow` on a 405. */
  readonly headers?: Readonly<Record<string, string>>
}

/** The plugin is not ready. */
export interface NotInitialized extends Failure<'NotInitialized'> {
  /** In how many seconds it may be: the `Retry-After` of the answer. */
  readonly retryAfter?: number
}

/**
 * What can go wrong in a plugin, as a value: the `PluginError` of the Rust SDK as a tagged union.
 *
 * Handlers yield it as the left side of an `Either` or a `TaskEither`, or throw it. Each kind has a
 * constructor in this module, and `statusOf` gives its HTTP status. Every constructor yields the
 * whole union, so that programs with different errors fit together in a pipe.
 */
export type PluginError =
  | Failure<'Io'>
  | Failure<'Serialization'>
  | Failure<'Protocol'>
  | NotInitialized
  | InvalidRequest
  | Failure<'Internal'>
  | Failure<'Socket'>
  | Failure<'Timeout'>

/** The name of a kind of {@link PluginError}; it is the `error` of the body that a client gets. */
export type PluginErrorTag = PluginError['_tag']

type PlainTag = Exclude<PluginErrorTag, 'InvalidRequest'>

const failure =
  (_tag: PlainTag) =>
  (message: string, cause?: unknown): PluginError =>
    made(cause === undefined ? { _tag, message } : { _tag, message, cause })

/** The errors that the constructors made, as opposed to data that looks like one. */
const madeErrors = new WeakSet<object>()

const made = (error: PluginError): PluginError => {
  madeErrors.add(error)
  return error
}

/**
 * Whether a value was made by a constructor of this module. A handler that returns such a value has
 * failed. Data that looks like an error, such as the answer of another plugin, is data.
 */
export const isMadeError = (u: object): u is PluginError => madeErrors.has(u)

/** A file, a disk, a process or a network failed. Status 500. */
export const ioError = failure('Io')
/** A value could not be turned into text, or text into a value. Status 500. */
export const serializationError = failure('Serialization')
/** The other side broke the protocol. Status 500. */
export const protocolError = failure('Protocol')
/** The plugin is not ready: `@OnInit` has failed. Status 503. */
export const notInitialized = failure('NotInitialized')
/** A fault of the plugin itself. Status 500. The message and the cause go to the log only. */
export const internalError = failure('Internal')
/** The socket could not be created, or the connection was lost. Status 500. */
export const socketError = failure('Socket')
/** Something took longer than it may. Status 504. */
export const timeoutError = failure('Timeout')

/** What an {@link InvalidRequest} may carry besides its message. */
export interface InvalidRequestOptions {
  /** An integer from 400 to 499. Default 400; anything else becomes 400. */
  readonly status?: number
  readonly details?: ReadonlyArray<Detail>
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/**
 * The client's request cannot be answered: a status from 400 to 499 (default 400) and a message
 * that the client sees.
 */
export const invalidRequest = (message: string, options: InvalidRequestOptions = {}): PluginError =>
  made({
    _tag: 'InvalidRequest',
    message,
    ...options,
    status: isClientStatus(options.status) ? options.status : 400,
  })

const isClientStatus = (status: unknown): status is number =>
  typeof status === 'number' && Number.isInteger(status) && status >= 400 && status <= 499

const withStatus =
  (status: number) =>
  (message: string, options: Omit<InvalidRequestOptions, 'status'> = {}): PluginError =>
    invalidRequest(message, { ...options, status })

/** 401: the client is not authenticated. */
export const unauthorized = withStatus(401)
/** 403: the client may not do this. */
export const forbidden = withStatus(403)
/** 404: there is no such resource. */
export const notFound = withStatus(404)
/** 405: the path exists, the method does not. */
export const methodNotAllowed = withStatus(405)
/** 409: the request conflicts with the current state. */
export const conflict = withStatus(409)
/** 410: the resource existed and is gone. */
export const gone = withStatus(410)
/** 413: the body is too long. */
export const payloadTooLarge = withStatus(413)
/** 415: the route does not read bodies of this content type. */
export const unsupportedMediaType = withStatus(415)
/** 422: the request is well formed, and cannot be carried out. */
export const unprocessable = withStatus(422)
/** 429: too many requests. */
export const tooManyRequests = withStatus(429)

const STATUS: Readonly<Record<PlainTag, number>> = {
  Io: 500,
  Serialization: 500,
  Protocol: 500,
  NotInitialized: 503,
  Internal: 500,
  Socket: 500,
  Timeout: 504,
}

/**
 * The HTTP status of an error: that of an `InvalidRequest`, 503 for `NotInitialized`, 504 for
 * `Timeout`, else 500.
 */
export const statusOf = (error: PluginError): number =>
  error._tag === 'InvalidRequest' ? error.status : STATUS[error._tag]

const ByHand = t.type({ _tag: t.keyof({ ...STATUS, InvalidRequest: null }), message: t.string })
const Details = t.array(t.type({ path: t.string, expected: t.string, got: t.string }))
const Headers = t.record(t.string, t.string)
const Optional = t.partial({ details: Details, retryAfter: t.number })

/** Whether a value fits. One of its properties may be a getter that throws. */
const fits = <A>(codec: t.Type<A, unknown, unknown>, u: unknown): u is A =>
  resultOf(() => codec.is(u)) === true

/** Whether a value, such as one that was thrown, is a {@link PluginError}. */
export const isPluginError = (u: unknown): u is PluginError =>
  fits(ByHand, u) && (u._tag !== 'InvalidRequest' || isClientStatus(readProperty(u, 'status')))

/**
 * Any value as a {@link PluginError}. What has the `_tag` and the `message` of one is that error,
 * with the defaults of its kind: an `InvalidRequest` without a status is 400. Anything else (a
 * thrown `Error`, the reason of a rejected promise) becomes an `Internal` error. What holds more
 * than its error does is the cause of it, for the log.
 */
export const toPluginError = (u: unknown): PluginError => {
  if (!fits(ByHand, u)) return internalError(messageOf(u), u)
  const isWhole = holdsNoMore(u)
  return isWhole && isPluginError(u) ? u : errorOf(u, isWhole ? readProperty(u, 'cause') : u)
}

const FIELDS = ['_tag', 'message', 'cause', 'status', 'details', 'headers', 'retryAfter']

const holdsNoMore = (u: object): boolean =>
  !isError(u) &&
  resultOf(() => Object.keys(u).every(key => FIELDS.includes(key))) === true &&
  fits(Optional, u)

const errorOf = (u: t.TypeOf<typeof ByHand>, cause: unknown): PluginError => {
  const { _tag, message } = u
  const [status, details, headers, retryAfter] = ['status', 'details', 'headers', 'retryAfter'].map(
    name => readProperty(u, name),
  )
  const because = cause === undefined ? {} : { cause }
  switch (_tag) {
    case 'InvalidRequest':
      return invalidRequest(message, {
        ...(isClientStatus(status) ? { status } : {}),
        ...(fits(Details, details) ? { details } : {}),
        ...(fits(Headers, headers) ? { headers } : {}),
        ...because,
      })
    case 'NotInitialized':
      return made({
        _tag,
        message,
        ...(typeof retryAfter === 'number' ? { retryAfter } : {}),
        ...because,
      })
    default:
      return failure(_tag)(message, cause)
  }
}

/** The field `error` of a log entry about an error, if it has a cause. */
export const causeField = ({
  cause,
}: {
  readonly cause?: unknown
}): { readonly error?: unknown } => (cause === undefined ? {} : { error: cause })
