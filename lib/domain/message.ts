import type { Headers } from './http.js'

/**
 * The name that the sender gave a request: a string, `null`, or absent. The answer has the same.
 */
export type RequestId = string | null | undefined

/** The host starts the plugin's work and tells it who it is. */
export interface InitMessage {
  readonly _tag: 'Init'
  readonly instanceId: string
  readonly pluginSocket: string
  /** A file to which the plugin may also write its log. */
  readonly logPath: string
}

/** The host asks the plugin to finish and exit. */
export interface ShutdownMessage {
  readonly _tag: 'Shutdown'
}

/** A lifecycle message with an unknown action, such as `ping`. It is ignored. */
export interface UnknownLifecycleMessage {
  readonly _tag: 'UnknownLifecycle'
  readonly action: string
}

/** An HTTP request, in any dialect. */
export interface HttpMessage {
  readonly _tag: 'Http'
  readonly requestId: RequestId
  readonly method: string
  /** With the query string. */
  readonly path: string
  /** Whether the host has already percent-decoded the path (not the query): true in `tagged`. */
  readonly pathDecoded: boolean
  readonly headers: Headers
  readonly body: string | null
}

/** A key-value request, in any dialect. `value` comes with `set`. */
export interface KvMessage {
  readonly _tag: 'Kv'
  readonly requestId: RequestId
  readonly action: 'get' | 'set' | 'delete'
  readonly key: string
  readonly value: string | undefined
}

/** A message that has an answer. */
export type RequestMessage = HttpMessage | KvMessage

/** What a host can say to a plugin. */
export type HostMessage = InitMessage | ShutdownMessage | UnknownLifecycleMessage | RequestMessage

/** The answer to an {@link HttpMessage}, within the limits of docs/protocol.md#limits. */
export interface HttpAnswer {
  readonly _tag: 'HttpAnswer'
  readonly status: number
  readonly headers: Headers
  readonly body: string | null
}

/**
 * The answer to a {@link KvMessage}: the value; `null` if there is none, after a `set`, a `delete`
 * and a failure.
 */
export interface KvAnswer {
  readonly _tag: 'KvAnswer'
  readonly value: string | null
}

/** What a plugin can say to its host. Lifecycle messages get no answer. */
export type Answer = HttpAnswer | KvAnswer

/** The other end of a connection, which waits for answers and may leave. */
export interface Peer {
  /** Whether it has left. */
  readonly lost: boolean
  /**
   * Calls `f` when it leaves, unless the returned function is called first. Not if it has left
   * already.
   */
  readonly onLost: (f: () => void) => () => void
}
