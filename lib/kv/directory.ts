import { closeSync, fsyncSync, lstatSync, mkdirSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'

/** Whether anything has a name; a link is something. */
export const exists = (path: string): boolean => {
  try {
    return lstatSync(path, { throwIfNoEntry: false }) !== undefined
  } catch {
    return false
  }
}

/**
 * Makes a directory that is missing, and those above it that are, with a mode; two processes may do
 * so at once. The left side is what the file system reports. The names survive a loss of power:
 * what is later written with care would otherwise be in a directory that is gone.
 */
export const makeDirectory = (path: string, mode: number): Either<unknown, void> => {
  if (exists(path)) return E.right(undefined)
  // One by one: told to make them all, Node.js never returns from a file system that takes no
  // directories, such as /proc.
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
 * Makes the names in a directory survive a loss of power, where we may look into it and its file
 * system knows how.
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
