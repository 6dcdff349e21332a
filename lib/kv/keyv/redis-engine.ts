import { ioError } from '../../domain/plugin-error.js'
import type { KeyvEngine } from './engine.js'
import { type RedisCluster, type RedisServer, redisConnection } from './redis-client.js'

/**
 * Redis, or a server with its protocol, through the client of the adapter. The adapter's own
 * methods are not used, because they swallow failures, cannot compare and set, and leave commands
 * in a queue after their deadline.
 */
export const redisEngine = (client: RedisServer | RedisCluster, namespace: string): KeyvEngine => {
  const connection = redisConnection(client)
  return {
    name: 'Redis',
    get: async (key, signal) => textOf(await connection.send(key, ['GET', key], signal)),
    set: async (key, text, signal) => void (await connection.send(key, ['SET', key, text], signal)),
    delete: async (key, signal) => void (await connection.send(key, ['DEL', key], signal)),
    keys: async (prefix, signal) => {
      const found = await Promise.all(
        (await connection.servers(signal)).map(send => scan(send, prefix)),
      )
      return [...new Set(found.flat())]
    },
    compareAndSet: async (key, expected, next, signal) =>
      (await connection.send(
        key,
        ['EVAL', SCRIPT, '1', key, ...presence(expected), ...presence(next)],
        signal,
      )) === 1,
    close: signal => connection.close(namespace, signal),
  }
}

const SCRIPT = `
local current = redis.call('GET', KEYS[1])
if ARGV[1] == 'absent' then
  if current then return 0 end
elseif current ~= ARGV[2] then
  return 0
end
if ARGV[3] == 'absent' then
  redis.call('DEL', KEYS[1])
else
  redis.call('SET', KEYS[1], ARGV[4])
end
return 1
`

const presence = (text: string | undefined): readonly [string, string] =>
  text === undefined ? ['absent', ''] : ['present', text]

/**
 * The keys of one server. `SCAN` may yield a key twice, and yields every key that exists during the
 * whole scan.
 */
const scan = async (
  send: (args: ReadonlyArray<string>) => Promise<unknown>,
  prefix: string,
): Promise<ReadonlyArray<string>> => {
  const pattern = `${prefix.replace(/[*?[\]\\^-]/g, '\\$&')}*`
  const found: string[] = []
  let cursor = '0'
  do {
    const reply = await send(['SCAN', cursor, 'MATCH', pattern, 'COUNT', '1000'])
    if (!isPage(reply))
      return Promise.reject(ioError('Redis answered SCAN with something that is no page of keys.'))
    cursor = String(reply[0])
    for (const key of reply[1]) found.push(key)
  } while (cursor !== '0')
  return found
}

const isPage = (u: unknown): u is readonly [unknown, ReadonlyArray<string>] =>
  Array.isArray(u) && Array.isArray(u[1]) && u[1].every(key => typeof key === 'string')

const textOf = (reply: unknown): string | undefined | Promise<never> =>
  reply === null
    ? undefined
    : typeof reply === 'string'
      ? reply
      : Promise.reject(ioError('Redis answered GET with something that is no text.'))
