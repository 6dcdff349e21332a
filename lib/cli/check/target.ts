import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { type CliError, usageError } from '../cli-error.js'
import { commandLine } from '../guess.js'
import { pathArgument, type Wanted } from '../path-argument.js'

/** What is checked: a plugin's file, or the socket of a plugin that runs. */
export type Target =
  | { readonly _tag: 'File'; readonly file: string }
  | { readonly _tag: 'Socket'; readonly path: string }

const WANTED: Wanted = {
  kinds: ['file', 'socket'],
  names: /\.([cm]?js|binary)$/,
  expected: 'Give the executable file of a plugin, or the socket of a plugin that runs.',
}

/** The target at a path. A usage error where there is no file or socket that a host could use. */
export const targetAt = (path: string): E.Either<CliError, Target> =>
  pipe(
    pathArgument(path, WANTED),
    E.chain((kind): E.Either<CliError, Target> => {
      const whole = resolve(path)
      if (kind === 'socket') return E.right({ _tag: 'Socket', path: whole })
      return /\.[cm]?tsx?$/.test(path)
        ? E.left(
            usageError(
              `${path} is TypeScript, which no host can start`,
              `Pack it, and check what that makes: ${commandLine(['toru-plugin', 'pack', path])}`,
            ),
          )
        : E.right({ _tag: 'File', file: whole })
    }),
  )
