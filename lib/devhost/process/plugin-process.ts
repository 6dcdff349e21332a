import { lstatSync, rmSync } from 'node:fs'
import { setTimeout as pause } from 'node:timers/promises'
import { endInWords, type Launch, launch, type ProcessEnd, type Surroundings } from './launch.js'
import { signalGroup } from './process-group.js'

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
export interface ProcessPlace {
  readonly launch: Launch
  readonly path: string
  readonly surroundings: Surroundings
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
  surroundings,
  onStderr,
  onStdout,
}: ProcessPlace): PluginProcess => {
  const startedAt = Date.now()
  const begun = performance.now()
  rmSync(path, { force: true })
  const { child, stderr, pid, ended } = launch(
    { ...target, command: target.serving ?? target.command },
    [],
    surroundings,
    {
      TORU_PLUGIN_SOCKET: path,
    },
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
    stderr?.destroy()
    // A plugin that was killed could not remove it.
    rmSync(path, { force: true })
    return how
  })
  const within = async (ms: number, there: () => boolean): Promise<boolean> => {
    const deadline = performance.now() + ms
    for (;;) {
      if (there()) return true
      const left = deadline - performance.now()
      if (left <= 0 || end !== undefined) return false
      await pause(Math.min(left, ms > 10_000 ? LOOK_EVERY_LATER : LOOK_EVERY))
    }
  }
  const isListening = (): boolean => {
    if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return false
    socketAfter ??= performance.now() - begun
    return true
  }
  return {
    pid: pid ?? null,
    path,
    startedAt,
    ended: over,
    end: () => end,
    socketWithin: ms => within(ms, isListening),
    socketAfter: () => socketAfter,
    lastWords: () => {
      const words = lastError(tail)
      return `${end === undefined ? 'it runs' : endInWords(end)}${words === '' ? '' : `; it wrote: ${words}`}`
    },
    signal: name => {
      if (pid !== undefined && end === undefined) signalGroup(pid, name)
    },
    endWithin: async ms => {
      const timer = new AbortController()
      const result = await Promise.race([
        over.then(() => true),
        pause(ms, false, { signal: timer.signal }).catch(() => false),
      ])
      timer.abort()
      return result
    },
  }
}

const LOOK_EVERY = 10
/** For a socket that is late already. */
const LOOK_EVERY_LATER = 100

/**
 * The end of what was written, from the last line on that names an error, or the last line that is
 * none of the log. Of a line of the log its message and its error.
 */
const lastError = (tail: string): string => {
  const lines = tail.split('\n').filter(line => line.trim() !== '')
  const from = lines.findLastIndex(
    line => /error|exception|panic|fatal|traceback/i.test(line) && !/^\s+at /.test(line),
  )
  return lines
    .slice(from === -1 ? -1 : from)
    .filter(line => from !== -1 || !line.startsWith('{'))
    .map(messageIn)
    .join('\n')
    .trim()
    .slice(0, 2_000)
}

const messageIn = (line: string): string => {
  const [, message] = /"message":("(?:[^"\\]|\\.)*")/.exec(line) ?? []
  const [, error] = /"error":("(?:[^"\\]|\\.)*")/.exec(line) ?? []
  return message === undefined
    ? line
    : [message, error]
        .flatMap(text => (text === undefined ? [] : [String(JSON.parse(text))]))
        .join(': ')
}
