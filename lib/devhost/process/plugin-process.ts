import { rmSync } from 'node:fs'
import { andLastWords } from '../../plugin-process/output.js'
import {
  endInWords,
  endWithin,
  type ProcessEnd,
  signalGroup,
} from '../../plugin-process/spawn-process.js'
import { waitForSocket } from '../../plugin-process/wait-for-socket.js'
import { type Launch, type LaunchOptions, launch } from './launch.js'

/** A plugin that runs. */
export interface PluginProcess {
  readonly pid: number | null
  /** The path of its socket. */
  readonly path: string
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number
  readonly ended: Promise<ProcessEnd>
  /** How it ended, once it has. */
  readonly end: () => ProcessEnd | undefined
  /**
   * Waits for its socket, so many milliseconds at most: `true` if it is there, `false` if it is
   * late, or if the process has ended.
   */
  readonly socketWithin: (ms: number) => Promise<boolean>
  /** From its start to its socket, once that is there. */
  readonly socketAfter: () => number | null
  /** How it ended and what it wrote last, in words. */
  readonly lastWords: () => string
  readonly signal: (name: NodeJS.Signals) => void
  /** Waits for its end so many milliseconds at most. */
  readonly endWithin: (ms: number) => Promise<boolean>
}

/** What a new process is started with. */
export interface PluginStart {
  readonly launch: Launch
  readonly path: string
  readonly launchOptions: LaunchOptions
  /** Gets what came on stderr, as it came. */
  readonly onStderr: (chunk: Buffer) => void
  /** Gets what came on stdout; without it that is left unread, as the real host leaves it. */
  readonly onStdout: ((chunk: Buffer) => void) | undefined
}

/** Of what was written last: lines of the log may be filled up to 4 KiB each. */
const TAIL = 32_768

/** Starts a plugin on a socket's path. It is up once the socket is there. */
export const startPlugin = ({
  launch: target,
  path,
  launchOptions,
  onStderr,
  onStdout,
}: PluginStart): PluginProcess => {
  const startedAt = Date.now()
  const begun = performance.now()
  rmSync(path, { force: true })
  const { child, stderr, pid, ended } = launch(
    target.serving ?? target.command,
    launchOptions,
    { TORU_PLUGIN_SOCKET: path },
    `${path}.stderr`,
  )
  let tail = ''
  let end: ProcessEnd | undefined
  let socketAfter: number | null = null
  stderr?.on('data', (chunk: Buffer) => {
    tail = (tail + chunk.toString('utf8')).slice(-TAIL)
    onStderr(chunk)
  })
  if (onStdout !== undefined) child.stdout?.on('data', onStdout)
  const over = ended.then(how => {
    end = how
    child.stdout?.destroy()
    // A plugin that was killed could not remove it.
    rmSync(path, { force: true })
    return how
  })
  return {
    pid: pid ?? null,
    path,
    startedAt,
    ended: over,
    end: () => end,
    socketWithin: async timeout => {
      const found = await waitForSocket(path, {
        timeout,
        isOver: () => end !== undefined,
        interval: timeout > LONG_WAIT ? LONG_INTERVAL : INTERVAL,
      })
      if (found !== 'socket') return false
      socketAfter ??= performance.now() - begun
      return true
    },
    socketAfter: () => socketAfter,
    lastWords: () => `${end === undefined ? 'it runs' : endInWords(end)}${andLastWords(tail)}`,
    signal: name => {
      if (pid !== undefined && end === undefined) signalGroup(pid, name)
    },
    endWithin: async ms => (await endWithin(over, ms)) !== undefined,
  }
}

/** How often a socket is looked for, and one that is late already, in milliseconds. */
const INTERVAL = 10
const LONG_INTERVAL = 100
const LONG_WAIT = 10_000
