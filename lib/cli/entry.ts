import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { removeTemporaryFolder, temporaryFolder } from '../plugin-process/temporary-folder.js'
import { type CliError, failureOf } from './cli-error.js'
import { pathArgument, type Wanted } from './path-argument.js'

/** A plugin's file that can be run, and what was made for that. */
export interface Runnable {
  /** The absolute path. */
  readonly file: string
  /** Removes what was made for it. */
  readonly remove: () => void
}

const IS_TYPESCRIPT = /\.[cm]?tsx?$/

/**
 * Makes an entry runnable, uses it, and removes what was made. TypeScript is compiled into a new
 * folder; compiled JavaScript and a `.binary` of any language are used as they are. Left where the
 * file does not exist or does not compile.
 */
export const withRunnable = <A>(
  entry: string,
  use: (runnable: Runnable) => TaskEither<CliError, A>,
): TaskEither<CliError, A> => TE.bracket(runnable(entry), use, ({ remove }) => TE.fromIO(remove))

/** See {@link withRunnable}. Here the caller removes what was made. */
export const runnable = (entry: string): TaskEither<CliError, Runnable> =>
  pipe(
    TE.fromEither(existing(entry)),
    TE.chain(file =>
      IS_TYPESCRIPT.test(file) ? compiled(file) : TE.right({ file, remove: () => undefined }),
    ),
  )

const existing = (entry: string): E.Either<CliError, string> =>
  pipe(
    pathArgument(entry, ENTRY),
    E.map(() => resolve(entry)),
  )

const ENTRY: Wanted = {
  kinds: ['file'],
  names: /\.([cm]?[jt]sx?|binary)$/,
  expected: "Name a plugin's file: TypeScript, compiled JavaScript, or a .binary of any language.",
}

const compiled =
  (file: string): TaskEither<CliError, Runnable> =>
  async () => {
    const { build } = await import('esbuild')
    const folder = temporaryFolder('entry')
    const remove = (): void => removeTemporaryFolder(folder)
    const outfile = join(folder, 'main.mjs')
    try {
      await build({
        entryPoints: [file],
        outfile,
        bundle: true,
        format: 'esm',
        platform: 'node',
        target: 'node20',
        sourcemap: 'inline',
        logLevel: 'silent',
        plugins: [externalPackages],
      })
      return E.right({ file: outfile, remove })
    } catch (thrown) {
      remove()
      return E.left(
        failureOf(`${file} cannot be compiled`, thrown, 'Correct the file; tsc may say more.'),
      )
    }
  }

/**
 * Leaves installed packages out of the bundle and imports them from where they are, so that native
 * modules and workers work as in the author's project.
 */
export const externalPackages: Plugin = {
  name: 'external-packages',
  setup: ({ onResolve, resolve: find }) => {
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === externalPackages || kind === 'entry-point') return undefined
      const found = await find(path, { importer, kind, resolveDir, pluginData: externalPackages })
      if (found.errors.length > 0 || found.external || IS_TYPESCRIPT.test(found.path)) return found
      return { path: pathToFileURL(found.path).href, external: true }
    })
  },
}
