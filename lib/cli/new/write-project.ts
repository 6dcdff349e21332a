import { existsSync, lstatSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { messageOf } from '../../domain/thrown.js'
import { makeFolder } from '../../plugin-process/make-folder.js'
import { type CliError, failure, failureOf } from '../cli-error.js'
import { type Begun, begin, unfinishedFolder, writeInto } from './unfinished.js'

/** The files of a project, by their paths in it. */
export type Files = ReadonlyMap<string, string | Uint8Array>

/**
 * Checks that a new project can be made in a folder: it does not exist, or has nothing but what
 * people put there first, such as `.git` and a licence.
 */
export const roomIn = (folder: string): Either<CliError, void> =>
  pipe(
    E.tryCatch(
      () => (existsSync(folder) ? readdirSync(folder) : []),
      cause => failureOf(`${folder} cannot be used`, cause, CHOOSE),
    ),
    E.map(names => names.filter(name => !COMES_FIRST.test(name)).sort()),
    E.filterOrElse(
      names => names.length === 0,
      names => failure(`${folder} has ${listed(names)} already; nothing was written`, CHOOSE),
    ),
    E.map(() => undefined),
  )

const CHOOSE = 'Choose another folder, such as ../my-plugin.'

/** Hidden files, other than one of ours, and a licence. */
const COMES_FIRST = /^\.(?!gitignore$)|^licen[cs]e/i

/** How many names an error has. */
const MAX_NAMES = 8

const listed = (names: ReadonlyArray<string>): string =>
  names.length <= MAX_NAMES
    ? names.join(', ')
    : `${names.slice(0, MAX_NAMES).join(', ')} and ${names.length - MAX_NAMES} more`

/**
 * Writes the files of a project that are not there, and yields their names. It never touches one
 * that is. If writing fails, what was written is removed.
 */
export const writeProject = (
  folder: string,
  files: Files,
  begun: Begun,
): Either<CliError, ReadonlyArray<string>> => {
  const made: string[] = []
  const make = (path: string): void => {
    const first = makeFolder(path)
    if (first !== undefined) made.push(first)
  }
  return E.tryCatch(
    () => {
      make(unfinishedFolder(folder))
      begin(folder, begun)
      return [...files].flatMap(([name, content]) => {
        const path = join(folder, name)
        if (exists(path)) return []
        make(dirname(path))
        writeInto(folder, path, content)
        made.push(path)
        return [name]
      })
    },
    cause => {
      const left = made.reverse().filter(path => !removed(path))
      const rest =
        left.length === 0 ? 'nothing was left behind' : `these were left behind: ${left.join(', ')}`
      return failure(
        `the project cannot be written: ${messageOf(cause)}; ${rest}`,
        'Solve that, then run the same command again.',
      )
    },
  )
}

/** Whether there is anything at a path, a dangling link included. */
const exists = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined

const removed = (path: string): boolean =>
  E.isRight(
    E.tryCatch(
      () => rmSync(path, { recursive: true, force: true }),
      () => undefined,
    ),
  )
