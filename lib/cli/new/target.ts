import { basename, resolve } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { type CliError, usageError } from '../cli-error.js'

/** Where a project is to be made, and what its id and name are made from. */
export interface Target {
  /** The absolute path; `undefined` if it is the id, in the working directory. */
  readonly folder: string | undefined
  /** What was typed as a name; of a path the last folder. */
  readonly label: string | undefined
}

/** Reads the argument of `toru-plugin new`: an id, a name, or the path of a folder. */
export const targetOf = (
  project: string | undefined,
  dir: string | undefined,
): Either<CliError, Target> => {
  const given = dir === undefined ? undefined : resolve(dir)
  if (project === undefined || !isPath(project)) return E.right({ folder: given, label: project })
  const folder = resolve(project)
  return given === undefined || given === folder
    ? E.right({ folder, label: basename(folder) })
    : E.left(
        usageError(
          `the folder is given twice: ${project} and --dir ${dir}`,
          'Give a name with --dir, or a path without it.',
        ),
      )
}

const isPath = (project: string): boolean => /^\.{1,2}$|\//.test(project)
