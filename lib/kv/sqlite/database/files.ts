import { accessSync, constants, readdirSync, type Stats, statfsSync, statSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { fault, type SqliteFault } from '../driver/fault.js'

/**
 * What SQLite keeps beside a database: the write-ahead log, its index, and the journal of other
 * modes. They belong to the file and go where it goes.
 */
export const COMPANIONS = ['-wal', '-shm', '-journal'] as const

/** Stands in the name of every database that was moved aside, after the name it had. */
export const ASIDE = '.damaged-'

const statusOf = (file: string): Stats | undefined => {
  try {
    return statSync(file, { throwIfNoEntry: false })
  } catch {
    return undefined
  }
}

/**
 * Whether something other than a file has the name, such as a directory. SQLite would read it and
 * report damage.
 */
export const isNoFile = (file: string): boolean => statusOf(file)?.isFile() === false

/** The size of a file in bytes; 0 where there is none. */
export const sizeOf = (file: string): number => statusOf(file)?.size ?? 0

/** The companions of a database that may hold what was written; the index can be made again. */
export const logsOf = (file: string): ReadonlyArray<string> =>
  COMPANIONS.filter(suffix => suffix !== '-shm' && sizeOf(file + suffix) > 0).map(
    suffix => file + suffix,
  )

/** A function that says whether a path still names the file that it names now. */
export const sameFile = (file: string): (() => boolean) => {
  const first = statusOf(file)
  return () => {
    const found = statusOf(file)
    return (
      first !== undefined &&
      found !== undefined &&
      first.ino === found.ino &&
      first.dev === found.dev
    )
  }
}

/**
 * A function that says whether a file is still as it is now: nobody has written to it or begun a
 * log beside it. For a file that is read without locks. None if there is nothing to read, or a log
 * without which the file is incomplete.
 */
export const unchanged = (file: string): (() => boolean) | undefined => {
  const same = sameFile(file)
  const first = statusOf(file)
  if (first === undefined || first.size === 0 || logsOf(file).length > 0) return undefined
  return () =>
    same() &&
    sizeOf(file) === first.size &&
    statusOf(file)?.mtimeMs === first.mtimeMs &&
    logsOf(file).length === 0
}

/** Whether a database of this name was moved aside before. */
export const wasMovedAside = (file: string): boolean => {
  try {
    return readdirSync(dirname(file)).some(name => name.startsWith(basename(file) + ASIDE))
  } catch {
    return false
  }
}

/** The bytes that must be free to open a file: the index of a write-ahead log has 32 KiB. */
const MIN_FREE_BYTES = 65_536

/**
 * Why nothing can be written beside a file: its directory or disk is read-only, or the disk is
 * full. None if the file system says neither.
 */
export const whyNotWritable = (file: string): SqliteFault | undefined => {
  const directory = dirname(file)
  try {
    accessSync(directory, constants.W_OK)
    const { bavail, bsize } = statfsSync(directory)
    return bavail * bsize < MIN_FREE_BYTES
      ? fault('full', `${bavail * bsize} bytes are free`)
      : undefined
  } catch (cause) {
    return fault('read-only', cause)
  }
}
