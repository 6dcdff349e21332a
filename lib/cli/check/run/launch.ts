/// <reference types="node" preserve="true" />
import { dirname, join } from 'node:path'
import { collectText } from '../../../plugin-process/output.js'
import {
  commandFor,
  endWithin,
  type ProcessEnd,
  spawnProcess,
} from '../../../plugin-process/spawn-process.js'
import type { Cleanup } from '../../cleanup.js'
import { cut } from '../protocol/json.js'
import { pause } from '../protocol/raw-connection.js'

/** A plugin's process, started as the host does, in a group of its own. */
export interface PluginProcess {
  /** The path that it was told to listen on. */
  readonly path: string
  readonly pid: number | undefined
  /** How it ended, once it has. */
  readonly end: () => ProcessEnd | undefined
  /** Waits for its end, so many milliseconds at most. */
  readonly endWithin: (ms: number) => Promise<ProcessEnd | undefined>
  /** The end of what it wrote to stderr. */
  readonly stderr: () => string
  /** The beginning of what it wrote to stdout, and how many bytes that was; reads it if unread. */
  readonly stdout: () => Promise<{ readonly first: string; readonly bytes: number }>
  readonly signal: (name: NodeJS.Signals) => void
  /** Kills it and everything that it started. Its folder stays, for the next process. */
  readonly stop: () => Promise<void>
}

/** What to start. */
export interface Launch {
  readonly file: string
  readonly path: string
  readonly unread: boolean
  readonly env: Readonly<Record<string, string>>
}

/** How many characters of its output are kept. */
const MAX_OUTPUT = 4_096
/** How long a plugin that was blocked on a full stdout is given to write on, in milliseconds. */
const UNBLOCK_TIME = 200

/** The environment that the host gives a plugin, with its data in a folder that is removed. */
export const hostEnvironment = (socket: string, folder: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TORU_'))),
  TORU_PLUGIN_SOCKET: socket,
  TORU_DATA_DIR: join(folder, 'data'),
})

/** Starts a plugin's file. It may not listen yet. */
export const launch = ({ file, path, unread, env }: Launch, cleanup: Cleanup): PluginProcess => {
  const folder = dirname(path)
  const { child, pid, stdout, stderr, ended } = spawnProcess(commandFor(file), {
    cwd: folder,
    env: { ...hostEnvironment(path, folder), ...env },
    group: cleanup,
  })
  let end: ProcessEnd | undefined
  void ended.then(how => {
    end = how
  })
  const words = collectText(stderr, MAX_OUTPUT)
  const written = { first: '', bytes: 0 }
  const readStdout = (): void => {
    stdout?.setEncoding('utf8').on('data', (text: string) => {
      written.bytes += Buffer.byteLength(text)
      if (written.first.length < MAX_OUTPUT) written.first += text
    })
  }
  if (!unread) readStdout()
  return {
    path,
    pid,
    end: () => end,
    endWithin: ms => endWithin(ended, ms),
    stderr: words,
    stdout: async () => {
      if (unread) readStdout()
      await pause(UNBLOCK_TIME)
      return { ...written }
    },
    signal: name => void child.kill(name),
    stop: async () => {
      if (pid !== undefined) cleanup.kill(pid)
      await ended
      stdout?.destroy()
    },
  }
}

/** How a process ended, with its last words, for people. */
export const endInWords = ({ code, signal, error }: ProcessEnd, stderr: string): string => {
  if (error !== undefined) return `it cannot be started (${error.message})`
  const lines = stderr.trim().split('\n')
  // Some languages write a stack and their version below the line that says what happened.
  const words =
    lines.findLast(line => /error|fatal|panic|exception/i.test(line)) ?? lines.at(-1) ?? ''
  return `it ended with ${signal ?? `exit code ${code}`}${words === '' ? '' : `; it wrote: ${cut(words.trim(), 300)}`}`
}
