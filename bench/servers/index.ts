import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { connect } from 'node:net'
import { dirname, join } from 'node:path'
import { DIST } from '../process.js'
import type { Protocol } from '../protocols.js'
import { WORKS, type WorkName } from '../work.js'

/** The servers that are measured. */
export type ServerName = 'floor' | 'ours' | 'fastify' | 'jsonrpc' | 'python' | 'echo'

/** A server that is measured. */
export interface Server {
  readonly name: ServerName
  readonly title: string
  readonly protocol: Protocol
  readonly works: ReadonlyArray<WorkName>
  /** The program and its arguments, on the given Node.js. */
  readonly command: (node: string) => readonly [string, ...ReadonlyArray<string>]
}

const compiled =
  (name: string): Server['command'] =>
  node => [node, join(DIST, 'bench/servers', `${name}.js`)]

/** The servers side by side. The two whose ratio counts come first. */
export const SERVERS: ReadonlyArray<Server> = [
  {
    name: 'floor',
    title: 'the floor',
    protocol: 'tagged',
    works: WORKS,
    command: compiled('floor'),
  },
  {
    name: 'ours',
    title: 'toru-plugin-api',
    protocol: 'tagged',
    works: WORKS,
    command: compiled('ours'),
  },
  {
    name: 'fastify',
    title: 'Fastify (HTTP)',
    protocol: 'http',
    works: WORKS,
    command: compiled('fastify'),
  },
  {
    name: 'jsonrpc',
    title: 'vscode-jsonrpc',
    protocol: 'jsonrpc',
    works: WORKS,
    command: compiled('jsonrpc'),
  },
  {
    name: 'python',
    title: 'Python, threads',
    protocol: 'tagged',
    works: WORKS,
    // The compiler does not copy Python files.
    command: () => ['python3', join(DIST, '../bench/servers/plugin.py')],
  },
  {
    name: 'echo',
    title: 'ceiling: constant answer',
    protocol: 'tagged',
    works: ['hello'],
    command: compiled('echo'),
  },
]

/** Whether a server can run here. */
export const isThere = ({ name }: Server): boolean =>
  name !== 'python' || spawnSync('python3', ['--version']).status === 0

/** A server that runs. */
export interface RunningServer extends Server {
  readonly path: string
  readonly pid: number
  readonly end: () => void
}

/** Starts a server and waits until it accepts connections. */
export const startServer = async (
  server: Server,
  node: string,
  path: string,
  env: NodeJS.ProcessEnv = {},
): Promise<RunningServer> => {
  const [program, ...args] = server.command(node)
  const child = spawn(program, args, {
    env: { ...process.env, TORU_PLUGIN_SOCKET: path, TORU_DATA_DIR: dirname(path), ...env },
    cwd: dirname(path),
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  let said = ''
  child.stderr.on('data', chunk => {
    said = `${said}${chunk}`.slice(-2_000)
  })
  while (!(await accepts(path))) {
    if (hasEnded(child)) throw new Error(`${server.title} ended before it listened: ${said}`)
    await new Promise(resolve => setTimeout(resolve, 10))
  }
  return { ...server, path, pid: child.pid ?? 0, end: () => void child.kill('SIGKILL') }
}

/** Whether a process is over. */
export const hasEnded = (child: ChildProcess): boolean =>
  child.exitCode !== null || child.signalCode !== null

const accepts = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path)
    socket.on('error', () => resolve(false))
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
  })
