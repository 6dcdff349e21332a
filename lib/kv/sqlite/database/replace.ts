import {
  existsSync,
  linkSync,
  lstatSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
} from 'node:fs'
import { dirname } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { isRunning } from '../../../domain/is-running.js'
import { syncDirectory } from '../../directory.js'
import { fault, type SqliteFault } from '../driver/fault.js'
import { ASIDE, COMPANIONS, logsOf, sizeOf } from './files.js'

/**
 * Moves a database aside with everything that belongs to it, and yields its new path: the old one,
 * `.damaged-` and the time. Nothing is deleted or written over. None where `isSame` tells that
 * another process has put another file in its place; then that one stays.
 */
export const moveAside = (
  file: string,
  isSame: () => boolean,
): Either<SqliteFault, string | undefined> =>
  exclusively(file, () => (isSame() ? move(file) : undefined))

/**
 * Puts a finished database in its place, unless there is one. A log that lies there without its
 * database is moved aside first: it would be read as part of the new one. Yields the path to which
 * it was moved, if it was.
 */
export const publish = (file: string, finished: string): Either<SqliteFault, string | undefined> =>
  exclusively(file, () => {
    if (sizeOf(file) > 0) return undefined
    const aside = logsOf(file).length > 0 ? move(file) : undefined
    rmSync(file, { force: true })
    link(finished, file)
    syncDirectory(dirname(file))
    return aside
  })

/**
 * The file itself goes last: should we be killed in between, it is found again as it is, and never
 * loses a log to a new file.
 */
const move = (file: string): string => {
  const aside = freeName(file + ASIDE + new Date().toISOString().replaceAll(':', ''), 1)
  for (const suffix of [...COMPANIONS, '']) {
    if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
  }
  return aside
}

const freeName = (name: string, attempt: number): string => {
  const candidate = attempt === 1 ? name : `${name}-${attempt}`
  return ['', ...COMPANIONS].some(suffix => existsSync(candidate + suffix))
    ? freeName(name, attempt + 1)
    : candidate
}

/** A link never replaces a file, as a rename would; but some file systems have no links. */
const link = (from: string, to: string): void => {
  const linked = attempt(() => linkSync(from, to))
  if (E.isLeft(linked) && !existsSync(to)) renameSync(from, to)
}

/**
 * The lock is held for a few system calls: one as old as this, in milliseconds, was left by a
 * process that was killed.
 */
const STALE = 10_000

/**
 * Lets one process at a time decide which file has the name; `locked` where another one is about
 * it: try again. The lock is a symbolic link that points at the number of its process, for a link
 * is there with its content at once, and one that outlived its process can be told.
 */
const exclusively = <A>(file: string, f: () => A): Either<SqliteFault, A> => {
  const lock = `${file}.lock`
  const taken = attempt(() => symlinkSync(String(process.pid), lock))
  if (E.isLeft(taken)) {
    if (codeOf(taken.left.cause) !== 'EEXIST') return taken
    if (!isHeld(lock)) rmSync(lock, { force: true })
    return E.left(fault('locked', 'another process is putting a file in its place'))
  }
  const result = attempt(f)
  rmSync(lock, { force: true })
  return result
}

const attempt = <A>(f: () => A): Either<SqliteFault, A> =>
  E.tryCatch(f, cause => fault('failed', cause))

/** A lock that is gone by the time one looks must not be broken: the next may have been taken. */
const isHeld = (lock: string): boolean =>
  E.getOrElse(() => true)(
    attempt(
      () =>
        Math.abs(Date.now() - lstatSync(lock).mtimeMs) < STALE &&
        isRunning(Number(readlinkSync(lock))),
    ),
  )

const codeOf = (cause: unknown): unknown =>
  cause instanceof Error && 'code' in cause ? cause.code : undefined
