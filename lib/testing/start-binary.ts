/// <reference types="node" preserve="true" />
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type PluginError, socketError, timeoutError } from '../index.js'
import { andLastWords, collectText } from '../plugin-process/output.js'
import { commandFor, type ProcessEnd, spawnProcess } from '../plugin-process/spawn-process.js'
import { removeTemporaryFolder, temporaryFolder } from '../plugin-process/temporary-folder.js'
import { waitForConnection } from '../plugin-process/wait-for-socket.js'

/** How to start a plugin's file. */
export interface StartOptions {
  /** Arguments of the plugin. */
  readonly args?: ReadonlyArray<string>
  /**
   * Variables in addition to this process's own. By default `TORU_PLUGIN_SOCKET` and
   * `TORU_DATA_DIR` point into a new folder.
   */
  readonly env?: Readonly<Record<string, string | undefined>>
  /** The working directory. Default: the new folder. */
  readonly cwd?: string
  /**
   * How long its socket may take, in milliseconds. Default 10,000. (A host waits far less: see
   * docs/protocol.md#process-contract.)
   */
  readonly timeout?: number
}

/** A plugin that runs as a process of its own. */
export interface RunningPlugin {
  /** The path of its socket. */
  readonly path: string
  readonly child: ChildProcess
  /** Milliseconds from the start of the process to the first accepted connection. */
  readonly socketAfter: number
  /** The output so far. */
  readonly stdout: () => string
  readonly stderr: () => string
  /** Waits for its end. */
  readonly ended: Task<ProcessEnd>
  /**
   * Ends it with SIGTERM, or after ten seconds with SIGKILL, waits for its end, and removes the new
   * folder. May be run more than once.
   */
  readonly stop: Task<ProcessEnd>
}

const START_TIMEOUT = 10_000
const STOP_TIMEOUT = 10_000

/**
 * Starts a plugin as the host does: a file of any language (`plugins/<id>.binary`), or a JavaScript
 * file for this Node.js, and waits until its socket accepts connections.
 *
 * Yields a `Socket` error if the process cannot be started or ends before it listens, with the end
 * of its stderr; a `Timeout` error if it does not listen in time, and it is stopped then.
 */
export const startBinary =
  (file: string, options: StartOptions = {}): TaskEither<PluginError, RunningPlugin> =>
  async () => {
    const begun = performance.now()
    const folder = temporaryFolder('run')
    const path = options.env?.TORU_PLUGIN_SOCKET ?? join(folder, 'plugin.sock')
    const timeout = options.timeout ?? START_TIMEOUT
    const { child, stdout, stderr, ended } = spawnProcess(
      [...commandFor(file), ...(options.args ?? [])],
      {
        cwd: options.cwd ?? folder,
        env: {
          ...process.env,
          TORU_PLUGIN_SOCKET: path,
          TORU_DATA_DIR: join(folder, 'data'),
          ...options.env,
        },
      },
    )
    const written = { stdout: collectText(stdout), stderr: collectText(stderr) }
    let end: ProcessEnd | undefined
    void ended.then(how => {
      end = how
    })
    const stop = async (): Promise<ProcessEnd> => {
      child.kill('SIGTERM')
      const timer = setTimeout(() => child.kill('SIGKILL'), STOP_TIMEOUT)
      const how = await ended
      clearTimeout(timer)
      removeTemporaryFolder(folder)
      return how
    }
    if (await waitForConnection(path, { timeout, isOver: () => end !== undefined })) {
      const socketAfter = performance.now() - begun
      return E.right({ path, child, socketAfter, ...written, ended: () => ended, stop })
    }
    const error =
      end === undefined ? lateError(file, path, timeout) : earlyEnd(file, end, written.stderr())
    await stop()
    return E.left(error)
  }

/**
 * Starts a plugin's file, uses it, and stops it in any case, even if `use` rejects (a failed
 * assertion): see {@link startBinary}.
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

const lateError = (file: string, path: string, ms: number): PluginError =>
  timeoutError(
    `${file} does not listen on ${path} within ${ms} ms of its start: it must bind the path in TORU_PLUGIN_SOCKET`,
  )

const earlyEnd = (
  file: string,
  { code, signal, error }: ProcessEnd,
  stderr: string,
): PluginError =>
  error === undefined
    ? socketError(
        `${file} ended with ${signal ?? `exit code ${code}`} before it listened${andLastWords(stderr)}`,
      )
    : socketError(`${file} cannot be started: ${error.message}`, error)
