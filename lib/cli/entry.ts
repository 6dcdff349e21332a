import { mkdtempSync, realpathSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { pathToFileURL } from 'node:url'
import type { Plugin } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure } from './cli-error.js'

/** A plugin's file that can be run. */
export interface Runnable {
  /** The absolute path. */
  readonly file: string
  /** Removes what was made for it. */
  readonly remove: () => void
}

const IS_TYPESCRIPT = /\.[cm]?tsx?$/

/**
 * Makes an entry runnable, uses it, and removes what was made: a TypeScript file is compiled into a
 * new folder first, anything else (compiled JavaScript, a `.binary` of any language) is used as it
 * is. The left side says that there is no such file, or what does not compile.
 */
export const withRunnable = <A>(
  entry: string,
  use: (runnable: Runnable) => TaskEither<CliError, A>,
): TaskEither<CliError, A> => TE.bracket(runnable(entry), use, ({ remove }) => TE.fromIO(remove))

/** See {@link withRunnable}: here the caller removes what was made. */
export const runnable = (entry: string): TaskEither<CliError, Runnable> =>
  pipe(
    TE.fromEither(existing(entry)),
    TE.chain(file =>
      IS_TYPESCRIPT.test(file) ? compiled(file) : TE.right({ file, remove: () => undefined }),
    ),
  )

const existing = (entry: string): E.Either<CliError, string> => {
  const file = resolve(entry)
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile()) return E.right(file)
  const what =
    found === undefined
      ? 'does not exist'
      : found.isDirectory()
        ? 'is a directory'
        : 'is not a file'
  return E.left(
    failure(
      `${entry} ${what}`,
      "Name a plugin's file: TypeScript, compiled JavaScript, or a .binary of any language.",
    ),
  )
}

const compiled =
  (file: string): TaskEither<CliError, Runnable> =>
  async () => {
    const { build } = await import('esbuild')
    const folder = mkdtempSync(join(realpathSync(tmpdir()), 'toru-entry-'))
    const remove = (): void => rmSync(folder, { recursive: true, force: true })
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
        plugins: [installed],
      })
      return E.right({ file: outfile, remove })
    } catch (thrown) {
      remove()
      return E.left(
        failure(
          `${file} cannot be compiled: ${thrown instanceof Error ? thrown.message : thrown}`,
          'Mend the file; tsc may say more.',
        ),
      )
    }
  }

/**
 * What is installed stays where it is, and is found from there: native modules, workers and package
 * names work as in the author's project.
 */
export const installed: Plugin = {
  name: 'installed',
  setup: ({ onResolve, resolve: find }) => {
    onResolve({ filter: /^[^./]/ }, async ({ path, importer, kind, resolveDir, pluginData }) => {
      if (pluginData === installed || kind === 'entry-point') return undefined
      const found = await find(path, { importer, kind, resolveDir, pluginData: installed })
      if (found.errors.length > 0 || found.external || IS_TYPESCRIPT.test(found.path)) return found
      return { path: pathToFileURL(found.path).href, external: true }
    })
  },
}
