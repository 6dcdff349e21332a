import type { Headers } from './http.js'

/**
 * The name that the sender gave a request: a string, `null`, or absent. An answer carries it back
 * as it came.
 */
export type RequestId = string | null | undefined

/** The host starts the plugin's work and tells it who it is. */
export interface InitMessage {
  readonly _tag: 'Init'
  readonly instanceId: string
  readonly pluginSocket: string
  /** A file where the plugin may write its log lines too. */
  readonly logPath: string
}

/** The host asks the plugin to finish and exit. */
export interface ShutdownMessage {
  readonly _tag: 'Shutdown'
}

/**
 * A lifecycle message with an action that this side does not know, such as `ping`. It is ignored.
 */
export interface UnknownLifecycleMessage {
  readonly _tag: 'UnknownLifecycle'
  readonly action: string
}

/** One HTTP request, whatever the dialect it came in. */
export interface HttpMessage {
  readonly _tag: 'Http'
  readonly requestId: RequestId
  readonly method: string
  /** With the query string. */
  readonly path: string
  /** Whether the host has percent-decoded the path (not the query) already: true in `tagged`. */
  readonly pathDecoded: boolean
  readonly headers: Headers
  readonly body: string | null
}

/** One key-value request, whatever the dialect it came in. `value` comes with `set`. */
export interface KvMessage {
  readonly _tag: 'Kv'
  readonly requestId: RequestId
  readonly action: 'get' | 'set' | 'delete'
  readonly key: string
  readonly value: string | undefined
}

/** What a host can say to a plugin. */
export type HostMessage =
  | InitMessage
  | ShutdownMessage
  | UnknownLifecycleMessage
  | HttpMessage
  | KvMessage

/**
 * The answer to an {@link HttpMessage}. It is within the host's limits already: see
 * `lib/domain/response.ts`.
 */
export interface HttpAnswer {
  readonly _tag: 'HttpAnswer'
  readonly status: number
  readonly headers: Headers
  readonly body: string | null
}

/**
 * The answer to a {@link KvMessage}: the value, or `null` for none, for a `set`, a `delete` and a
 * failure.
 */
export interface KvAnswer {
  readonly _tag: 'KvAnswer'
  readonly value: string | null
}

/** What a plugin can say to its host. Lifecycle messages get no answer. */
export type Answer = HttpAnswer | KvAnswer
