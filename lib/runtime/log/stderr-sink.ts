import { constants, openSync, writeSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { HOST_LOG_READ } from '../../domain/host.js'
import { errorCode } from '../../domain/thrown.js'
import { descriptorKind } from './descriptor.js'
import { queuedSink, type Sink, type WriteResult } from './queued-sink.js'

/**
 * A sink to the standard error of this process, whatever it is connected to.
 *
 * - A pipe, as the host makes it: each line is padded with spaces to 4,096 bytes, so that each read
 *   of the host finds one line (docs/protocol.md#logs). The pipe is opened a second time, because
 *   whether a descriptor blocks is shared with every process that inherited it.
 * - A socket, as a parent on Node.js makes it, or a pipe that cannot be opened again: the shared
 *   descriptor itself is made non-blocking, also for a child process that inherits it.
 * - A file or a terminal: lines as they are. A full disk is tried again every second.
 *
 * If the reader is gone, nothing is written any more. `droppedLine` words the line about dropped
 * lines in the host's form; see `droppedLine` of log-line.ts.
 */
export const stderrSink = (droppedLine: (dropped: number) => string): Sink => {
  switch (descriptorKind(2)) {
    case 'pipe':
      return pipeSink(droppedLine)
    case 'socket':
      return queuedSink(writeTo(2, unblock), encode, droppedLine)
    case 'terminal':
    case 'file':
      return queuedSink(writeTo(2), encode, droppedLine)
    case 'closed':
      return { write: () => undefined, flushSync: () => undefined }
  }
}

const pipeSink = (droppedLine: (dropped: number) => string): Sink =>
  pipe(
    E.tryCatch(
      () => openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_NONBLOCK),
      errorCode,
    ),
    E.match(
      // Another user owns the pipe after a change of user, or there is no /proc. A reader that is
      // gone (ENXIO of a named pipe) shows as EPIPE at the first write.
      () => writeTo(2, unblock),
      own => writeTo(own),
    ),
    write => queuedSink(write, encodePadded, droppedLine),
  )

/**
 * Makes stderr non-blocking. Node.js does so when `process.stderr` is first touched, but spawning a
 * child process that inherits it makes it blocking again, so this is called before each write.
 * Nothing is written through the stream itself, whose queue would be lost at exit.
 */
const unblock = (): void => {
  const handle: unknown = '_handle' in process.stderr ? process.stderr._handle : undefined
  if (typeof handle !== 'object' || handle === null || !('setBlocking' in handle)) return
  if (typeof handle.setBlocking === 'function') handle.setBlocking(false)
}

const encode = (line: string): Buffer => Buffer.from(`${line}\n`)

const encodePadded = (line: string): Buffer => {
  const length = Buffer.byteLength(line) + 1
  const bytes = Buffer.alloc(Math.ceil(length / HOST_LOG_READ) * HOST_LOG_READ, ' ')
  bytes.write(line)
  bytes[bytes.length - 1] = 0x0a
  return bytes
}

const writeTo =
  (fd: number, prepare: () => void = () => undefined) =>
  (bytes: Uint8Array): WriteResult =>
    pipe(
      E.tryCatch(() => {
        prepare()
        return writeSync(fd, bytes)
      }, errorCode),
      E.match(
        code => RESULTS.get(code ?? '') ?? 'failing',
        count => (count === 0 ? 'busy' : count),
      ),
    )

const RESULTS: ReadonlyMap<string, WriteResult> = new Map([
  ['EAGAIN', 'busy'],
  ['EPIPE', 'closed'],
  ['EBADF', 'closed'],
  ['ECONNRESET', 'closed'],
  ['ENOTCONN', 'closed'],
])
