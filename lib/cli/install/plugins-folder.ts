import { readdir, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { BINARY_SUFFIX, binaryName } from '../../domain/host.js'
import { askFailureText } from '../../plugin-process/ask-plugin.js'
import { makeFolder } from '../../plugin-process/make-folder.js'
import { type Metadata, metadataOf, unreachable } from '../../plugin-process/metadata.js'
import { commandFor } from '../../plugin-process/spawn-process.js'
import { type CliError, failure, usageError } from '../cli-error.js'
import { commandLine } from '../guess.js'
import { attempt } from '../pack/files.js'

/** How long a plugin may take to say what it is, in milliseconds. */
const METADATA_TIMEOUT = 5_000

/**
 * Checks that a folder is a host's plugins folder: it is called `plugins`, or has plugins in it.
 * With `create` any folder will do, and a missing one is made.
 */
export const pluginsFolder =
  (folder: string, create: boolean): TaskEither<CliError, void> =>
  async () => {
    const found = await stat(folder).catch(() => undefined)
    if (found !== undefined && !found.isDirectory())
      return E.left(
        usageError(
          `${folder} is not a folder`,
          folder.endsWith(BINARY_SUFFIX)
            ? `The plugins folder comes first: toru-plugin install <plugins-dir> ${commandLine([folder])}`
            : NAME_IT,
        ),
      )
    if (create) return attempt(`${folder} cannot be made`, async () => void makeFolder(folder))()
    if (found === undefined)
      return E.left(usageError(`${folder} does not exist`, `${NAME_IT} --create makes it.`))
    const isPlugins = basename(folder) === 'plugins' || (await pluginFiles(folder)).length > 0
    return isPlugins
      ? E.right(undefined)
      : E.left(
          usageError(
            `${folder} does not look like a host's plugins folder: expected the name ` +
              `"plugins", or *${BINARY_SUFFIX} files in it`,
            `${NAME_IT} --create uses it all the same.`,
          ),
        )
  }

const NAME_IT = "Name the folder plugins/ in the host's working directory."

/** The names of the plugins' files in a folder. */
export const pluginFiles = async (folder: string): Promise<ReadonlyArray<string>> =>
  (await readdir(folder).catch(() => []))
    .filter(name => name.endsWith(BINARY_SUFFIX) && !name.startsWith('.'))
    .sort()

/** What a plugin's file says of itself. Left with the reason why no request can reach it. */
export const metadataAt = (file: string, cwd: string): TaskEither<string, Metadata> =>
  pipe(
    metadataOf(commandFor(file), { cwd, timeout: METADATA_TIMEOUT }),
    TE.mapLeft(askFailureText),
    TE.chainEitherK(metadata => {
      const problem = unreachable(metadata)
      return problem === undefined ? E.right(metadata) : E.left(problem)
    }),
  )

/**
 * Checks that no plugin in the folder is in conflict with another one: the same id or route in
 * another file, or another plugin in the same file.
 */
export const withoutConflict =
  (folder: string, { id, route }: Metadata): TaskEither<CliError, void> =>
  async () => {
    const others = await Promise.all(
      (await pluginFiles(folder)).map(async name => ({
        name,
        metadata: await metadataAt(join(folder, name), folder)(),
      })),
    )
    for (const { name, metadata } of others) {
      if (E.isLeft(metadata)) continue
      const other = metadata.right
      const isOurs = name === binaryName(id)
      if (isOurs && other.id !== id)
        return E.left(
          failure(
            `${join(folder, name)} is another plugin, ${other.id}`,
            'Move it away: its file must be named after its id.',
          ),
        )
      if (!isOurs && other.id === id)
        return E.left(
          failure(
            `${join(folder, name)} has the same id ${id}: the host would take one of the two`,
            'Remove the other file.',
          ),
        )
      if (!isOurs && other.route === route)
        return E.left(
          failure(
            `${other.id} (${join(folder, name)}) has the same route ${route}`,
            'Give one of the two another route.',
          ),
        )
    }
    return E.right(undefined)
  }
