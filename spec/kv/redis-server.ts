import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { mkdirSync, rmSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** Why this machine has no Redis; undefined where it has. */
export const noRedis: string | undefined =
  spawnSync('redis-server', ['--version']).status === 0
    ? undefined
    : 'redis-server is not installed (Debian: apt-get install redis-server)'

/**
 * A Redis of the tests, on a socket in a directory of its own. What it was told outlives its end.
 */
export interface RedisServer {
  readonly socket: string
  /** Starts it, and waits until it answers. */
  readonly start: () => Promise<void>
  /** Sends a command and yields the beginning of the answer. */
  readonly command: (line: string) => Promise<string>
  /** Ends it at once, as `kill -9`. */
  readonly kill: () => Promise<void>
  /** Stops it in the middle of what it does, and lets it go on. */
  readonly freeze: () => void
  readonly thaw: () => void
  /** Ends it and removes its directory. */
  readonly remove: () => Promise<void>
}

/** A server that is yet to be started. */
export const redisServer = (...options: ReadonlyArray<string>): RedisServer => {
  const directory = join(tmpdir(), `toru-redis-${randomUUID()}`)
  const socket = join(directory, 'redis.sock')
  const fixed = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    directory,
    '--save',
    '',
    '--appendonly',
    'yes',
    '--loglevel',
    'warning',
  ]
  let child: ChildProcess | undefined
  const kill = async (): Promise<void> => {
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return
    const ended = once(child, 'exit')
    child.kill('SIGKILL')
    await ended
  }
  // A test that fails leaves no server behind.
  process.once('exit', () => child?.kill('SIGKILL'))
  return {
    socket,
    start: async () => {
      mkdirSync(directory, { recursive: true, mode: 0o700 })
      child = spawn('redis-server', [...fixed, ...options], {
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      for (let tries = 0; tries < 500 && (await ask(socket, 'PING')) !== '+PONG\r\n'; tries++)
        await new Promise(resolve => setTimeout(resolve, 10))
    },
    command: line => ask(socket, line),
    kill,
    freeze: () => child?.kill('SIGSTOP'),
    thaw: () => child?.kill('SIGCONT'),
    remove: async () => {
      await kill()
      rmSync(directory, { recursive: true, force: true })
    },
  }
}

/** Sends a command and yields the beginning of the answer, or nothing where nobody listens. */
const ask = (socket: string, line: string): Promise<string> =>
  new Promise(resolve => {
    const connection = createConnection(socket)
    connection.once('error', () => resolve(''))
    connection.once('data', data => {
      connection.destroy()
      resolve(String(data))
    })
    connection.write(`${line}\r\n`)
  })
