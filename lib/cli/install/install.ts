import { existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Task } from 'fp-ts/lib/Task.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { BINARY_SUFFIX, binaryName } from '../../domain/host.js'
import type { Metadata } from '../../plugin-process/metadata.js'
import { type CliError, failure, usageError } from '../cli-error.js'
import { didYouMean } from '../guess.js'
import { attempt } from '../pack/files.js'
import { metadataAt, pluginFiles, withoutConflict } from './plugins-folder.js'
import { currentVersion, type Place, previousVersion, putInPlace, recover } from './versions.js'

/** What was installed. */
export interface Installed {
  readonly id: string
  readonly version: string
  readonly file: string
  /** The version before. `undefined` where the plugin is new to the folder, or did not say. */
  readonly before: string | undefined
  /** Whether the plugin was in the folder before. */
  readonly replaced: boolean
}

/**
 * Installs a plugin's file, and the `<id>/` beside it, into a plugins folder. Its metadata is read
 * before, and again once it is in place.
 */
export const installFile = (binary: string, folder: string): TaskEither<CliError, Installed> =>
  pipe(
    metadataFor(binary, folder),
    TE.chainFirst(metadata => withoutConflict(folder, metadata)),
    TE.chain(metadata =>
      put({ folder, id: metadata.id }, metadata, async place => {
        const bundle = join(binary, '..', metadata.id, 'bundle.js')
        await recover(place)
        await putInPlace(place, { binary, bundle: existsSync(bundle) ? bundle : undefined })
      }),
    ),
  )

/**
 * Swaps a plugin with the version before. It need not be named where only one plugin in the folder
 * has such a version.
 */
export const rollBack = (
  folder: string,
  named: string | undefined,
): TaskEither<CliError, Installed> =>
  pipe(
    rollbackPlace(folder, named),
    TE.chain(place =>
      pipe(
        attempt(`${folder} cannot be read`, () =>
          recover(place).then(() => previousVersion(place)),
        ),
        TE.chain(
          TE.fromNullable(
            failure(`${folder} has no version of ${place.id} before the current one`, KEEPS),
          ),
        ),
        TE.chain(version => put(place, undefined, () => putInPlace(place, version))),
      ),
    ),
  )

const KEEPS = 'toru-plugin install keeps one when it replaces a plugin.'

const put = (
  place: Place,
  expected: Metadata | undefined,
  work: (place: Place) => Promise<void>,
): TaskEither<CliError, Installed> => {
  const { folder, id } = place
  const file = join(folder, binaryName(id))
  return pipe(
    TE.fromTask(() => currentVersion(place)),
    TE.bindTo('current'),
    TE.bind('before', () => TE.fromTask(versionOf(file, folder))),
    TE.chainFirst(() => attempt(`${id} cannot be put into ${folder}`, () => work(place))),
    TE.chain(({ current, before }) =>
      pipe(
        metadataAt(file, folder),
        TE.filterOrElse(
          ({ version }) => expected === undefined || version === expected.version,
          ({ version }) => `it says that it is version ${version}`,
        ),
        TE.bimap(
          reason =>
            failure(
              `${file} is in place and cannot be used: ${reason}`,
              'May files be executed there? To go back: toru-plugin install --rollback',
            ),
          ({ version }) => ({ id, version, file, before, replaced: current !== undefined }),
        ),
      ),
    ),
  )
}

/** The version that a plugin's file says it is; `undefined` where it says nothing. */
const versionOf = (file: string, folder: string): Task<string | undefined> =>
  pipe(
    metadataAt(file, folder),
    TE.match(
      () => undefined,
      ({ version }) => version,
    ),
  )

const metadataFor = (binary: string, folder: string): TaskEither<CliError, Metadata> =>
  pipe(
    metadataAt(binary, folder),
    TE.mapLeft(reason =>
      failure(
        `${binary} is no plugin that a host can use: ${reason}`,
        'Is it executable? Make one: toru-plugin pack',
      ),
    ),
  )

const rollbackPlace =
  (folder: string, named: string | undefined): TaskEither<CliError, Place> =>
  async () => {
    const ids = (await pluginFiles(folder)).map(name => basename(name, BINARY_SUFFIX))
    if (named !== undefined) {
      const place = { folder, id: basename(named, BINARY_SUFFIX) }
      return ids.includes(place.id) || existsSync(join(folder, place.id))
        ? E.right(place)
        : E.left(
            usageError(
              `${folder} has no plugin ${place.id}`,
              didYouMean(place.id, ids, `It has ${ids.length === 0 ? 'none' : ids.join(', ')}.`),
            ),
          )
    }
    const replaced: string[] = []
    for (const id of ids)
      if ((await previousVersion({ folder, id })) !== undefined) replaced.push(id)
    const [id, ...more] = replaced
    if (id === undefined)
      return E.left(failure(`no plugin in ${folder} has a version before the current one`, KEEPS))
    return more.length === 0
      ? E.right({ folder, id })
      : E.left(
          failure(
            `several plugins have a version before: ${replaced.join(', ')}`,
            `toru-plugin install ${folder} ${id} --rollback`,
          ),
        )
  }
