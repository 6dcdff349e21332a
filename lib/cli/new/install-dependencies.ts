import { existsSync } from 'node:fs'
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure } from '../cli-error.js'
import { attempt } from '../pack/files.js'
import { type Npm, withNpm } from './npm.js'
import type { NpmFailure } from './npm-failure.js'

/**
 * Installs the dependencies of a project, those for development too, even where npm is told to
 * leave them out.
 */
export const installDependencies = (folder: string): TaskEither<CliError, void> =>
  pipe(
    withoutHalf(join(folder, 'node_modules')),
    TE.chain(() =>
      pipe(
        withNpm(npm =>
          pipe(
            npm.run(['install', '--include=dev', '--no-audit', '--no-fund'], folder),
            TE.orElse(explained(npm, folder)),
          ),
        ),
        TE.mapLeft(({ reason, advice }) =>
          failure(
            `the project is written, but its dependencies are not installed: ${reason}`,
            `${advice} Then run the same command again: it goes on where it stopped.`,
          ),
        ),
      ),
    ),
    TE.map(() => undefined),
  )

/** The failure to ask for a package alone, if npm does not say why it knows nothing of that. */
const explained =
  ({ run }: Npm, folder: string) =>
  (failure: NpmFailure): TaskEither<NpmFailure, string> =>
    failure.unknown === undefined
      ? TE.left(failure)
      : pipe(
          run(['view', failure.unknown, 'name'], folder),
          TE.chain(() => TE.left<NpmFailure, string>(failure)),
        )

/**
 * Removes what an npm that was killed has left, for the next one takes half a package for a whole
 * one. This file is the last that npm writes.
 */
const withoutHalf = (modules: string): TaskEither<CliError, void> =>
  attempt(`${modules} cannot be removed`, () =>
    existsSync(join(modules, '.package-lock.json'))
      ? Promise.resolve()
      : rm(modules, { recursive: true, force: true }),
  )
