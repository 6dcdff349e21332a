import { type ChildProcess, spawn, spawnSync } from 'node:child_process'
import { readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { mkdir, mkdtemp } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { ROOT } from '../../support/packed-project.js'
import type { Teardown } from '../../support/plugin-process.js'

/** What a command wrote, on both streams, and how it ended. */
export interface Said {
  readonly code: number | null
  readonly text: string
}

/** A machine as a stranger has it: one Node.js, an empty home, and empty places of the host. */
export interface Session {
  /** Where the stranger begins. */
  readonly home: string
  /** The places of programs, this Node.js first. */
  readonly path: string
  /** What stands at `/srv` on this machine. */
  readonly srv: string
  /** Runs a line of a page in a folder, with what the shell's `PATH` has in front. */
  readonly run: (line: string, cwd: string, options?: RunOptions) => Promise<Said>
  /**
   * Starts a line that runs until Ctrl-C, and waits until it prints what is looked for. `stop` is
   * Ctrl-C.
   */
  readonly start: (line: string, cwd: string, ready: RegExp) => Promise<Running>
}

/** How a line is run. */
export interface RunOptions {
  readonly shell?: 'bash' | 'zsh' | 'fish'
}

/** A command that goes on. */
export interface Running {
  /** What was looked for. */
  readonly found: string
  readonly stop: () => Promise<Said>
}

/** The longest that a line may take, in milliseconds. */
const LINE_TIMEOUT = 400_000

/**
 * Puts `/srv` and the host's folder of sockets into a folder of the session. Without root it takes
 * a user namespace.
 */
const isolated = (root: string, line: ReadonlyArray<string>): ReadonlyArray<string> => [
  'unshare',
  ...(process.getuid?.() === 0 ? [] : ['--map-root-user']),
  '--mount',
  'sh',
  '-c',
  'mkdir -p /tmp/toru-plugins && mount --bind "$0/sockets" /tmp/toru-plugins && mount --bind "$0/srv" /srv && exec "$@"',
  root,
  ...line,
]

/** Makes a machine with one Node.js. All that it starts ends with the test. */
export const session = async (t: Teardown, node: string): Promise<Session> => {
  const root = await mkdtemp(join(tmpdir(), 'toru-stranger-'))
  const home = join(root, 'home')
  const bin = join(root, 'bin')
  for (const place of ['home', 'bin', 'srv/toru/plugins', 'sockets'])
    await mkdir(join(root, place), { recursive: true, mode: 0o755 })
  symlinkSync(node, join(bin, 'node'))
  const env = (cwd: string) => ({
    ...network,
    HOME: home,
    PATH: `${bin}:${join(cwd, 'node_modules/.bin')}:${process.env.PATH}`,
    TERM: 'dumb',
    // What npm has fetched once is not fetched again.
    npm_config_cache: npmCache,
    // An audit waits minutes for a registry that has none.
    npm_config_audit: 'false',
  })
  const spawned = (line: string, cwd: string, shell: string): ChildProcess => {
    const [program = '', ...args] = isolated(root, [shell, ...flagsOf(shell), line])
    const child = spawn(program, args, {
      cwd,
      env: env(cwd),
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    })
    t.teardown(() => signalGroup(child, 'SIGKILL'))
    return child
  }
  return {
    home,
    path: `${bin}:${process.env.PATH}`,
    srv: join(root, 'srv'),
    run: async (line, cwd, { shell = 'bash' } = {}) => {
      const child = spawned(line, cwd, shell)
      const late = setTimeout(() => signalGroup(child, 'SIGKILL'), LINE_TIMEOUT)
      const { text, ended } = listen(child)
      const code = await ended
      clearTimeout(late)
      return { code, text: text() }
    },
    start: async (line, cwd, ready) => {
      const child = spawned(line, cwd, 'bash')
      const { text, ended, seen } = listen(child, ready)
      const found = await Promise.race([seen, ended])
      if (typeof found !== 'string') throw new Error(`${line} ended with ${found}:\n${text()}`)
      const stop = async (): Promise<Said> => {
        signalGroup(child, 'SIGINT')
        return { code: await ended, text: text() }
      }
      return { found, stop }
    },
  }
}

/** How this machine reaches the registry. */
const network = Object.fromEntries(
  Object.entries(process.env).filter(([name]) =>
    /^(NODE_EXTRA_CA_CERTS|SSL_\w+|\w+_proxy)$/i.test(name),
  ),
)

const npmCache = spawnSync('npm', ['config', 'get', 'cache'], { encoding: 'utf8' }).stdout.trim()

/** A line of a page counts as failed if any part of it fails. */
const flagsOf = (shell: string): ReadonlyArray<string> =>
  shell === 'bash' ? ['-eo', 'pipefail', '-c'] : ['-c']

const signalGroup = (child: ChildProcess, signal: NodeJS.Signals): void => {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, signal)
  } catch {
    // None of the group is left.
  }
}

const listen = (child: ChildProcess, ready?: RegExp) => {
  const lines: string[] = []
  let see = (_found: string): void => undefined
  const seen = new Promise<string>(resolve => {
    see = resolve
  })
  for (const stream of [child.stdout, child.stderr]) {
    if (stream === null) continue
    createInterface({ input: stream }).on('line', line => {
      lines.push(line)
      const [found] = ready?.exec(line) ?? []
      if (found !== undefined) see(found)
    })
  }
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', code => resolve(code))
  })
  return { text: () => lines.join('\n'), ended, seen }
}

/** The blocks of a page that are meant for a shell, each as its commands. */
export const shellBlocks = (page: string): ReadonlyArray<ReadonlyArray<string>> =>
  [...readFileSync(join(ROOT, page), 'utf8').matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(
    ([, block = '']) => block.split(/\n(?! )/).filter(line => line !== ''),
  )

/** Writes what a page shows as a file. */
export const writeBlock = (page: string, pattern: RegExp, file: string): void => {
  const [, text] = pattern.exec(readFileSync(join(ROOT, page), 'utf8')) ?? []
  if (text === undefined) throw new Error(`${page} has no block like ${pattern}`)
  writeFileSync(file, text)
}
