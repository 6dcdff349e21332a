/// <reference types="node" preserve="true" />
import { randomUUID } from 'node:crypto'
import { constVoid, pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Task } from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { HOST_HTTP_TIMEOUT } from '../../domain/host.js'
import type { Headers } from '../../domain/http.js'
import type { Answer, HttpAnswer, HttpMessage, KvMessage } from '../../domain/message.js'
import { type PluginError, protocolError } from '../../domain/plugin-error.js'
import type { DialectName, Reply } from '../../wire/dialect.js'
import { dialects } from '../../wire/dialects.js'
import { type FramingName, framings } from '../../wire/framing.js'
import { type ClientConnection, openConnection } from './client-connection.js'

/** Where a plugin listens, and how to speak to it. */
export interface ClientOptions {
  /** The path of the plugin's socket. */
  readonly path: string
  /** `tagged` unless said: what today's host speaks. */
  readonly dialect?: DialectName
  /** `frames` unless said. */
  readonly framing?: FramingName
  /** Milliseconds for connecting, for every request and every write; 30,000 as the host's. */
  readonly timeout?: number
  /** Called with answers that no request waits for: to `raw` bytes, or after the timeout. */
  readonly onUnclaimed?: (reply: Reply) => void
}

/** What an `init` message says. */
export interface ClientInit {
  readonly instanceId: string
  readonly logPath: string
  /** The path of the socket unless said. */
  readonly pluginSocket?: string
}

/**
 * An HTTP request as a host sends it: the path below the plugin's route, header names in lower
 * case.
 */
export interface ClientRequest {
  readonly method: string
  readonly path: string
  readonly headers?: Headers
  /** Text, or `null` for none, as without it. */
  readonly body?: string | null
}

/**
 * One connection to a plugin, as a host has it. Every run of a task sends a message of its own; any
 * number may wait for answers.
 *
 * Errors: `Socket` where the connection is lost, `Timeout` where no answer comes, `Protocol` where
 * an answer is invalid or a message is over 16 MiB.
 */
export interface PluginClient {
  /** Sends `init`; there is no answer. */
  readonly init: (fields: ClientInit) => TE.TaskEither<PluginError, void>
  /** Sends `shutdown`; there is no answer. */
  readonly shutdown: () => TE.TaskEither<PluginError, void>
  /** Sends a lifecycle message with any action, such as `ping`; there is no answer. */
  readonly lifecycle: (action: string) => TE.TaskEither<PluginError, void>
  readonly http: (request: ClientRequest) => TE.TaskEither<PluginError, HttpAnswer>
  /** Key-value messages. The protocol answers a failed operation as it answers an absent value. */
  readonly kv: {
    readonly get: (key: string) => TE.TaskEither<PluginError, O.Option<string>>
    readonly set: (key: string, value: string) => TE.TaskEither<PluginError, void>
    readonly delete: (key: string) => TE.TaskEither<PluginError, void>
  }
  /** Writes bytes, or the UTF-8 of a text, as they are and without a frame. */
  readonly raw: (bytes: Uint8Array | string) => TE.TaskEither<PluginError, void>
  /** Closes the connection once everything is written. Requests that wait for answers fail. */
  readonly close: Task<void>
  /** Waits until the connection is closed, by either side. */
  readonly closed: Task<void>
}

/** The longest time that a timer can wait, in milliseconds: it fires at once for a longer one. */
const LONGEST_TIMEOUT = 2_147_483_647

/**
 * Connects to a plugin: by the path of its socket, or with options. `Socket` where nobody listens,
 * `Timeout` where nobody accepts.
 */
export const connectClient = (
  target: string | ClientOptions,
): TE.TaskEither<PluginError, PluginClient> => {
  const options = typeof target === 'string' ? { path: target } : target
  return pipe(
    openConnection({
      path: options.path,
      dialect: dialects[options.dialect ?? 'tagged'],
      framing: framings[options.framing ?? 'frames'],
      timeout: Math.min(options.timeout ?? HOST_HTTP_TIMEOUT, LONGEST_TIMEOUT),
      onUnclaimed: options.onUnclaimed ?? (() => {}),
    }),
    TE.map(connection => clientOn(connection, options.path)),
  )
}

/** Connects, uses the client, and closes it, whatever the result. */
export const withClient = <A>(
  target: string | ClientOptions,
  use: (client: PluginClient) => TE.TaskEither<PluginError, A>,
): TE.TaskEither<PluginError, A> =>
  TE.bracket(connectClient(target), use, client => TE.fromTask(client.close))

/**
 * One HTTP request on a connection of its own, as the host sends each
 * (docs/protocol.md#process-contract).
 */
export const requestOnce = (
  target: string | ClientOptions,
  request: ClientRequest,
): TE.TaskEither<PluginError, HttpAnswer> => withClient(target, client => client.http(request))

const clientOn = (connection: ClientConnection, path: string): PluginClient => ({
  init: ({ instanceId, logPath, pluginSocket = path }) =>
    connection.tell({ _tag: 'Init', instanceId, pluginSocket, logPath }),
  shutdown: () => connection.tell({ _tag: 'Shutdown' }),
  lifecycle: action => connection.tell({ _tag: 'UnknownLifecycle', action }),
  http: ({ method, path, headers = {}, body = null }) =>
    pipe(
      ask(connection, { _tag: 'Http', method, path, pathDecoded: true, headers, body }),
      TE.filterOrElse(
        answer => answer._tag === 'HttpAnswer',
        () => protocolError('the plugin answered an http message with a kv message'),
      ),
    ),
  kv: {
    get: key => pipe(askKv(connection, 'get', key), TE.map(O.fromNullable)),
    set: (key, value) => pipe(askKv(connection, 'set', key, value), TE.map(constVoid)),
    delete: key => pipe(askKv(connection, 'delete', key), TE.map(constVoid)),
  },
  raw: bytes => connection.raw(typeof bytes === 'string' ? Buffer.from(bytes) : bytes),
  close: connection.close,
  closed: connection.closed,
})

/** Asks under a new id on every run. */
const ask =
  (
    connection: ClientConnection,
    message: Omit<HttpMessage, 'requestId'> | Omit<KvMessage, 'requestId'>,
  ): TE.TaskEither<PluginError, Answer> =>
  () => {
    const requestId = randomUUID()
    return connection.ask(requestId, { ...message, requestId })()
  }

const askKv = (
  connection: ClientConnection,
  action: KvMessage['action'],
  key: string,
  value?: string,
): TE.TaskEither<PluginError, string | null> =>
  pipe(
    ask(connection, { _tag: 'Kv', action, key, value }),
    TE.filterOrElse(
      answer => answer._tag === 'KvAnswer',
      () => protocolError('the plugin answered a kv message with an http message'),
    ),
    TE.map(({ value }) => value),
  )
