import * as t from 'io-ts'

/**
 * One thing that did not fit a codec: where it stands (`body.title`), what was expected, and what
 * came, both readable by a person.
 */
export interface Detail {
  readonly path: string
  readonly expected: string
  readonly got: string
}

interface Failure<Tag extends string> {
  readonly _tag: Tag
  /**
   * One sentence for a person. Of an `Internal` error it stays in the log; of every other kind it
   * is sent to the client.
   */
  readonly message: string
  /** What was caught, if anything was. It goes to the log and nowhere else. */
  readonly cause?: unknown
}

/**
 * The client asked for something that cannot be answered as asked. `status` is the HTTP status,
 * from 400 to 499.
 */
export interface InvalidRequest extends Failure<'InvalidRequest'> {
  readonly status: number
  readonly details?: ReadonlyArray<Detail>
  /** Headers that belong to the answer, such as `Allow` on a 405. */
  readonly headers?: Readonly<Record<string, string>>
}

/**
 * What can go wrong in a plugin, as a value: the `PluginError` of the Rust SDK as a tagged union.
 *
 * Every constructor yields the whole union, so that programs made of different ones fit together in
 * a pipe.
 *
 * Handlers yield it as the left side of an `Either` or a `TaskEither`, or throw it; each kind has a
 * constructor in this module, and `statusOf` gives its HTTP status.
 */
export type PluginError =
  | Failure<'Io'>
  | Failure<'Serialization'>
  | Failure<'Protocol'>
  | Failure<'NotInitialized'>
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
    cause === undefined ? { _tag, message } : { _tag, message, cause }

/** A file, a disk, a process or a network failed. Status 500. */
export const ioError = failure('Io')
/** A value could not be turned into text, or text into a value. Status 500. */
export const serializationError = failure('Serialization')
/** The other side broke the protocol. Status 500. */
export const protocolError = failure('Protocol')
/** The plugin is not ready: `@OnInit` has failed. Status 503. */
export const notInitialized = failure('NotInitialized')
/**
 * A fault of the plugin itself. Status 500; the client learns neither the message nor the cause,
 * the log both.
 */
export const internalError = failure('Internal')
/** The socket could not be made, or was lost. Status 500. */
export const socketError = failure('Socket')
/** Something took longer than it may. Status 504. */
export const timeoutError = failure('Timeout')

/** What an {@link InvalidRequest} may carry besides its message. */
export interface InvalidRequestOptions {
  /** An integer from 400 to 499; 400 unless said. Anything else becomes 400. */
  readonly status?: number
  readonly details?: ReadonlyArray<Detail>
  readonly headers?: Readonly<Record<string, string>>
  readonly cause?: unknown
}

/**
 * The client's request cannot be answered as asked: a status from 400 to 499 (400 unless said) and
 * a message that the client sees.
 */
export const invalidRequest = (
  message: string,
  options: InvalidRequestOptions = {},
): PluginError => ({
  _tag: 'InvalidRequest',
  message,
  ...options,
  status: isClientStatus(options.status) ? options.status : 400,
})

const isClientStatus = (status: number | undefined): status is number =>
  status !== undefined && Number.isInteger(status) && status >= 400 && status <= 499

const withStatus =
  (status: number) =>
  (message: string, options: Omit<InvalidRequestOptions, 'status'> = {}): PluginError =>
    invalidRequest(message, { ...options, status })

/** 401: the client has not said who it is. */
export const unauthorized = withStatus(401)
/** 403: the client may not do this. */
export const forbidden = withStatus(403)
/** 404: there is no such thing. */
export const notFound = withStatus(404)
/** 405: the path exists, the method does not. */
export const methodNotAllowed = withStatus(405)
/** 409: what is there contradicts the request. */
export const conflict = withStatus(409)
/** 410: it was here and is gone. */
export const gone = withStatus(410)
/** 413: the body is longer than this plugin takes. */
export const payloadTooLarge = withStatus(413)
/** 415: the body is of a kind that this route does not read. */
export const unsupportedMediaType = withStatus(415)
/** 422: well formed, and still not something that can be done. */
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
 * The HTTP status of an error: `InvalidRequest` its own, `NotInitialized` 503, `Timeout` 504, every
 * other 500.
 */
export const statusOf = (error: PluginError): number =>
  error._tag === 'InvalidRequest' ? error.status : STATUS[error._tag]

const PlainError = t.type({ _tag: t.keyof({ ...STATUS }), message: t.string })
const ClientError = t.type({
  _tag: t.literal('InvalidRequest'),
  message: t.string,
  status: t.number,
})

/** Whether a value, such as something that was thrown, is a {@link PluginError}. */
export const isPluginError = (u: unknown): u is PluginError =>
  PlainError.is(u) || (ClientError.is(u) && isClientStatus(u.status))

/**
 * Any value as a {@link PluginError}: one that is an error already stays as it is, anything else (a
 * thrown `Error`, a rejected promise's reason) becomes `Internal`, with the value as its cause.
 */
export const toPluginError = (u: unknown): PluginError =>
  isPluginError(u) ? u : internalError(messageOf(u), u)

/** The field of a log entry about an error: what was caught, if anything was. */
export const causeField = ({
  cause,
}: {
  readonly cause?: unknown
}): { readonly error?: unknown } => (cause === undefined ? {} : { error: cause })

/** The message of something that was thrown, whatever it is. */
export const messageOf = (u: unknown): string => {
  if (u instanceof Error) return u.message || u.name
  if (typeof u === 'string') return u
  try {
    return String(u)
  } catch {
    return 'a value that cannot be shown'
  }
}
