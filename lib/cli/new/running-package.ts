import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { basename, dirname, join, relative } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as RA from 'fp-ts/lib/ReadonlyArray.js'
import * as T from 'fp-ts/lib/Task.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { readJson } from '../doctor/json-file.js'
import { withNpm } from './npm.js'

/** The name of this package. */
export const PACKAGE = 'toru-plugin-api'

/** The folder of the package that runs this command. */
export const packageRoot = (): string =>
  dirname(realpathSync(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)))

/**
 * Whether a project can install the running package from a registry. It cannot if this is a
 * checkout, or was installed from a file or a repository. If nothing says how it was installed, the
 * registry is asked whether it has this version.
 */
export const isFromRegistry = (root: string, version: string): T.Task<boolean> => {
  const modules = modulesAbove(root)
  return pipe(
    modules,
    RA.findFirstMap(folder => noteOf(root, folder)),
    O.match(
      () => (modules.length === 0 ? T.of(false) : isPublished(version)),
      ({ resolved = '', link = false }) => T.of(!link && FROM_REGISTRY.test(resolved)),
    ),
  )
}

/** The folders `node_modules` that a path is in, the innermost first. */
const modulesAbove = (path: string): ReadonlyArray<string> => {
  const above = dirname(path)
  if (above === path) return []
  return [...(basename(above) === 'node_modules' ? [above] : []), ...modulesAbove(above)]
}

const Note = t.partial({ resolved: t.string, link: t.boolean })
type Note = t.TypeOf<typeof Note>

/** `resolved` of a package from a registry. npm can be told to leave it out for these. */
const FROM_REGISTRY = /^$|^https?:.*\/-\//

/** What npm has noted about a package in a folder `node_modules`. It notes no global packages. */
const noteOf = (root: string, modules: string): O.Option<Note> =>
  pipe(
    readJson(join(modules, '.package-lock.json'), false),
    E.chainW(({ packages }) => t.UnknownRecord.decode(packages)),
    E.chainW(packages => Note.decode(packages[relative(dirname(modules), root)])),
    O.fromEither,
  )

const isPublished = (version: string): T.Task<boolean> =>
  pipe(
    withNpm(({ run, folder }) =>
      run(['view', `${PACKAGE}@${version}`, 'version', '--fetch-retries=0'], folder),
    ),
    TE.match(
      () => false,
      output => output.trim() !== '',
    ),
  )
