import { type ChildProcess, spawn } from 'node:child_process'
import type { Readable } from 'node:stream'
import { O } from '../../fp.js'
import { handedOver, makePipe } from './named-pipe.js'
import type { Guard } from './orphan-cleanup.js'
import { signalGroup } from './process-group.js'

/** How a plugin's program is started. */
export interface Launch {
  /** The program and its first arguments, such as Node.js and the file. */
  readonly command: readonly [string, ...ReadonlyArray<string>]
  /**
   * What takes the place of `command` where the plugin is to serve, such as Node.js with a
   * debugger's port: two processes cannot have it at once.
   */
  readonly serving?: readonly [string, ...ReadonlyArray<string>]
  /** The file as people know it. */
  readonly source: string
}

/** The surroundings in which all plugins of a host run. */
export interface Surroundings {
  /** The host's working directory, which is also the plugin's: `steering.db` is there. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly guard: Guard
}

/** How a process ended: with an exit code, by a signal, or because it could not be started. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
  readonly error?: string
}

/**
 * A process that leads a group of its own, so that Ctrl-C does not reach it and nothing that it
 * starts is left behind.
 */
export interface Started {
  readonly child: ChildProcess
  readonly stderr: Readable | null
  readonly pid: number | undefined
  readonly ended: Promise<ProcessEnd>
}

/** How long the last words of a process that has ended are waited for, in milliseconds. */
const LAST_WORDS = 500

/**
 * Starts a plugin's program. Whatever it leaves behind in its group is killed when it ends. With a
 * path for it, its stderr is a real pipe.
 */
export const launch = (
  { command: [file, ...first] }: Launch,
  args: ReadonlyArray<string>,
  { cwd, env, guard }: Surroundings,
  extra: Readonly<Record<string, string>>,
  pipePath?: string,
): Started => {
  const made = pipePath === undefined ? undefined : O.toUndefined(makePipe(pipePath))
  const child = spawn(file, [...first, ...args], {
    cwd,
    env: { ...env, ...extra },
    stdio: ['ignore', 'pipe', made?.writeEnd ?? 'pipe'],
    detached: true,
  })
  if (made !== undefined) handedOver(made)
  const stderr = made?.reader ?? child.stderr
  const { pid } = child
  if (pid !== undefined) guard.started(pid)
  const ended = new Promise<ProcessEnd>(resolve => {
    child.once('error', error => resolve({ code: null, signal: null, error: error.message }))
    child.once('exit', (code, signal) => {
      if (pid !== undefined) {
        signalGroup(pid, 'SIGKILL')
        guard.ended(pid)
      }
      const timer = setTimeout(resolve, LAST_WORDS, { code, signal })
      const settle = (): void => {
        clearTimeout(timer)
        resolve({ code, signal })
      }
      if (stderr?.readableEnded !== false) settle()
      else stderr.once('end', settle)
    })
  })
  return { child, stderr, pid, ended }
}

/** How a process ended, in words. */
export const endInWords = ({ code, signal, error }: ProcessEnd): string =>
  error === undefined
    ? `it ended with ${signal ?? `exit code ${code}`}`
    : `it cannot be started: ${error}`

/** What a program printed, and how it ended. */
export interface Ran extends ProcessEnd {
  readonly stdout: string
  readonly stderr: string
  /** Whether it was killed because it took too long. */
  readonly late: boolean
}

const MOST_OUTPUT = 16 * 1_048_576

/** Runs a plugin's program to its end, so many milliseconds at most. */
export const runLaunch = async (
  target: Launch,
  args: ReadonlyArray<string>,
  surroundings: Surroundings,
  extra: Readonly<Record<string, string>>,
  limit: number,
): Promise<Ran> => {
  const { child, pid, ended } = launch(target, args, surroundings, extra)
  const written = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name]?.setEncoding('utf8').on('data', (text: string) => {
      if (written[name].length < MOST_OUTPUT) written[name] += text
    })
  }
  let late = false
  const timer = setTimeout(() => {
    late = true
    if (pid !== undefined) signalGroup(pid, 'SIGKILL')
  }, limit)
  const end = await ended
  clearTimeout(timer)
  await drained(child)
  return { ...end, ...written, late }
}

/** The end of what it printed: its group is gone, so nobody else holds the pipe for long. */
const drained = (child: ChildProcess): Promise<void> =>
  new Promise(resolve => {
    if (child.stdout === null || child.stdout.readableEnded || child.stdout.destroyed)
      return resolve()
    const timer = setTimeout(resolve, LAST_WORDS)
    child.stdout.once('end', () => {
      clearTimeout(timer)
      resolve()
    })
  })
