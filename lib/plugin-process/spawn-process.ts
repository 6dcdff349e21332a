/// <reference types="node" preserve="true" />
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { setTimeout as pause } from 'node:timers/promises'
import { E } from '../fp.js'

/** A program and its arguments. */
export type Command = readonly [program: string, ...ReadonlyArray<string>]

/**
 * The command that runs a file: JavaScript by this Node.js, anything else by itself. Stacks have
 * the lines of the source where there is a source map.
 */
export const commandFor = (file: string): Command =>
  /\.[cm]?js$/.test(file)
    ? [process.execPath, ...(hasSourceMap(file) ? ['--enable-source-maps'] : []), file]
    : [file]

const hasSourceMap = (file: string): boolean =>
  existsSync(`${file}.map`) ||
  E.getOrElse(() => false)(
    E.tryCatch(() => readFileSync(file, 'utf8').includes(INLINE_MAP), E.toError),
  )

const INLINE_MAP = '\n//# sourceMappingURL=data:'

/** How a process ended: with an exit code, by a signal, or because it could not be started. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it could not be started. */
  readonly error?: NodeJS.ErrnoException
}

/** How a process ended, in words. */
export const endInWords = ({ code, signal, error }: ProcessEnd): string =>
  error === undefined
    ? `it ended with ${signal ?? `exit code ${code}`}`
    : `it cannot be started: ${error.message}`

/** How to start a process. */
export interface SpawnOptions {
  readonly cwd?: string
  readonly env?: Readonly<Record<string, string | undefined>>
  /** Makes the process the leader of a group of its own, which Ctrl-C does not reach. */
  readonly group?: ProcessGroup
  /** A pipe for its stderr, in the place of the pair of sockets that Node.js makes. */
  readonly stderr?: { readonly writeEnd: number; readonly reader: Readable }
  /** Gives it a pipe as descriptor 3. */
  readonly answers?: boolean
}

/** What is told of a group of processes; its number is that of its leader. */
export interface ProcessGroup {
  readonly started: (leader: number) => void
  /** The leader has exited: the time to kill what it left behind. */
  readonly exited?: (leader: number) => void
}

/** A process that was started. Its streams are left unread until somebody reads them. */
export interface SpawnedProcess {
  readonly child: ChildProcess
  readonly pid: number | undefined
  readonly stdout: Readable | null
  readonly stderr: Readable | null
  /** What it writes to descriptor 3, if it has one. */
  readonly answer: Readable | null
  /** Its end, once what it wrote to the streams that are read has been read. */
  readonly ended: Promise<ProcessEnd>
}

/**
 * How long output is waited for whose writer has ended, in milliseconds: a process that it left
 * behind may hold the other end for as long as it likes.
 */
const OUTPUT_TIMEOUT = 1_000

/** Starts a process without input. Never throws: see {@link ProcessEnd}. */
export const spawnProcess = (
  [program, ...args]: Command,
  { cwd, env, group, stderr: pipe, answers = false }: SpawnOptions = {},
): SpawnedProcess => {
  const child = spawn(program, args, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', pipe?.writeEnd ?? 'pipe', ...(answers ? (['pipe'] as const) : [])],
    detached: group !== undefined,
  })
  running.set(child, group !== undefined)
  const { pid, stdout } = child
  const stderr = pipe?.reader ?? child.stderr
  const third = child.stdio[3]
  const answer = third instanceof Readable ? third : null
  if (pid !== undefined) group?.started(pid)
  const ended = new Promise<ProcessEnd>(resolve => {
    child.once('error', error => {
      running.delete(child)
      resolve({ code: null, signal: null, error })
    })
    child.once('exit', (code, signal) => {
      running.delete(child)
      if (pid !== undefined) group?.exited?.(pid)
      void Promise.all([stdout, stderr, answer].map(drained)).then(() => resolve({ code, signal }))
    })
  })
  return { child, pid, stdout, stderr, answer, ended }
}

/** The processes that run, and whether each leads a group. */
const running = new Map<ChildProcess, boolean>()

/** Sends a signal to all processes that run, for a process that ends before its time. */
export const signalProcesses = (name: NodeJS.Signals): void => {
  for (const [child, isGroup] of running) {
    if (isGroup && child.pid !== undefined) signalGroup(child.pid, name)
    else child.kill(name)
  }
}

/** How many processes run that were started here. */
export const runningProcesses = (): number => running.size

/** Waits for the end of a stream, if anybody reads it, and closes it. */
const drained = async (stream: Readable | null): Promise<void> => {
  if (stream === null || stream.readableFlowing === null || stream.destroyed) return
  await new Promise<void>(resolve => {
    if (stream.readableEnded) return resolve()
    const timer = setTimeout(resolve, OUTPUT_TIMEOUT)
    stream.once('close', () => {
      clearTimeout(timer)
      resolve()
    })
  })
  stream.destroy()
}

/** Waits for an end, so many milliseconds at most. */
export const endWithin = async (
  ended: Promise<ProcessEnd>,
  ms: number,
): Promise<ProcessEnd | undefined> => {
  const timer = new AbortController()
  const end = await Promise.race([
    ended,
    pause(ms, undefined, { signal: timer.signal }).catch(() => undefined),
  ])
  timer.abort()
  return end
}

/** Sends a signal to a group of processes; one that is gone needs none. */
export const signalGroup = (leader: number, name: NodeJS.Signals): void => {
  E.tryCatch(() => process.kill(-leader, name), String)
}
