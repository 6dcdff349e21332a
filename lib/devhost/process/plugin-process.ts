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

/** The process of a plugin. */
export interface PluginProcess {
  readonly pid: number | null
  /** The path of its socket. */
  readonly path: string
  /** When it was started, in milliseconds since 1970. */
  readonly startedAt: number
  readonly ended: Promise<ProcessEnd>
  /** How it ended; `undefined` while it runs. */
  readonly end: () => ProcessEnd | undefined
  /**
   * Waits at most `ms` milliseconds for its socket. `false` if that is late or the process has
   * ended.
   */
  readonly socketWithin: (ms: number) => Promise<boolean>
  /** How long its socket took to appear, in milliseconds; `null` before that. */
  readonly socketAfter: () => number | null
  /** How it ended and what it wrote last, as a sentence. */
  readonly lastWords: () => string
  readonly signal: (name: NodeJS.Signals) => void
  /** Waits at most `ms` milliseconds for its end. `false` if it still runs. */
  readonly endWithin: (ms: number) => Promise<boolean>
}

/** How to start a plugin. */
export interface PluginStart {
  readonly launch: Launch
  readonly path: string
  readonly launchOptions: LaunchOptions
  /** Called with the plugin's stderr. */
  readonly onStderr: (chunk: Buffer) => void
  /** Called with the plugin's stdout. If absent, stdout is not read, as in the real host. */
  readonly onStdout: ((chunk: Buffer) => void) | undefined
}

/** How many characters of stderr are kept. A log line may be padded to 4 KiB. */
const MAX_TAIL = 32_768

/** Starts a plugin. It is up once its socket is at `path`. */
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
    tail = (tail + chunk.toString('utf8')).slice(-MAX_TAIL)
    onStderr(chunk)
  })
  if (onStdout !== undefined) child.stdout?.on('data', onStdout)
  const over = ended.then(how => {
    end = how
    child.stdout?.destroy()
    // A plugin that was killed has not removed its socket.
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

/** How often the socket is looked for, in milliseconds: less often during long waits. */
const INTERVAL = 10
const LONG_INTERVAL = 100
const LONG_WAIT = 10_000
