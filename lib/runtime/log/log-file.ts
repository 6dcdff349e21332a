import { closeSync, constants, fstatSync, openSync, type Stats, statSync, writeSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { messageOf } from '../../domain/plugin-error.js'

/**
 * How long a file that failed is left alone, and how often it is looked at whether the path still
 * means the same file; in milliseconds.
 */
const LOOK_AGAIN_MS = 5000

/**
 * Appends lines to a file, which is made for this user only (0600) if it is not there; its
 * directory is not made. Each line is one write.
 *
 * The function that is returned never throws. A file that fails (no directory, a full disk) is
 * tried again every few seconds, and the lines in between are lost to it; `say` gets one sentence
 * when that begins and one when it ends. A file that was moved away, as log rotation does, is made
 * anew.
 */
export const appendTo = (
  path: string,
  say: (level: 'warn' | 'info', sentence: string) => void,
  clock: () => number = () => performance.now(),
): ((line: string) => void) => {
  let file: OpenFile | undefined
  let lookAt = Number.NEGATIVE_INFINITY
  let lost = 0
  // Whether the file ends in the middle of a line, from a disk that ran full there.
  let torn = false

  const fail = (cause: unknown): void => {
    if (file !== undefined) closeQuietly(file.fd)
    file = undefined
    lookAt = clock() + LOOK_AGAIN_MS
    if (lost === 0)
      say(
        'warn',
        `The log file ${path} cannot be written: ${messageOf(cause)}. It is tried again every ${LOOK_AGAIN_MS / 1000} s.`,
      )
    lost += 1
  }

  const open = (): E.Either<unknown, OpenFile> => {
    if (clock() < lookAt && file !== undefined) return E.right(file)
    lookAt = clock() + LOOK_AGAIN_MS
    if (file !== undefined && isStillAt(path, file)) return E.right(file)
    if (file !== undefined) closeQuietly(file.fd)
    file = undefined
    return openFile(path)
  }

  const append = (fd: number, line: string): E.Either<unknown, void> => {
    const bytes = Buffer.from(torn ? `\n${line}\n` : `${line}\n`)
    const written = E.tryCatch(() => writeSync(fd, bytes), keep)
    if (E.isLeft(written)) return written
    torn = written.right < bytes.length
    return torn
      ? E.left(`only ${written.right} of ${bytes.length} bytes were written`)
      : E.right(undefined)
  }

  return line => {
    if (lost > 0 && clock() < lookAt) {
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
          say('info', `The log file ${path} is written again; ${lost} lines are not in it.`)
        lost = 0
      }),
    )
  }
}

interface OpenFile {
  readonly fd: number
  readonly status: Stats
}

// O_NONBLOCK is for a path that is a pipe without a reader: opening it would wait for one.
const FLAGS =
  constants.O_WRONLY |
  constants.O_APPEND |
  constants.O_CREAT |
  constants.O_NONBLOCK |
  constants.O_NOCTTY

const openFile = (path: string): E.Either<unknown, OpenFile> =>
  pipe(
    E.tryCatch(() => openSync(path, FLAGS, 0o600), keep),
    E.chain(fd => {
      const status = E.tryCatch(() => fstatSync(fd), keep)
      if (E.isRight(status) && status.right.isFile()) return E.right({ fd, status: status.right })
      closeQuietly(fd)
      return E.left(E.isLeft(status) ? status.left : 'it is not a file')
    }),
  )

const isStillAt = (path: string, file: OpenFile): boolean =>
  E.exists(
    (status: Stats | undefined) =>
      status !== undefined && status.ino === file.status.ino && status.dev === file.status.dev,
  )(E.tryCatch(() => statSync(path, { throwIfNoEntry: false }), keep))

const closeQuietly = (fd: number): void => {
  E.tryCatch(() => closeSync(fd), keep)
}

const keep = (cause: unknown): unknown => cause
