import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type CliError, usageError } from '../cli-error.js'

/** What is checked: a plugin's file, or the socket of a plugin that runs. */
export type Target =
  | { readonly _tag: 'File'; readonly file: string }
  | { readonly _tag: 'Socket'; readonly path: string }

const EXPECTED = 'Give the executable file of a plugin, or the socket of a plugin that runs.'

/** The target at a path. A usage error where there is no file or socket. */
export const targetAt = (path: string): E.Either<CliError, Target> => {
  const whole = resolve(path)
  const found = E.tryCatch(() => statSync(whole), String)
  if (E.isLeft(found)) return E.left(usageError(`${whole} does not exist`, EXPECTED))
  if (found.right.isSocket()) return E.right({ _tag: 'Socket', path: whole })
  if (found.right.isFile()) return E.right({ _tag: 'File', file: whole })
  const what = found.right.isDirectory() ? 'a folder' : 'neither a file nor a socket'
  return E.left(usageError(`${whole} is ${what}`, EXPECTED))
}
