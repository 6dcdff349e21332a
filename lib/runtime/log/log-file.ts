import { closeSync, constants, fstatSync, openSync, type Stats, statSync, writeSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { identity, pipe } from 'fp-ts/lib/function.js'
import { messageOf } from '../../domain/thrown.js'

/**
 * How long to wait after a failure, and how often to check whether the path still names the same
 * file, in milliseconds.
 */
const CHECK_EVERY = 5000

/**
 * Appends lines to a file. The file is created for this user only (0600) if it is missing; its
 * directory is not. Each line is one write.
 *
 * The function that is returned never throws. A file that fails (no directory, a full disk) is
 * tried again every few seconds, and loses the lines in between; `report` gets one sentence when
 * that begins and one when it ends. A file that was moved away, as log rotation does, is created
 * again.
 */
export const appendTo = (
  path: string,
  report: (level: 'warn' | 'info', sentence: string) => void,
  clock: () => number = () => performance.now(),
): ((line: string) => void) => {
  let file: OpenFile | undefined
  let checkAt = Number.NEGATIVE_INFINITY
  let lost = 0
  /** Whether the file ends in the middle of a line, because the disk was full. */
  let torn = false

  const fail = (cause: unknown): void => {
    if (file !== undefined) closeQuietly(file.fd)
    file = undefined
    checkAt = clock() + CHECK_EVERY
    if (lost === 0)
      report(
        'warn',
        `The log file ${path} cannot be written: ${messageOf(cause)}. ` +
          `It is tried again every ${CHECK_EVERY / 1000} s.`,
      )
    lost += 1
  }

  const open = (): E.Either<unknown, OpenFile> => {
    if (clock() < checkAt && file !== undefined) return E.right(file)
    checkAt = clock() + CHECK_EVERY
    if (file !== undefined && isStillAt(path, file)) return E.right(file)
    if (file !== undefined) closeQuietly(file.fd)
    file = undefined
    return openFile(path)
  }

  const append = (fd: number, line: string): E.Either<unknown, void> => {
    const bytes = Buffer.from(torn ? `\n${line}\n` : `${line}\n`)
    const written = E.tryCatch(() => writeSync(fd, bytes), identity)
    if (E.isLeft(written)) return written
    torn = written.right < bytes.length
    return torn
      ? E.left(`only ${written.right} of ${bytes.length} bytes were written`)
      : E.right(undefined)
  }

  return line => {
    if (lost > 0 && clock() < checkAt) {
      lost += 1
      return
    }
    pipe(
      open(),
      E.chain(opened => {
        file = opened
        return append(opened.fd, line)
      }),
      E.match(fail, () => {
        if (lost > 0)
          report('info', `The log file ${path} is written again; ${lost} lines are not in it.`)
        lost = 0
      }),
    )
  }
}

interface OpenFile {
  readonly fd: number
  readonly status: Stats
}

// Opening a pipe without a reader would wait for one if it were not non-blocking.
const FLAGS =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_NONBLOCK |
  constants.O_NOCTTY

const openFile = (path: string): E.Either<unknown, OpenFile> =>
  pipe(
    E.tryCatch(() => openSync(path, FLAGS, 0o600), identity),
    E.chain(fd => {
      const status = E.tryCatch(() => fstatSync(fd), identity)
      if (E.isRight(status) && status.right.isFile()) return E.right({ fd, status: status.right })
      closeQuietly(fd)
      return E.left(E.isLeft(status) ? status.left : 'it is not a file')
    }),
  )

const isStillAt = (path: string, file: OpenFile): boolean =>
  E.exists(
    (status: Stats | undefined) =>
      status !== undefined && status.ino === file.status.ino && status.dev === file.status.dev,
  )(E.tryCatch(() => statSync(path, { throwIfNoEntry: false }), identity))

const closeQuietly = (fd: number): void => {
  E.tryCatch(() => closeSync(fd), identity)
}
