import { randomBytes } from 'node:crypto'
import { rmSync } from 'node:fs'
import { chmod, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import type * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { makeFolder } from '../../plugin-process/make-folder.js'
import { removeTemporaryFolder, temporaryFolder } from '../../plugin-process/temporary-folder.js'
import { undoAtExit } from '../cleanup.js'
import { type CliError, failureOf } from '../cli-error.js'

/**
 * A name for what is to be put in place of a path, in the same folder. It does not end in
 * `.binary`, so no host takes it for a plugin.
 */
export const nextName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.new`)

/** The same; what has that name is removed if the command is ended before its time. */
export const temporaryName = (path: string): string => {
  const name = nextName(path)
  undoAtExit(() => rmSync(name, { recursive: true, force: true }))
  return name
}

/** Replaces a file in one step, safe against a loss of power. Makes its folder if needed. */
export const writeWhole = (
  path: string,
  content: string | Uint8Array,
  mode: number,
): TaskEither<CliError, void> =>
  attempt(`${path} cannot be written`, async () => {
    makeFolder(dirname(path))
    const next = temporaryName(path)
    try {
      const file = await open(next, 'wx', mode)
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      // The umask has restricted the mode given to open.
      await chmod(next, mode)
      await rename(next, path)
    } catch (thrown) {
      await rm(next, { force: true })
      return Promise.reject(thrown)
    }
  })

/** Flushes a file or folder to the disk, with a mode if one is given. */
export const openAndSync = async (path: string, mode?: number): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    if (mode !== undefined) await handle.chmod(mode)
    await handle.sync()
  } finally {
    await handle.close()
  }
}

/** Makes a temporary folder, uses it, and removes it. */
export const inTemporaryFolder = <A>(
  use: (folder: string) => Promise<E.Either<CliError, A>>,
): TaskEither<CliError, A> =>
  TE.bracket(
    attempt('a temporary folder cannot be made', async () => temporaryFolder('pack')),
    folder => () => use(folder),
    folder => attempt(`${folder} cannot be removed`, async () => removeTemporaryFolder(folder)),
  )

/** Runs what may reject. Left with what could not be done, and why. */
export const attempt = <A>(what: string, run: () => Promise<A>): TaskEither<CliError, A> =>
  TE.tryCatch(run, thrown => failureOf(what, thrown))

/** A size for people. */
export const sizeText = (bytes: number): string =>
  bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`
