// The time from spawn to an accepting socket and to the first answer, or to the end; every program
// once a round.
import { type ChildProcess, spawn } from 'node:child_process'
import { type FSWatcher, mkdirSync, mkdtempSync, rmSync, watch } from 'node:fs'
import { connect, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bootScript } from '../../lib/cli/pack/shell-part.js'
import { DIST } from '../process.js'
import { encode, idOf } from '../protocols.js'
import { EXCHANGES } from '../work.js'
import { HELLO, type Programs, writePrograms } from './programs.js'

/** The programs that are started. */
export const STARTS = [
  'empty',
  'essentials',
  'given',
  'floor',
  'compiled',
  'bundle',
  'metadata',
  'bundleMetadata',
] as const

/** A program that is started. */
export type StartName = (typeof STARTS)[number]

/**
 * Milliseconds from spawn, one of each kind a round: to an accepting socket and to the first
 * answer, or to the end.
 */
export interface StartTimes {
  readonly socket: number[]
  readonly answer: number[]
  readonly end: number[]
}

/** What was measured of each program. */
export type StartUp = Readonly<Record<StartName, StartTimes>>

interface Start {
  readonly args: ReadonlyArray<string>
  readonly until: 'answer' | 'end'
}

/** Measures every program, interleaved. */
export const measureStartUp = async (node: string, rounds: number): Promise<StartUp> => {
  const folder = mkdtempSync(join(tmpdir(), 'toru-bench-'))
  try {
    const starts = startsOf(writePrograms(join(folder, 'programs')))
    const times = (): StartTimes => ({ socket: [], answer: [], end: [] })
    const measured: StartUp = {
      empty: times(),
      essentials: times(),
      given: times(),
      floor: times(),
      compiled: times(),
      bundle: times(),
      metadata: times(),
      bundleMetadata: times(),
    }
    // The first round fills the caches of the file system.
    for (let round = 0; round <= rounds; round++) {
      for (const name of round % 2 === 0 ? STARTS : STARTS.toReversed()) {
        const once = await (starts[name].until === 'end' ? toEnd : toAnswer)(
          node,
          starts[name].args,
          folder,
        )
        if (round === 0) continue
        for (const kind of ['socket', 'answer', 'end'] as const)
          if (once[kind] !== undefined) measured[name][kind].push(once[kind])
      }
    }
    return measured
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

/** As its shell part starts the bundle. */
const RUN = bootScript('my-plugin')

const startsOf = ({
  empty,
  essentials,
  given,
  bundle,
}: Programs): Readonly<Record<StartName, Start>> => ({
  empty: { args: [empty], until: 'end' },
  essentials: { args: [essentials], until: 'end' },
  given: { args: [given], until: 'end' },
  floor: { args: [join(DIST, 'bench/servers/floor.js')], until: 'answer' },
  compiled: { args: [HELLO], until: 'answer' },
  bundle: { args: ['-e', RUN, bundle], until: 'answer' },
  metadata: { args: [HELLO, '--metadata'], until: 'end' },
  bundleMetadata: { args: ['-e', RUN, bundle, '--metadata'], until: 'end' },
})

type Once = Partial<Readonly<Record<keyof StartTimes, number>>>

const toEnd = (node: string, args: ReadonlyArray<string>): Promise<Once> =>
  new Promise((resolve, reject) => {
    const begun = performance.now()
    const child = spawn(node, args, { stdio: 'ignore' })
    child.on('error', reject)
    child.on('exit', code =>
      code === 0
        ? resolve({ end: performance.now() - begun })
        : reject(new Error(`${args.join(' ')} ended with exit code ${code}`)),
    )
  })

const toAnswer = async (
  node: string,
  args: ReadonlyArray<string>,
  folder: string,
): Promise<Once> => {
  const sockets = join(folder, 'sockets')
  mkdirSync(sockets)
  const path = join(sockets, 'plugin.sock')
  const watcher = watch(sockets)
  const begun = performance.now()
  const child = spawn(node, args, {
    stdio: 'ignore',
    cwd: folder,
    env: { ...process.env, TORU_PLUGIN_SOCKET: path, TORU_DATA_DIR: join(folder, 'data') },
  })
  try {
    const socket = await accepting(path, watcher, child)
    const accepted = performance.now() - begun
    await answered(socket)
    const answer = performance.now() - begun
    socket.destroy()
    return { socket: accepted, answer }
  } finally {
    watcher.close()
    await killed(child)
    rmSync(sockets, { recursive: true, force: true })
  }
}

/**
 * A connection as soon as there can be one: it tries whenever the folder changes.
 */
const accepting = (path: string, watcher: FSWatcher, child: ChildProcess): Promise<Socket> =>
  new Promise((resolve, reject) => {
    child.once('exit', code =>
      reject(new Error(`a server ended with exit code ${code} before it listened`)),
    )
    watcher.on('change', (_event, name) => {
      if (name === 'plugin.sock') attempt()
    })
    const attempt = (): void => {
      const socket = connect(path, () => resolve(socket))
      // The name may be there a moment before the server listens.
      socket.on(
        'error',
        error => void ('code' in error && error.code === 'ECONNREFUSED' && setImmediate(attempt)),
      )
    }
  })

const answered = (socket: Socket): Promise<unknown> =>
  new Promise((resolve, reject) => {
    socket.on('error', reject)
    socket.once('data', resolve)
    for (const { request } of EXCHANGES.hello) socket.write(encode.tagged(request, idOf(0)))
  })

const killed = (child: ChildProcess): Promise<unknown> =>
  new Promise(resolve => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve(undefined)
    child.once('exit', resolve)
    child.kill('SIGKILL')
  })
