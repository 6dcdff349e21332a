import { closeSync, constants, openSync } from 'node:fs'
import * as O from 'fp-ts/lib/Option.js'
import { type DescriptorKind, descriptorKind } from './descriptor.js'
import { hasPosition } from './file-position.js'
import { lineSplitter } from './line-splitter.js'

/** One of the two streams that a program prints to. */
export type PrintStream = 'stdout' | 'stderr'

/**
 * What becomes of descriptor 1: `keep` it as it is, `share` what stderr is connected to, or
 * `discard` what is written to it.
 */
export type StdoutPlan = 'keep' | 'share' | 'discard'

/**
 * What becomes of stdout, by the kinds of the two descriptors. A terminal is kept, because a person
 * reads it. Anything else may be a pipe that nobody reads. A socket cannot be opened a second time,
 * so what bypasses JavaScript's streams is lost there.
 */
export const stdoutPlan = (stdout: DescriptorKind, stderr: DescriptorKind): StdoutPlan => {
  if (stdout === 'terminal') return 'keep'
  return stderr === 'socket' || stderr === 'closed' ? 'discard' : 'share'
}

/** Which streams are redirected. */
export interface RedirectOptions {
  /**
   * Whether what is printed to stderr becomes entries as well, because raw text there would shift
   * the padded lines. The default is true if stderr is a pipe.
   */
  readonly stderrToo?: boolean
}

/** What {@link redirectStdout} did. */
export interface Redirection {
  /**
   * What became of descriptor 1. `discard` although stderr could have been shared means that the
   * system refused, and `keep` that a file with a position is in the way.
   */
  readonly descriptor: StdoutPlan
  /**
   * Emits what has no newline yet: for the moment before the process ends, before the log's sink is
   * flushed.
   */
  flushSync(): void
}

/**
 * Redirects what authors, libraries and child processes print on stdout to stderr, which is all
 * that the host reads (docs/protocol.md#logs).
 *
 * What JavaScript prints (`console.log`, `process.stdout.write`) is passed to `entry` line by line;
 * see `lineSplitter`. What bypasses JavaScript's streams (`fs.writeSync(1, …)`, the inherited
 * stdout of a child) goes where stderr goes, unpadded. If stdout or stderr is a file with a
 * position it stays where it is: a person has redirected it, and no host. If stdout is a terminal
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
  const isKept = plan === 'keep' || hasPosition(1) || hasPosition(2)
  const descriptor = isKept ? 'keep' : replaceStdout(plan, stderr)

  const flushes: Array<() => void> = []
  if (plan !== 'keep') flushes.push(redirectStream('stdout', entry))
  if (options.stderrToo ?? stderr === 'pipe') flushes.push(redirectStream('stderr', entry))
  const flushSync = (): void => {
    for (const flush of flushes) flush()
  }
  // Before all other listeners, because one of them flushes the log.
  process.prependListener('exit', flushSync)
  return { descriptor, flushSync }
}

const SHARED_FLAGS = constants.O_WRONLY | constants.O_APPEND | constants.O_NOCTTY

const replaceStdout = (plan: 'share' | 'discard', stderr: DescriptorKind): StdoutPlan => {
  if (descriptorKind(0) === 'closed') O.tryCatch(openNull)
  // Opening a named pipe waits for a reader unless it is non-blocking. (libuv gives child processes
  // a blocking descriptor.)
  const flags = stderr === 'pipe' ? SHARED_FLAGS | constants.O_NONBLOCK : SHARED_FLAGS
  const openStderr = (): number => openSync('/proc/self/fd/2', flags)
  const trial = plan === 'share' ? O.tryCatch(openStderr) : O.none
  if (O.isNone(trial)) {
    replaceDescriptor(1, openNull)
    return 'discard'
  }
  closeSync(trial.value)
  return replaceDescriptor(1, openStderr) ? 'share' : 'discard'
}

/**
 * Replaces a descriptor by what `open` opens, or by `/dev/null` if that fails, and yields whether
 * it is what was wanted. The system gives the lowest free number to whoever opens next, so all
 * lower numbers must be in use, and nothing may be opened in between.
 */
const replaceDescriptor = (fd: number, open: () => number): boolean => {
  O.tryCatch(() => closeSync(fd))
  const opened = O.tryCatch(open)
  const got = O.isSome(opened) ? opened : O.tryCatch(openNull)
  if (O.isNone(got)) return false
  if (got.value === fd) return O.isSome(opened)
  // Another thread was faster, and the number now is a file of its.
  O.tryCatch(() => closeSync(got.value))
  return false
}

const openNull = (): number => openSync('/dev/null', 'r+')

/** Replaces the `write` of a stream. The returned function emits what has no newline yet. */
const redirectStream = (
  name: PrintStream,
  entry: (stream: PrintStream, text: string) => void,
): (() => void) => {
  const stream = process[name]
  const lines = lineSplitter(text => entry(name, text))
  stream.write = (chunk: Uint8Array | string, encoding?: unknown, callback?: unknown): boolean => {
    lines.push(bytesOrText(chunk, encoding))
    const done = typeof encoding === 'function' ? encoding : callback
    if (typeof done === 'function') process.nextTick(() => done())
    return true
  }
  // Something may still write to the stream itself and find that nobody reads.
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
