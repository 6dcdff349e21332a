import { hasMethods } from './engine.js'

/** The part of the client of `@keyv/redis` that is used: `node-redis` 5, a server or a cluster. */
export interface RedisClient {
  readonly isOpen: boolean
  connect(): Promise<unknown>
  close(): Promise<unknown>
  destroy(): unknown
}

interface CommandOptions {
  readonly abortSignal: AbortSignal
  /** The author's client may read every text as a `Buffer`. These commands read text. */
  readonly typeMapping: Readonly<Record<string, never>>
}

/** A client of one server. */
export interface RedisServer extends RedisClient {
  sendCommand(args: ReadonlyArray<string>, options: CommandOptions): Promise<unknown>
}

/** A client of a cluster, which finds the server of a key. */
export interface RedisCluster extends RedisClient {
  readonly masters: ReadonlyArray<unknown>
  nodeClient(node: unknown): RedisServer | Promise<RedisServer>
  sendCommand(
    key: string,
    isReadonly: boolean,
    args: ReadonlyArray<string>,
    options: CommandOptions,
  ): Promise<unknown>
}

/**
 * Whether this package can use an adapter's client directly. It cannot use that of a sentinel,
 * which repeats commands when it loses its connection.
 */
export const isRedisClient = (u: unknown): u is RedisServer | RedisCluster =>
  hasMethods(u, 'sendCommand', 'connect', 'close', 'destroy', 'withTypeMapping') &&
  'isOpen' in u &&
  !('getSentinelNode' in u)

/** Whether a client is that of a cluster. */
export const isCluster = (client: RedisServer | RedisCluster): client is RedisCluster =>
  'masters' in client && 'nodeClient' in client

/**
 * A connection to Redis. Every call connects first if necessary, and nothing is sent after its
 * `signal` was aborted.
 */
export interface RedisConnection {
  /** Sends a command to the server that has the key. */
  readonly send: (key: string, args: ReadonlyArray<string>, signal: AbortSignal) => Promise<unknown>
  /** A function that sends commands, for each server that has keys. */
  readonly servers: (
    signal: AbortSignal,
  ) => Promise<ReadonlyArray<(args: ReadonlyArray<string>) => Promise<unknown>>>
  /** Closes the connection, after the pending commands if the server still answers. */
  readonly close: (key: string, signal: AbortSignal) => Promise<void>
}

/** A connection through the adapter's client. The adapter has given it a listener for errors. */
export const redisConnection = (client: RedisServer | RedisCluster): RedisConnection => {
  let connecting: Promise<unknown> | undefined
  const connected = (signal: AbortSignal): Promise<unknown> | undefined => {
    if (!client.isOpen && connecting === undefined) {
      connecting = client.connect().finally(() => {
        connecting = undefined
      })
    }
    return connecting && abortable(signal, connecting)
  }
  const send = async (
    key: string,
    args: ReadonlyArray<string>,
    signal: AbortSignal,
  ): Promise<unknown> => {
    signal.throwIfAborted()
    await connected(signal)
    const options = { abortSignal: signal, typeMapping: {} }
    return isCluster(client)
      ? client.sendCommand(key, false, args, options)
      : client.sendCommand(args, options)
  }
  return {
    send,
    servers: async signal => {
      signal.throwIfAborted()
      await connected(signal)
      const servers = isCluster(client)
        ? await Promise.all(client.masters.map(node => client.nodeClient(node)))
        : [client]
      return servers.map(
        server => args => server.sendCommand(args, { abortSignal: signal, typeMapping: {} }),
      )
    },
    close: async (key, signal) => {
      if (!client.isOpen) return
      // `close` would wait for ever for answers that do not come.
      const answers = await send(key, ['EXISTS', key], signal).then(
        () => true,
        () => false,
      )
      if (client.isOpen) await (answers ? client.close() : client.destroy())
    },
  }
}

const abortable = (signal: AbortSignal, promise: Promise<unknown>): Promise<unknown> =>
  new Promise((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason), { once: true })
    promise.then(resolve, reject)
  })
