import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, readFileSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { isObject } from '../support/messages.js'
import { folder, type Teardown } from '../support/plugin-process.js'

/** A response of the host. */
export interface Answer {
  readonly status: number
  readonly json: unknown
}

/** The host that runs in production, with plugins of a test in it. */
export interface RealHost {
  readonly child: ChildProcess
  /** Where the panel is. */
  readonly url: string
  /** What logs the administrator in: the body of `POST /api/auth/login`. */
  readonly login: object
  /** A request of an administrator, whose body is sent as JSON. */
  readonly ask: (method: string, path: string, body?: unknown) => Promise<Answer>
  /** The same, to a path below the routes of the plugins. */
  readonly route: (method: string, path: string, body?: unknown) => Promise<Answer>
  /** What the host says of its plugins, sorted by id. */
  readonly plugins: () => Promise<ReadonlyArray<Readonly<Record<string, unknown>>>>
}

const PASSWORD = 'a password of the tests'

/**
 * All hosts of a machine keep their plugins' sockets in one folder below `/tmp`. So each gets a
 * `/tmp` of its own where the system allows it; elsewhere one host runs at a time.
 */
const isolated = (root: string): ReadonlyArray<string> => {
  const mount = (place: string) => `mount --bind ${JSON.stringify(place)} /tmp`
  return spawnSync('unshare', ['--mount', 'sh', '-c', mount(root)]).status === 0
    ? ['unshare', '--mount', 'sh', '-c', `${mount(root)} && cd /tmp/host && exec "$@"`, 'sh']
    : ['flock', '--no-fork', '/tmp/toru-plugins.lock']
}

/**
 * Starts the host in a folder of its own, with copies of packed plugins and of the folders beside
 * them, and logs in. It is killed with the test, together with what is left of its plugins.
 */
export const startRealHost = async (
  t: Teardown,
  plugins: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv = {},
): Promise<RealHost> => {
  const { TORU_HOST } = process.env
  if (TORU_HOST === undefined)
    throw new Error('TORU_HOST is not set: it names the folder of the host, with its `unpack`')
  const root = folder()
  const home = join(root, 'host')
  mkdirSync(home)
  const unpacked = spawnSync(join(TORU_HOST, 'unpack'), [home], { encoding: 'utf8' })
  if (unpacked.status !== 0)
    throw new Error(`the host was not unpacked: ${unpacked.error ?? unpacked.stderr}`)
  rmSync(join(home, 'plugins'), { recursive: true })
  for (const file of plugins) cpSync(dirname(file), join(home, 'plugins'), { recursive: true })

  const [program = '', ...args] = [...isolated(root), './steering-center', '--port', '0']
  const child = spawn(program, args, {
    cwd: home,
    env: { PATH: process.env.PATH, ADMIN_PASSWORD: PASSWORD, TORU_DATA_DIR: './data', ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
    // Its plugins are in the process group of the host, and outlive it.
    detached: true,
  })
  t.teardown(() => {
    try {
      process.kill(-(child.pid ?? 0), 'SIGKILL')
    } catch {
      // None of them is left.
    }
  })
  const url = `http://127.0.0.1:${await listening(child)}`
  const send = (method: string, path: string, cookie: string, body: unknown): Promise<Response> =>
    fetch(url + path, {
      method,
      headers: { cookie, 'content-type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    })
  const login = { username: 'admin', password: PASSWORD }
  const { headers } = await send('POST', '/api/auth/login', '', login)
  const cookie = headers.get('set-cookie')?.split(';')[0] ?? ''
  const ask: RealHost['ask'] = async (method, path, body) => {
    const response = await send(method, path, cookie, body)
    const text = await response.text()
    return { status: response.status, json: text === '' ? undefined : JSON.parse(text) }
  }
  return {
    child,
    url,
    login,
    ask,
    route: (method, path, body) => ask(method, `/api/plugins/route${path}`, body),
    plugins: async () => {
      const { json } = await ask('GET', '/api/plugins')
      const plugins = Array.isArray(json) ? json.filter(isObject) : []
      return plugins.sort((a, b) => String(a.id).localeCompare(String(b.id)))
    },
  }
}

/** Waits until a process listens at a TCP port, and says which. */
const listening = async (host: ChildProcess): Promise<number> => {
  const said: string[] = []
  host.stdout?.on('data', chunk => said.push(String(chunk)))
  host.once('error', error => said.push(String(error)))
  for (;;) {
    const port = portOf(host.pid ?? 0)
    if (port !== undefined) return port
    if (host.pid === undefined || host.exitCode !== null)
      throw new Error(`the host ended:\n${said.join('')}`)
    await pause(20)
  }
}

/** The TCP port at which a process listens: the host says the one that it was asked for, 0. */
const portOf = (pid: number): number | undefined => {
  const files = spawnSync('ls', ['-l', `/proc/${pid}/fd`], { encoding: 'utf8' }).stdout
  const local = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map(line => line.trim().split(/\s+/))
    .find(fields => fields[3] === LISTEN && files.includes(`socket:[${fields[9]}]`))?.[1]
  return local === undefined ? undefined : Number.parseInt(local.split(':')[1] ?? '', 16)
}

/** The state of a listening socket in `/proc/net/tcp`. */
const LISTEN = '0A'
