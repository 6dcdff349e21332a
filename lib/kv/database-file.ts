import { closeSync, existsSync, openSync, readdirSync, renameSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { fault, type SqliteFault } from './sqlite-fault.js'

/** What SQLite keeps beside a database: the write-ahead log, its index, and the journal of a change of mode. They belong to the file and go where it goes. */
const COMPANIONS = ['-wal', '-shm', '-journal']

/** Stands in the name of every file that was moved aside. */
const ASIDE = '.damaged-'

/** The status of a file; none where there is none, or none can be had. */
export const statusOf = (file: string): Stats | undefined => {
  try {
    return statSync(file, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/** The size of a database and its write-ahead log, in bytes. */
export const sizeOf = (file: string): number => (statusOf(file)?.size ?? 0) + (statusOf(`${file}-wal`)?.size ?? 0)

/** A function that tells whether a path still names the file that it names now. */
export const sameFile = (file: string): (() => boolean) => {
  const first = statusOf(file)
  return () => {
    const found = statusOf(file)
    return first !== undefined && found !== undefined && first.ino === found.ino && first.dev === found.dev
  }
}

/**
 * A function that tells whether a file that is read without locks is as it is now: nobody has written to it or begun a log beside it. None where that
 * cannot be, because there is a log already.
 */
export const untouched = (file: string): (() => boolean) | undefined => {
  const same = sameFile(file)
  const first = statusOf(file)
  const hasLog = (): boolean => COMPANIONS.some(suffix => suffix !== '-shm' && (statusOf(file + suffix)?.size ?? 0) > 0)
  if (first === undefined || first.size === 0 || hasLog()) return undefined
  return () => {
    const found = statusOf(file)
    return same() && first.size === found?.size && first.mtimeMs === found.mtimeMs && !hasLog()
  }
}

/** Makes an empty file for this user only (0600); SQLite gives what it puts beside it the same mode. One that is there already stays as it is. */
export const makeFile = (file: string): E.Either<SqliteFault, void> => {
  if (existsSync(file)) return E.right(undefined)
  return E.tryCatch(
    () => closeSync(openSync(file, 'wx', 0o600)),
    cause => fault('failed', cause),
  )
}

/** Whether a log lies beside a database that is missing or empty: SQLite would delete it, and it may hold what was written. */
export const isOrphanedLog = (file: string): boolean =>
  (statusOf(file)?.size ?? 0) === 0 && COMPANIONS.some(suffix => suffix !== '-shm' && (statusOf(file + suffix)?.size ?? 0) > 0)

/** Whether a database at this path was moved aside before. */
export const wasMovedAside = (file: string): boolean => {
  try {
    return readdirSync(dirname(file)).some(name => name.startsWith(basename(file) + ASIDE))
  } catch {
    return false
  }
}

/**
 * Moves a database aside, with everything that belongs to it, and yields its new path: the old one, `.damaged-` and the time. Nothing is deleted or written
 * over. The file itself goes last: should we be killed in between, it is found damaged again, and never loses a log to a new file.
 */
export const moveAside = (file: string): E.Either<SqliteFault, string> =>
  E.tryCatch(
    () => {
      const aside = freeName(join(dirname(file), basename(file) + ASIDE + new Date().toISOString().replaceAll(':', '')))
      for (const suffix of [...COMPANIONS, '']) {
        if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
      }
      return aside
    },
    cause => fault('failed', cause),
  )

const freeName = (name: string, attempt = 1): string => {
  const candidate = attempt === 1 ? name : `${name}-${attempt}`
  return ['', ...COMPANIONS].some(suffix => existsSync(candidate + suffix)) ? freeName(name, attempt + 1) : candidate
}
