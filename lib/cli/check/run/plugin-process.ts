/// <reference types="node" preserve="true" />
import { dirname, join } from 'node:path'
import { collectText } from '../../../plugin-process/output.js'
import {
  commandFor,
  endWithin,
  type ProcessEnd,
  spawnProcess,
} from '../../../plugin-process/spawn-process.js'
import { cut } from '../protocol/json.js'
import { pause } from '../protocol/raw-connection.js'
import type { Tidy } from './cleanup.js'

/** The plugin as a process that was started as the host does it, in a group of its own. */
export interface PluginProcess {
  /** Where it was told to listen. */
  readonly path: string
  readonly pid: number | undefined
  /** How it ended, once it has. */
  readonly end: () => ProcessEnd | undefined
  /** Waits for its end for so many milliseconds. */
  readonly endWithin: (ms: number) => Promise<ProcessEnd | undefined>
  /** The last of what it wrote to stderr. */
  readonly stderr: () => string
  /**
   * The first bytes that it wrote to stdout, and how many there were. Reads them now if they were
   * left unread.
   */
  readonly stdout: () => Promise<{ readonly first: string; readonly bytes: number }>
  readonly signal: (name: NodeJS.Signals) => void
  /**
   * Kills it and all that it has started. Its folder stays for one that is started again in its
   * place.
   */
  readonly stop: () => Promise<void>
}

/** What a process is started with. */
export interface Launch {
  readonly file: string
  readonly path: string
  readonly unread: boolean
  readonly env: Readonly<Record<string, string>>
}

/** How many characters of its output are kept. */
const MAX_OUTPUT = 4_096
/**
 * What was written is there to be read at once; this long is waited for a plugin that is blocked
 * and goes on when it is read, in milliseconds.
 */
const LATE_OUTPUT = 200

/**
 * The environment in which the host starts plugins: its own, and where to listen. Data goes to a
 * folder that will be removed.
 */
export const hostEnvironment = (socket: string, folder: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TORU_'))),
  TORU_PLUGIN_SOCKET: socket,
  TORU_DATA_DIR: join(folder, 'data'),
})

/** Starts a plugin's file. Whether it listens is another question. */
export const launch = ({ file, path, unread, env }: Launch, tidy: Tidy): PluginProcess => {
  const folder = dirname(path)
  const { child, pid, stdout, stderr, ended } = spawnProcess(commandFor(file), {
    cwd: folder,
    env: { ...hostEnvironment(path, folder), ...env },
    group: tidy,
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
      await pause(LATE_OUTPUT)
      return { ...written }
    },
    signal: name => void child.kill(name),
    stop: async () => {
      if (pid !== undefined) tidy.kill(pid)
      await ended
      stdout?.destroy()
    },
  }
}

/** How a process ended, with its last words, for people. */
export const endInWords = ({ code, signal }: ProcessEnd, stderr: string): string => {
  const lines = stderr.trim().split('\n')
  // Under the line that says what happened some languages write where they are, and who they are.
  const words =
    lines.findLast(line => /error|fatal|panic|exception/i.test(line)) ?? lines.at(-1) ?? ''
  return `it ended with ${signal ?? `exit code ${code}`}${words === '' ? '' : `; it wrote: ${cut(words.trim(), 300)}`}`
}
