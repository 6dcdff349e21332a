import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure, usageError } from '../cli-error.js'
import { attempt } from '../pack/files.js'
import { withNpm } from './npm.js'
import { isFromRegistry, PACKAGE, packageRoot } from './running-package.js'

/** Where a project gets this package from. */
export interface ApiSource {
  /** The dependency in `package.json`: a range of versions, or a file of the project. */
  readonly spec: string
  /** That file by its path in the project, if it is one. */
  readonly files: ReadonlyMap<string, Uint8Array>
}

/**
 * What was said with `--api`, or else the package that runs this command: its version if a registry
 * has it, otherwise a copy of the package itself.
 */
export const apiSource = (
  said: string | undefined,
  version: string,
): TE.TaskEither<CliError, ApiSource> => {
  if (said !== undefined) return isPath(said) ? packedPath(said) : TE.right(published(said))
  const root = packageRoot()
  return pipe(
    TE.fromTask(isFromRegistry(root, version)),
    // It runs, so it is built.
    TE.chain(isKnown =>
      isKnown ? TE.right(published(`^${version}`)) : packed(root, '--ignore-scripts'),
    ),
  )
}

/** What was said with `--api`, the same from every folder. */
export const absoluteSpec = (said: string): string => (isPath(said) ? resolve(pathIn(said)) : said)

const published = (spec: string): ApiSource => ({ spec, files: new Map() })

const isPath = (spec: string): boolean =>
  /^(file:|[./])/.test(spec) || /^[^:]+\.(tgz|tar|tar\.gz)$/.test(spec)

const pathIn = (spec: string): string => spec.replace(/^file:/, '')

const packedPath = (said: string): TE.TaskEither<CliError, ApiSource> => {
  const path = resolve(pathIn(said))
  return existsSync(path)
    ? packed(path)
    : TE.left(usageError(`--api: ${path} does not exist`, 'npm pack makes such a file.'))
}

/** Packs a folder, or copies a packed file, under the name that npm gives it. */
const packed = (
  path: string,
  ...flags: ReadonlyArray<string>
): TE.TaskEither<CliError, ApiSource> =>
  withNpm(({ run, folder }) =>
    pipe(
      run(['pack', path, '--pack-destination', folder, ...flags], folder),
      TE.mapLeft(({ reason, advice }) => failure(`${path} cannot be packed: ${reason}`, advice)),
      TE.chain(() => attempt(`${folder} cannot be read`, () => readdir(folder))),
      TE.map(([name = '']) => name),
      TE.filterOrElse(
        name => name.startsWith(`${PACKAGE}-`),
        name =>
          usageError(
            `--api: expected the package ${PACKAGE}, got ${name}`,
            'Name its version, a checkout of it, or what npm pack makes there.',
          ),
      ),
      TE.chain(name =>
        pipe(
          attempt(`${name} cannot be read`, () => readFile(join(folder, name))),
          TE.map(content => ({
            spec: `file:${VENDOR}/${name}`,
            files: new Map([[`${VENDOR}/${name}`, content]]),
          })),
        ),
      ),
    ),
  )

/** The folder of packed packages in a project. */
const VENDOR = 'vendor'
