/// <reference types="node" preserve="true" />
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type PluginError, socketError, timeoutError } from '../index.js'

/** How to start a plugin's file. */
export interface StartOptions {
  /** Arguments of the plugin. */
  readonly args?: ReadonlyArray<string>
  /**
   * Variables on top of this process's own. `TORU_PLUGIN_SOCKET` and `TORU_DATA_DIR` point into a
   * new folder unless said.
   */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The working directory; the new folder unless said. */
  readonly cwd?: string
  /**
   * How long its socket may take, in milliseconds: 10,000 unless said. (A host waits 1,000 when it
   * starts, and 2,000 when it enables a plugin.)
   */
  readonly timeout?: number
}

/** How a process ended: with an exit code, or by a signal. */
export interface ProcessEnd {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** A plugin that runs as a process of its own. */
export interface RunningPlugin {
  /** The path of its socket. */
  readonly path: string
  readonly child: ChildProcess
  /** Milliseconds from the start of the process to the first accepted connection. */
  readonly socketAfter: number
  /** What it has written so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Waits for its end. */
  readonly ended: Task<ProcessEnd>
  /**
   * Asks it to end (SIGTERM), kills it after ten seconds (SIGKILL), waits, and removes the new
   * folder. May be run more than once.
   */
  readonly stop: Task<ProcessEnd>
}

const PATIENCE = 10_000
const STOP_PATIENCE = 10_000
const ATTEMPT_EVERY = 2
/** How long output is waited for whose writer has ended, in milliseconds. */
const OUTPUT_PATIENCE = 1_000

/** The command that runs a file: JavaScript by this Node.js, anything else by itself. */
export const commandFor = (file: string): readonly [string, ...ReadonlyArray<string>] =>
  /\.[cm]?js$/.test(file) ? [process.execPath, file] : [file]

/**
 * Starts a plugin as the host does: a file of any language (`plugins/<id>.binary`), or a JavaScript
 * file for this Node.js, and waits until its socket accepts connections.
 *
 * `Socket` where the process cannot be started or ends before it listens, with the end of its
 * stderr; `Timeout` where it does not listen in time. It is stopped then.
 */
export const startBinary =
  (file: string, options: StartOptions = {}): TaskEither<PluginError, RunningPlugin> =>
  async () => {
    const begun = performance.now()
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'toru-run-'))
    const path = options.env?.TORU_PLUGIN_SOCKET ?? join(folder, 'plugin.sock')
    const [command, ...first] = commandFor(file)
    const child = spawn(command, [...first, ...(options.args ?? [])], {
      cwd: options.cwd ?? folder,
      env: {
        ...process.env,
        TORU_PLUGIN_SOCKET: path,
        TORU_DATA_DIR: join(folder, 'data'),
        ...options.env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const written = { stdout: '', stderr: '' }
    for (const name of ['stdout', 'stderr'] as const) {
      child[name].setEncoding('utf8').on('data', (text: string) => {
        written[name] += text
      })
    }
    const ended = endOf(child)
    const stop = async (): Promise<ProcessEnd> => {
      const end = await endWithin(child, ended, STOP_PATIENCE)
      rmSync(folder, { recursive: true, force: true })
      return end
    }
    const listening = await waitForSocket(path, ended, options.timeout ?? PATIENCE)
    if (listening === 'listening') {
      const socketAfter = performance.now() - begun
      return E.right({
        path,
        child,
        socketAfter,
        stdout: () => written.stdout,
        stderr: () => written.stderr,
        ended: () => ended,
        stop,
      })
    }
    await stop()
    return E.left(
      listening === 'late'
        ? lateError(file, path, options.timeout ?? PATIENCE)
        : earlyEnd(file, listening, written.stderr),
    )
  }

/**
 * Starts a plugin's file, uses it, and stops it whatever came of that, a rejection of `use` (a
 * failed assertion) included, which is handed on: see {@link startBinary}.
 */
export const withPlugin =
  <A>(
    file: string,
    use: (plugin: RunningPlugin) => TaskEither<PluginError, A>,
    options: StartOptions = {},
  ): TaskEither<PluginError, A> =>
  async () => {
    const started = await startBinary(file, options)()
    if (E.isLeft(started)) return started
    try {
      return await use(started.right)()
    } finally {
      await started.right.stop()
    }
  }

/** The end of a child, with its output read; one that could not be started ends with the error. */
const endOf = (child: ChildProcess): Promise<ProcessEnd & { readonly error?: Error }> =>
  new Promise(resolve => {
    child.once('error', error => resolve({ code: null, signal: null, error }))
    child.once('close', (code, signal) => resolve({ code, signal }))
    // A process of its own that it left behind may hold its output open for as long as it likes.
    child.once('exit', () => {
      const timer = setTimeout(() => {
        child.stdout?.destroy()
        child.stderr?.destroy()
      }, OUTPUT_PATIENCE)
      child.once('close', () => clearTimeout(timer))
    })
  })

const endWithin = (
  child: ChildProcess,
  ended: Promise<ProcessEnd>,
  ms: number,
): Promise<ProcessEnd> => {
  child.kill('SIGTERM')
  const timer = setTimeout(() => child.kill('SIGKILL'), ms)
  return ended.finally(() => clearTimeout(timer))
}

/**
 * The name of a socket appears before it accepts connections in some languages, so one that is
 * accepted means that the plugin is up.
 */
const waitForSocket = async <A>(
  path: string,
  ended: Promise<A>,
  ms: number,
): Promise<'listening' | 'late' | A> => {
  const deadline = performance.now() + ms
  let over: A | undefined
  ended.then(end => {
    over = end
  })
  while (performance.now() < deadline) {
    if (await accepts(path)) return 'listening'
    if (over !== undefined) return over
    await new Promise(resolve => setTimeout(resolve, ATTEMPT_EVERY))
  }
  return 'late'
}

const accepts = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

const lateError = (file: string, path: string, ms: number): PluginError =>
  timeoutError(
    `${file} does not listen on ${path} within ${ms} ms of its start: it must bind the path in TORU_PLUGIN_SOCKET`,
  )

const earlyEnd = (
  file: string,
  { code, signal, error }: ProcessEnd & { readonly error?: Error },
  stderr: string,
): PluginError =>
  error === undefined
    ? socketError(
        `${file} ended with ${signal ?? `exit code ${code}`} before it listened${stderr === '' ? '' : `; at last it wrote: ${stderr.trim().slice(-500)}`}`,
      )
    : socketError(`${file} cannot be started: ${error.message}`, error)
