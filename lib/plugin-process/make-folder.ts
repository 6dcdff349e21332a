import { mkdirSync, statSync } from 'node:fs'
import { dirname } from 'node:path'
import { E } from '../fp.js'

/**
 * Makes a folder, and those above it. Yields the first one that was made. Throws as `mkdirSync`
 * does, and also where that would never return with `recursive`: if the system says of an existing
 * folder that nothing can be made in it for it does not exist, as Linux does of `/proc`.
 */
export const makeFolder = (folder: string, mode?: number): string | undefined => {
  if (isFolder(folder)) return undefined
  const first = makeFolder(dirname(folder), mode)
  const made = E.tryCatch(() => mkdirSync(folder, mode), E.toError)
  // Another process may have made it meanwhile. Where it is not there, this says why.
  if (E.isLeft(made) && !isFolder(folder)) mkdirSync(folder, mode)
  return first ?? (E.isRight(made) ? folder : undefined)
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
