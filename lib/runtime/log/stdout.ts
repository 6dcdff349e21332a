import { closeSync, constants, fstatSync, openSync } from 'node:fs'
import { StringDecoder } from 'node:string_decoder'
import * as E from 'fp-ts/lib/Either.js'
import { costOf } from './log-line.js'
import { type DescriptorKind, descriptorKind } from './stderr-sink.js'

/** One of the two streams that a program prints to. */
export type PrintStream = 'stdout' | 'stderr'

/**
 * What becomes of descriptor 1: `keep` it as it is, `share` what stderr is connected to, or
 * `discard` what is written to it.
 */
export type StdoutPlan = 'keep' | 'share' | 'discard'

/**
 * What becomes of stdout, from what the two descriptors are. A terminal is left alone: a person
 * looks at it. Anything else is a pipe that nobody reads, or may be. A socket cannot be opened a
 * second time, so that what goes around JavaScript's streams is lost there.
 */
export const stdoutPlan = (stdout: DescriptorKind, stderr: DescriptorKind): StdoutPlan => {
  if (stdout === 'terminal') return 'keep'
  return stderr === 'socket' || stderr === 'closed' ? 'discard' : 'share'
}

/** Which streams are turned. */
export interface RedirectOptions {
  /**
   * Whether what is printed to stderr becomes entries as well: raw text there would shift the
   * padded lines. Unless said, if stderr is a pipe.
   */
  readonly stderrToo?: boolean
}

/** What {@link redirectStdout} did. */
export interface Redirection {
  /**
   * What became of descriptor 1. `discard` although stderr could have been shared means that the
   * system refused.
   */
  readonly descriptor: StdoutPlan
  /**
   * Hands on what has no newline yet: for the moment before the process ends, before the sink of
   * the log is flushed.
   */
  flushSync(): void
}

/**
 * Turns what authors, libraries and child processes print on stdout to stderr, since the host reads
 * only that (docs/protocol.md#logs).
 *
 * What JavaScript prints (`console.log`, `process.stdout.write`) is given to `entry` line by line,
 * without the newline; text without one after a turn of the event loop, and a long line in pieces
 * of at most {@link MAX_PIECE} bytes. What goes around JavaScript's streams (`fs.writeSync(1, …)`,
 * the inherited stdout of a child) goes where stderr goes, unpadded. Where stdout is a terminal
 * nothing changes, except for stderr if `stderrToo` asks for it.
 *
 * Never throws. Call it once, before anything is printed.
 */
export const redirectStdout = (
  entry: (stream: PrintStream, text: string) => void,
  options: RedirectOptions = {},
): Redirection => {
  const [stdout, stderr] = [descriptorKind(1), descriptorKind(2)]
  const plan = stdoutPlan(stdout, stderr)
  const descriptor = plan === 'keep' ? plan : replaceStdout(plan, stderr)

  const turned: Array<() => void> = []
  if (plan !== 'keep') turned.push(turnStream('stdout', entry))
  if (options.stderrToo ?? stderr === 'pipe') turned.push(turnStream('stderr', entry))
  const flushSync = (): void => {
    for (const flush of turned) flush()
  }
  // First of all listeners: those that flush the log come after it.
  process.prependListener('exit', flushSync)
  return { descriptor, flushSync }
}

const SHARED_FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY

const replaceStdout = (plan: 'share' | 'discard', stderr: DescriptorKind): StdoutPlan => {
  if (descriptorKind(0) === 'closed') attempt(openNull)
  // A pipe with a name makes who opens it wait for a reader, so it must not wait. (libuv gives
  // child processes a descriptor that waits.)
  const flags = stderr === 'pipe' ? SHARED_FLAGS | constants.O_NONBLOCK : SHARED_FLAGS
  const like = (fd: number) => (): number => openSync(`/proc/self/fd/${fd}`, flags)
  const trial = plan === 'share' ? attempt(like(2)) : undefined
  if (trial === undefined) {
    takePlace(1, openNull)
    return 'discard'
  }
  closeSync(trial)
  const shared = takePlace(1, like(2))
  // A second description of a file has a place of its own to write at. Each must write at the end,
  // or they overwrite each other.
  if (shared && fstatSync(1).isFile()) takePlace(2, like(1))
  return shared ? 'share' : 'discard'
}

/**
 * Puts what `open` opens in the place of a descriptor, `/dev/null` if that fails; whether it is
 * what was wanted. The lowest free number is given to whoever opens next, so that all numbers below
 * must be in use, and nothing may come between.
 */
const takePlace = (fd: number, open: () => number): boolean => {
  attempt(() => closeSync(fd))
  const opened = attempt(open)
  const got = opened ?? attempt(openNull)
  if (got === fd) return opened !== undefined
  // A thread was quicker, and the number is a file of its.
  if (got !== undefined) attempt(() => closeSync(got))
  return false
}

const openNull = (): number => openSync('/dev/null', 'r+')

const attempt = <A>(run: () => A): A | undefined => {
  const result = E.tryCatch(run, () => undefined)
  return E.isRight(result) ? result.right : undefined
}

/**
 * How much of a long line makes an entry, in bytes inside a JSON string: what leaves room for the
 * rest of the entry in one read of the host.
 */
export const MAX_PIECE = 3000

/** Replaces the `write` of a stream; what is returned hands on what waits. */
const turnStream = (
  name: PrintStream,
  entry: (stream: PrintStream, text: string) => void,
): (() => void) => {
  const stream = process[name]
  const lines = gatherLines(text => entry(name, text))
  stream.write = (chunk: Uint8Array | string, encoding?: unknown, callback?: unknown): boolean => {
    lines.push(bytesOrText(chunk, encoding))
    const done = typeof encoding === 'function' ? encoding : callback
    if (typeof done === 'function') process.nextTick(() => done())
    return true
  }
  // Whatever is still written around the function above may find that nobody reads.
  stream.on('error', () => undefined)
  return lines.flush
}

const bytesOrText = (chunk: unknown, encoding: unknown): Uint8Array | string => {
  if (typeof chunk === 'string') {
    const isText =
      typeof encoding !== 'string' || !Buffer.isEncoding(encoding) || /^utf-?8$/i.test(encoding)
    return isText ? chunk : Buffer.from(chunk, encoding)
  }
  return ArrayBuffer.isView(chunk)
    ? new Uint8Array(chunk.buffer, chunk.byteOffset, chunk.byteLength)
    : String(chunk)
}

interface LineGatherer {
  push(chunk: Uint8Array | string): void
  flush(): void
}

/** Cuts what is printed into lines; empty ones are left out. */
export const gatherLines = (emit: (line: string) => void): LineGatherer => {
  const decoder = new StringDecoder('utf8')
  let partial = ''
  let emitting = false
  let scheduled = false

  const hand = (line: string): void => {
    for (const piece of piecesOf(line)) emit(piece)
  }

  const flush = (): void => {
    const line = partial
    partial = ''
    guarded(() => hand(line))
  }

  // Who prints while an entry is made would make another one, and so on.
  const guarded = (run: () => void): void => {
    if (emitting) return
    emitting = true
    E.tryCatch(run, () => undefined)
    emitting = false
  }

  const later = (): void => {
    scheduled = false
    flush()
  }

  return {
    push: chunk => {
      if (emitting) return
      const lines = `${partial}${typeof chunk === 'string' ? chunk : decoder.write(chunk)}`.split(
        /\r?\n/,
      )
      partial = lines.pop() ?? ''
      guarded(() => lines.forEach(hand))
      if (partial.length > MAX_PIECE) flush()
      if (partial !== '' && !scheduled) {
        scheduled = true
        setImmediate(later)
      }
    },
    flush,
  }
}

const piecesOf = (line: string): ReadonlyArray<string> => {
  const pieces: string[] = []
  for (let start = 0; start < line.length; ) {
    const end = pieceEnd(line, start)
    pieces.push(line.slice(start, end))
    start = end
  }
  return pieces
}

// A character takes 1 byte as a rule, 3 in many scripts, and 6 where JSON escapes it.
const pieceEnd = (line: string, start: number): number => {
  const lengths = [MAX_PIECE, Math.floor(MAX_PIECE / 3), Math.floor(MAX_PIECE / 6)]
  const length =
    lengths.find(candidate => costOf(line.slice(start, start + candidate)) <= MAX_PIECE) ?? 1
  const end = Math.min(start + length, line.length)
  const last = line.charCodeAt(end - 1)
  // Not between the two halves of a character.
  return end < line.length && end - 1 > start && last >= 0xd800 && last <= 0xdbff ? end - 1 : end
}
