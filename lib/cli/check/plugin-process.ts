/// <reference types="node" preserve="true" />
import { spawn } from 'node:child_process'
import { lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { commandFor, type ProcessEnd } from '../../testing/index.js'
import { cut } from './json.js'
import { pause } from './raw-connection.js'
import type { Tidy } from './tidy.js'

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

const TAIL = 4096
/**
 * What was written is there to be read at once; this long is waited for a plugin that is blocked
 * and goes on when it is read.
 */
const LATE_OUTPUT = 200
/**
 * How long the end of stderr is waited for once the process has ended: whatever it has started may
 * hold it.
 */
const LAST_WORDS = 2_000

/**
 * The environment in which the host starts plugins: its own, and where to listen. Data goes to a
 * folder that will be removed.
 */
export const hostEnvironment = (socket: string, folder: string): NodeJS.ProcessEnv => ({
  ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('TORU_'))),
  TORU_PLUGIN_SOCKET: socket,
  TORU_DATA_DIR: join(folder, 'data'),
})

/** Starts a plugin's file. Whether it listens is another question: {@link socketWithin}. */
export const launch = ({ file, path, unread, env }: Launch, tidy: Tidy): PluginProcess => {
  const [command, ...args] = commandFor(file)
  const folder = dirname(path)
  const child = spawn(command, args, {
    cwd: folder,
    env: { ...hostEnvironment(path, folder), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  })
  const { pid } = child
  if (pid !== undefined) tidy.started(pid)
  let end: ProcessEnd | undefined
  const ended = new Promise<ProcessEnd>(resolve => {
    // `exit`, not `close`: what it has started may keep the streams open. Its last words may be on
    // their way still.
    child.once('exit', (code, signal) => {
      setTimeout(resolve, LAST_WORDS, { code, signal })
      if (child.stderr.readableEnded) resolve({ code, signal })
      else child.stderr.once('end', () => resolve({ code, signal }))
    })
    child.once('error', () => resolve({ code: null, signal: null }))
  }).then(how => {
    end = how
    return how
  })
  const written = { stdout: '', stderr: '', bytes: 0 }
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    written.stderr = (written.stderr + text).slice(-TAIL)
  })
  const readStdout = (): void => {
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      written.bytes += Buffer.byteLength(text)
      if (written.stdout.length < TAIL) written.stdout += text
    })
  }
  if (!unread) readStdout()
  return {
    path,
    pid,
    end: () => end,
    endWithin: ms =>
      new Promise(resolve => {
        const timer = setTimeout(() => resolve(end), ms)
        ended.then(how => {
          clearTimeout(timer)
          resolve(how)
        })
      }),
    stderr: () => written.stderr,
    stdout: async () => {
      if (unread) readStdout()
      await pause(LATE_OUTPUT)
      return { first: written.stdout, bytes: written.bytes }
    },
    signal: name => void child.kill(name),
    stop: async () => {
      if (pid !== undefined) tidy.kill(pid)
      await ended
      child.stdout.destroy()
      child.stderr.destroy()
    },
  }
}

/**
 * What stands at the path of a socket, within so many milliseconds, and how many it took;
 * `undefined` where nothing does or the process has ended.
 */
export const socketWithin = async (
  plugin: PluginProcess,
  ms: number,
): Promise<{ readonly isSocket: boolean; readonly after: number } | undefined> => {
  const begun = performance.now()
  for (;;) {
    const found = lstatSync(plugin.path, { throwIfNoEntry: false })
    const after = performance.now() - begun
    if (found !== undefined) return { isSocket: found.isSocket(), after }
    if (after > ms || plugin.end() !== undefined) return undefined
    await pause(2)
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
