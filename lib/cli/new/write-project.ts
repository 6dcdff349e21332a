import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { type CliError, failure, messageOf } from '../cli-error.js'

/**
 * Writes new files into a folder, which is made if needed. It never touches files that exist: if
 * one of them does, nothing is written, and if writing fails, what was written is removed.
 */
export const writeProject = (
  folder: string,
  files: ReadonlyMap<string, string>,
): Either<CliError, void> => {
  const there = [...files.keys()].filter(name => exists(join(folder, name)))
  if (there.length > 0) {
    return E.left(
      failure(
        `${folder} has ${there.join(', ')} already; nothing was written`,
        'Choose another folder with --dir, or move those files.',
      ),
    )
  }
  const made: string[] = []
  return E.tryCatch(
    () => {
      for (const [name, text] of files) {
        const path = join(folder, name)
        const first = mkdirSync(dirname(path), { recursive: true })
        if (first !== undefined) made.push(first)
        // Exclusive: a file that somebody has written meanwhile stays.
        writeFileSync(path, text, { flag: 'wx' })
        made.push(path)
      }
    },
    cause => {
      const left = made.reverse().filter(path => !removed(path))
      const rest =
        left.length === 0 ? 'nothing was left behind' : `these were left behind: ${left.join(', ')}`
      return failure(`the project cannot be written: ${messageOf(cause)}; ${rest}`)
    },
  )
}

/** Whether there is anything at a path, a dangling link included. */
const exists = (path: string): boolean =>
  E.getOrElse(() => false)(
    E.tryCatch(
      () => lstatSync(path, { throwIfNoEntry: false }) !== undefined,
      () => undefined,
    ),
  )

const removed = (path: string): boolean =>
  E.isRight(
    E.tryCatch(
      () => rmSync(path, { recursive: true, force: true }),
      () => undefined,
    ),
  )
