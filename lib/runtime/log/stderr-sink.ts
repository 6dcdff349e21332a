import { constants, fstatSync, openSync, writeSync } from 'node:fs'
import { isatty } from 'node:tty'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { HOST_LOG_READ } from '../../domain/host.js'

/** Takes lines of the log. */
export interface Sink {
  /**
   * Writes one line, given without its newline. Never waits and never throws: what cannot be
   * written now is kept, up to {@link MAX_QUEUED} lines.
   */
  write(line: string): void
  /**
   * Writes what is kept, as far as the reader takes it within {@link FLUSH_MS}: for the moment
   * before the process ends. Never throws.
   */
  flushSync(): void
}

/**
 * How many lines wait for a reader that is slow. Past it the oldest are dropped, and a line says
 * how many.
 */
export const MAX_QUEUED = 1024

/** The longest that `flushSync` takes, in milliseconds. */
export const FLUSH_MS = 500

/**
 * What a file descriptor is, as far as writing to it differs. `file` is everything that takes what
 * it is given: a file, `/dev/null`.
 */
export type DescriptorKind = 'pipe' | 'socket' | 'terminal' | 'file' | 'closed'

/** The kind of an open descriptor of this process; `closed` if it is not open. */
export const descriptorKind = (fd: number): DescriptorKind => {
  if (isatty(fd)) return 'terminal'
  return pipe(
    E.tryCatch(
      () => fstatSync(fd),
      () => 'closed' as const,
    ),
    E.match(
      closed => closed,
      status => (status.isFIFO() ? 'pipe' : status.isSocket() ? 'socket' : 'file'),
    ),
  )
}

/**
 * A sink to the standard error of this process, whatever it is connected to.
 *
 * - A pipe, as the host makes it: each line is padded with spaces to {@link HOST_LOG_READ} bytes,
 *   which a pipe takes whole or not at all, so that each of the host's reads finds one line. The
 *   pipe is opened a second time, since whether a descriptor waits is shared with every process
 *   that inherited it.
 * - A socket, as a parent that runs on Node.js makes it, and a pipe that cannot be opened again:
 *   the shared descriptor itself is made to not wait. A child process that inherits it finds it so,
 *   too.
 * - A file or a terminal: lines as they are. A full disk is tried again every second.
 *
 * A reader that is gone ends the writing and nothing else. `noteOf` words the line about dropped
 * lines; the host shows only lines of its own form, so it should be `droppedLine(id)` of
 * log-line.ts.
 */
export const openStderr = (noteOf: (dropped: number) => string = plainNote): Sink => {
  switch (descriptorKind(2)) {
    case 'pipe':
      return pipeSink(noteOf)
    case 'socket':
      return queueingSink(putTo(2, unblock), bytesOf, noteOf)
    case 'closed':
      return { write: () => undefined, flushSync: () => undefined }
    default:
      return queueingSink(putTo(2), bytesOf, noteOf)
  }
}

const plainNote = (dropped: number): string =>
  `${dropped} lines of the log were dropped: nobody read them in time`

const pipeSink = (noteOf: (dropped: number) => string): Sink =>
  pipe(
    E.tryCatch(
      () => openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK),
      codeOf,
    ),
    E.match(
      // Not ours any more after a change of user, or no /proc. (A reader that is gone, ENXIO of a
      // pipe with a name, shows as EPIPE at the first write.)
      () => queueingSink(putTo(2, unblock), padded, noteOf),
      own => queueingSink(putTo(own), padded, noteOf),
    ),
  )

// Node.js makes a pipe or a socket non-blocking when `process.stderr` is first touched, and every
// child process that is spawned with an inherited descriptor makes it blocking again, hence before
// each write. Nothing is ever written through that stream: its queue would be lost at exit.
const unblock = (): void => {
  const handle: unknown = '_handle' in process.stderr ? process.stderr._handle : undefined
  if (typeof handle !== 'object' || handle === null || !('setBlocking' in handle)) return
  if (typeof handle.setBlocking === 'function') handle.setBlocking(false)
}

const bytesOf = (line: string): Buffer => Buffer.from(`${line}\n`)

const padded = (line: string): Buffer => {
  const length = Buffer.byteLength(line) + 1
  const bytes = Buffer.alloc(Math.ceil(length / HOST_LOG_READ) * HOST_LOG_READ, ' ')
  bytes.write(line)
  bytes[bytes.length - 1] = 0x0a
  return bytes
}

/**
 * How many bytes were taken, or why none were: the reader is slow, the disk is full or failing,
 * nobody will ever read.
 */
type Taken = number | 'later' | 'failing' | 'gone'

const REFUSALS: ReadonlyMap<string, Taken> = new Map([
  ['EAGAIN', 'later'],
  ['EPIPE', 'gone'],
  ['EBADF', 'gone'],
  ['ECONNRESET', 'gone'],
  ['ENOTCONN', 'gone'],
])

const putTo =
  (fd: number, prepare: () => void = () => undefined) =>
  (bytes: Uint8Array): Taken =>
    pipe(
      E.tryCatch(() => {
        prepare()
        return writeSync(fd, bytes)
      }, codeOf),
      E.match(
        code => REFUSALS.get(code) ?? 'failing',
        count => (count === 0 ? 'later' : count),
      ),
    )

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : ''

const FIRST_RETRY_MS = 5
const LAST_RETRY_MS = 320
const FAILING_RETRY_MS = 1000

/**
 * The queue in front of a descriptor. `put` writes what it can without waiting, `encode` makes the
 * bytes of a line, `noteOf` words the line about dropped lines. Its timer keeps no process alive.
 */
export const queueingSink = (
  put: (bytes: Uint8Array) => Taken,
  encode: (line: string) => Buffer,
  noteOf: (dropped: number) => string,
): Sink => {
  const lines: string[] = []
  let rest: Buffer | undefined
  let dropped = 0
  let state: 'writing' | 'waiting' | 'gone' = 'writing'
  let delay = FIRST_RETRY_MS

  const next = (): Buffer | undefined => {
    if (rest !== undefined) return rest
    if (dropped > 0) return encode(noteOf(dropped))
    const line = lines[0]
    return line === undefined ? undefined : encode(line)
  }

  const took = (): void => {
    if (rest !== undefined) rest = undefined
    else if (dropped > 0) dropped = 0
    else lines.shift()
  }

  const drain = (): 'empty' | 'later' | 'failing' | 'gone' => {
    for (let bytes = next(); bytes !== undefined; bytes = next()) {
      const taken = put(bytes)
      if (typeof taken === 'string') return taken
      took()
      if (taken < bytes.length) rest = bytes.subarray(taken)
      delay = FIRST_RETRY_MS
    }
    return 'empty'
  }

  const work = (): void => {
    const outcome = drain()
    if (outcome === 'empty') {
      state = 'writing'
    } else if (outcome === 'gone') {
      state = 'gone'
      lines.length = 0
      rest = undefined
    } else {
      state = 'waiting'
      setTimeout(work, outcome === 'later' ? delay : FAILING_RETRY_MS).unref()
      delay = Math.min(2 * delay, LAST_RETRY_MS)
    }
  }

  return {
    write: line => {
      if (state === 'gone') return
      lines.push(line)
      if (lines.length > MAX_QUEUED) {
        lines.shift()
        dropped += 1
      }
      if (state === 'writing') work()
    },
    flushSync: () => {
      if (state === 'gone') return
      const end = performance.now() + FLUSH_MS
      while (drain() === 'later' && performance.now() < end) pause(2)
    },
  }
}

// The event loop does not turn any more while a process exits, so that this waits without it.
const pause = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
