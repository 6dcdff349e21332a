import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type CliError, failure } from '../cli-error.js'

/** The paths of an author's project, all absolute. */
export interface Project {
  readonly entry: string
  /** The folder of the nearest `package.json` above the entry, or the entry's own. */
  readonly root: string
  /** The entry of the frontend, if there is one. */
  readonly frontend: string | undefined
}

const ENTRIES = [
  'src/main.ts',
  'src/plugin.ts',
  'src/index.ts',
  'main.ts',
  'plugin.ts',
  'index.ts',
  'dist/main.js',
  'main.js',
  'index.js',
]
const FRONTENDS = ['frontend/main.tsx', 'frontend/main.ts']

/** Finds a project by its entry, or by a folder that has an entry with a usual name. */
export const findProject = (
  given = '.',
  cwd: string = process.cwd(),
): E.Either<CliError, Project> => {
  const path = resolve(cwd, given)
  const entry = isFolder(path) ? firstOf(path, ENTRIES) : path
  if (entry === undefined || !existsSync(entry)) {
    return E.left(
      failure(
        entry === undefined
          ? `${path} has no entry: expected one of ${ENTRIES.join(', ')}`
          : `${entry} does not exist`,
        'Name the file that calls registerPlugin: toru-plugin pack path/to/main.ts',
      ),
    )
  }
  const root = rootAbove(dirname(entry)) ?? dirname(entry)
  return E.right({
    entry,
    root,
    frontend: firstOf(dirname(entry), FRONTENDS) ?? firstOf(root, FRONTENDS),
  })
}

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

const firstOf = (folder: string, names: ReadonlyArray<string>): string | undefined =>
  names.map(name => join(folder, name)).find(path => existsSync(path))

const rootAbove = (folder: string): string | undefined => {
  if (existsSync(join(folder, 'package.json'))) return folder
  return dirname(folder) === folder ? undefined : rootAbove(dirname(folder))
}
