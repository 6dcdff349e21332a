import { hasMethods } from './engine.js'

/** What is asked of the client of `@keyv/redis`: `node-redis` 5, one server or a cluster. */
export interface RedisClient {
  readonly isOpen: boolean
  connect(): Promise<unknown>
  close(): Promise<unknown>
  destroy(): unknown
}

/** What is needed of one command. */
interface CommandOptions {
  readonly abortSignal: AbortSignal
  /** The author's client may read every text as a `Buffer`; these commands are read as text. */
  readonly typeMapping: Readonly<Record<string, never>>
}

/** A client of one server. */
export interface RedisServer extends RedisClient {
  sendCommand(args: ReadonlyArray<string>, options: CommandOptions): Promise<unknown>
}

/** A client of a cluster, which finds the server by the key. */
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
 * Whether an adapter's client is one that this package can talk to. A sentinel's is not: it repeats
 * commands after a loss of the connection.
 */
export const isRedisClient = (u: unknown): u is RedisServer | RedisCluster =>
  hasMethods(u, 'sendCommand', 'connect', 'close', 'destroy', 'withTypeMapping') &&
  'isOpen' in u &&
  !('getSentinelNode' in u)

/** Whether a client is that of a cluster. */
export const isCluster = (client: RedisServer | RedisCluster): client is RedisCluster =>
  'masters' in client && 'nodeClient' in client

/**
 * How to talk to Redis: every call connects where nothing is connected, and nothing is sent once
 * its `signal` is aborted.
 */
export interface RedisLine {
  /** Sends a command to the server that has the key. */
  readonly send: (key: string, args: ReadonlyArray<string>, signal: AbortSignal) => Promise<unknown>
  /** One sender of commands for each server that has keys. */
  readonly servers: (
    signal: AbortSignal,
  ) => Promise<ReadonlyArray<(args: ReadonlyArray<string>) => Promise<unknown>>>
  /** Lets go of the connection: in order where the server answers, and otherwise at once. */
  readonly close: (key: string, signal: AbortSignal) => Promise<void>
}

/** A line over the adapter's client, which the adapter itself has given its listener for errors. */
export const redisLine = (client: RedisServer | RedisCluster): RedisLine => {
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
      // `close` waits for ever for what was sent and is not answered.
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
