import { lstatSync, mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { type CliError, failure } from '../cli-error.js'

/**
 * Writes new files below a folder, which is made where it is missing. Nothing that is there is
 * touched: where one of the files exists, none is written, and where writing fails, what was
 * written is taken away again.
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
        'Choose another folder with --dir, or move what is there out of the way.',
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
        // Exclusive: what has come into being since is not written over either.
        writeFileSync(path, text, { flag: 'wx' })
        made.push(path)
      }
    },
    cause => {
      const left = made.reverse().filter(path => !removed(path))
      const rest =
        left.length === 0 ? 'nothing was left behind' : `these were left behind: ${left.join(', ')}`
      return failure(
        `the project cannot be written: ${cause instanceof Error ? cause.message : String(cause)}; ${rest}`,
      )
    },
  )
}

/**
 * Whether something stands at a path, a dangling link included. What cannot be looked at is found
 * out by writing.
 */
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
