import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { BINARY_SUFFIX } from '../../domain/host.js'
import { type CliError, usageError } from '../cli-error.js'
import { manifestOf } from '../compile/manifest.js'
import { commandLine } from '../guess.js'
import { ENTRIES, pathArgument, type Wanted } from '../path-argument.js'

/** The paths of an author's project, all absolute. */
export interface Project {
  readonly entry: string
  /** The folder of the nearest `package.json` above the entry, or the entry's own. */
  readonly root: string
  /** The entry of the frontend, if there is one. */
  readonly frontend: string | undefined
}

const WANTED: Wanted = {
  kinds: ['file', 'folder'],
  names: /\.[cm]?[jt]sx?$/,
  expected: 'Name the file that calls registerPlugin, such as src/main.ts, or its folder.',
}

const FRONTENDS = ['frontend/main.tsx', 'frontend/main.ts']

/**
 * Finds a project by its entry, or by a folder whose package.json names an entry, or that has one
 * with a usual name.
 */
export const findProject = (given = '.'): E.Either<CliError, Project> =>
  pipe(
    pathArgument(given, WANTED),
    E.chain(kind => (kind === 'folder' ? entryIn(given) : E.right(resolve(given)))),
    E.chain(entry => projectAt(entry, given)),
  )

const entryIn = (given: string): E.Either<CliError, string> =>
  pipe(
    manifestOf(resolve(given)),
    E.chain(({ entry }) => {
      const named = entry === undefined ? undefined : resolve(given, entry)
      if (named !== undefined && !existsSync(named))
        return E.left(
          usageError(
            `${named} does not exist, and package.json names it as "entry" of "toru"`,
            'Compile the project first, or correct the name.',
          ),
        )
      return E.fromNullable(
        usageError(`${given} has no entry: expected one of ${ENTRIES.join(', ')}`, hintIn(given)),
      )(named ?? firstOf(resolve(given), ENTRIES))
    }),
  )

const projectAt = (entry: string, given: string): E.Either<CliError, Project> => {
  if (entry.endsWith(BINARY_SUFFIX))
    return E.left(
      usageError(
        `${given} is packed already`,
        `To install it: ${commandLine(['toru-plugin', 'install', '<plugins-dir>', given])}. ` +
          `To run it: ${commandLine(['toru-plugin', 'dev', '--plugins', dirname(given)])}`,
      ),
    )
  if (!WANTED.names.test(entry))
    return E.left(usageError(`${given} is neither TypeScript nor JavaScript`, WANTED.expected))
  const root = rootOf(entry)
  return E.right({
    entry,
    root,
    frontend: firstOf(dirname(entry), FRONTENDS) ?? firstOf(root, FRONTENDS),
  })
}

/** What to do in a folder without an entry, which may be one of packed plugins. */
const hintIn = (folder: string): string =>
  readdirSync(folder).some(name => name.endsWith(BINARY_SUFFIX))
    ? `To run the ${BINARY_SUFFIX} files in it: ${commandLine(['toru-plugin', 'dev', '--plugins', folder])}`
    : WANTED.expected

const firstOf = (folder: string, names: ReadonlyArray<string>): string | undefined =>
  names.map(name => join(folder, name)).find(path => existsSync(path))

/** The folder of the nearest `package.json` above a file, or the file's own. */
export const rootOf = (file: string): string => rootAbove(dirname(file)) ?? dirname(file)

const rootAbove = (folder: string): string | undefined => {
  if (existsSync(join(folder, 'package.json'))) return folder
  return dirname(folder) === folder ? undefined : rootAbove(dirname(folder))
}
