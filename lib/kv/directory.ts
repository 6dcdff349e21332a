import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'

/** Whether there is anything at a path, also a dangling link. */
export const exists = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

/**
 * Creates a missing directory, and the missing ones above it, with a mode. Two processes may do so
 * at once. The left side is what the file system reports. The names are synced to the disk, so that
 * files in the directory survive a loss of power.
 */
export const makeDirectory = (path: string, mode: number): Either<unknown, void> => {
  if (exists(path)) return E.right(undefined)
  // One by one, because `recursive` never returns on a file system without new directories, such as
  // /proc.
  const above = dirname(path) === path ? E.right(undefined) : makeDirectory(dirname(path), mode)
  if (E.isLeft(above)) return above
  const made = E.tryCatch(
    () => mkdirSync(path, { mode }),
    cause => cause,
  )
  if (E.isLeft(made) && !exists(path)) return made
  syncDirectory(dirname(path))
  return E.right(undefined)
}

/**
 * Syncs the names in a directory to the disk, so that they survive a loss of power. Does nothing if
 * the directory is not readable or its file system does not support that.
 */
export const syncDirectory = (path: string): void => {
  try {
    const descriptor = openSync(path, 'r')
    try {
      fsyncSync(descriptor)
    } finally {
      closeSync(descriptor)
    }
  } catch {}
}
