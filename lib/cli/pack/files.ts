import { randomBytes } from 'node:crypto'
import { chmod, mkdir, mkdtemp, open, realpath, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import type * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure } from '../cli-error.js'

/**
 * A name in the same folder for a file that is not there yet. No host takes it for a plugin: it
 * does not end in `.binary`.
 */
export const temporaryName = (path: string): string =>
  join(dirname(path), `.${basename(path)}.${process.pid}-${randomBytes(4).toString('hex')}.new`)

/**
 * Writes a file so that whoever looks finds the old one or all of the new one, also after a loss of
 * power. Makes its folder if need be.
 */
export const writeWhole = (
  path: string,
  content: string | Uint8Array,
  mode: number,
): TaskEither<CliError, void> =>
  attempt(`${path} cannot be written`, async () => {
    await mkdir(dirname(path), { recursive: true })
    const next = temporaryName(path)
    try {
      const file = await open(next, 'wx', mode)
      try {
        await file.writeFile(content)
        await file.sync()
      } finally {
        await file.close()
      }
      // The mode above is less what the umask takes away.
      await chmod(next, mode)
      await rename(next, path)
    } catch (thrown) {
      await rm(next, { force: true })
      return Promise.reject(thrown)
    }
  })

/** Uses a new folder for temporary files, and removes it. */
export const inTemporaryFolder = <A>(
  use: (folder: string) => Promise<E.Either<CliError, A>>,
): TaskEither<CliError, A> =>
  TE.bracket(
    attempt('no temporary folder can be made', async () =>
      mkdtemp(join(await realpath(tmpdir()), 'toru-pack-')),
    ),
    folder => () => use(folder),
    folder =>
      attempt(`${folder} cannot be removed`, () => rm(folder, { recursive: true, force: true })),
  )

/** What may reject, as a failure of the command that says what could not be done and why. */
export const attempt = <A>(what: string, run: () => Promise<A>): TaskEither<CliError, A> =>
  TE.tryCatch(run, thrown =>
    failure(`${what}: ${thrown instanceof Error ? thrown.message : String(thrown)}`),
  )

/** A size for people. */
export const sizeText = (bytes: number): string =>
  bytes < 1_048_576 ? `${(bytes / 1024).toFixed(1)} KiB` : `${(bytes / 1_048_576).toFixed(1)} MiB`
