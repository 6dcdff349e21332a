import { accessSync, constants, readdirSync, realpathSync, statSync } from 'node:fs'
import { basename, dirname, join, sep } from 'node:path'
import * as T from 'fp-ts/lib/Task.js'
import { BINARY_SUFFIX } from '../../domain/host.js'
import { messageOf } from '../../domain/thrown.js'
import { E, O, pipe, TE } from '../../fp.js'
import { askFailureText } from '../../plugin-process/ask-plugin.js'
import { type Metadata, metadataOf } from '../../plugin-process/metadata.js'
import type { Context } from '../context.js'
import { askOptions, type Launch } from '../process/launch.js'

/** A `.binary` file that is a plugin. */
export interface Found {
  readonly file: string
  readonly launch: Launch
  readonly metadata: Metadata
}

/** A `.binary` file that is skipped, and why. */
export interface Skipped {
  readonly file: string
  readonly reason: string
}

/** The contents of a folder of plugins. */
export interface Discovered {
  readonly found: ReadonlyArray<Found>
  readonly skipped: ReadonlyArray<Skipped>
}

/** Looks at files as the host does: runs each with `--metadata`. */
export const discover = (
  files: ReadonlyArray<string>,
  context: Pick<Context, 'folder' | 'launchOptions' | 'startQueue'>,
): T.Task<Discovered> =>
  pipe(
    files,
    T.traverseArray(file => () => context.startQueue(look(file, context))),
    T.map(discovered),
  )

/** The `.binary` files at the top level of a folder. Left if it cannot be read. */
export const binariesIn = (folder: string): E.Either<string, ReadonlyArray<string>> =>
  E.tryCatch(
    () =>
      readdirSync(folder)
        .filter(name => name.endsWith(BINARY_SUFFIX))
        .sort()
        .map(name => join(folder, name)),
    thrown => `the plugins in ${folder} cannot be read: ${messageOf(thrown)}`,
  )

const discovered = (looked: ReadonlyArray<E.Either<Skipped, Found>>): Discovered => {
  const found: Found[] = []
  const skipped: Skipped[] = []
  for (const result of looked) {
    if (E.isLeft(result)) {
      if (result.left.reason !== IS_FOLDER) skipped.push(result.left)
      continue
    }
    const { file, metadata } = result.right
    const other = found.find(one => one.metadata.id === metadata.id)
    if (other === undefined) found.push(result.right)
    else
      skipped.push({
        file,
        reason: `its id is ${metadata.id}, and so is that of ${basename(other.file)}: the host would keep only one of them, at random`,
      })
  }
  return { found, skipped }
}

const IS_FOLDER = 'it is a folder'

const look = (
  file: string,
  { folder, launchOptions }: Pick<Context, 'folder' | 'launchOptions'>,
): TE.TaskEither<Skipped, Found> => {
  const reason = unfit(file)
  if (reason !== undefined) return TE.left({ file, reason })
  const launch: Launch = { command: [file], source: file }
  return pipe(
    metadataOf(launch.command, askOptions(launchOptions, folder)),
    TE.bimap(
      failure => ({ file, reason: askFailureText(failure) }),
      metadata => ({ file, launch, metadata }),
    ),
  )
}

/** Why a file is not run; `undefined` if it is. */
const unfit = (file: string): string | undefined => {
  const real = O.tryCatch(() => realpathSync(file))
  if (O.isNone(real)) return 'it is a broken symlink'
  if (!real.value.startsWith(realpathSync(dirname(file)) + sep))
    return `it is a symlink that leaves the folder, to ${real.value}`
  if (statSync(real.value).isDirectory()) return IS_FOLDER
  return O.isNone(O.tryCatch(() => accessSync(file, constants.X_OK)))
    ? `it is not executable: chmod +x ${file}`
    : undefined
}
