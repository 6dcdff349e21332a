import { existsSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Command } from '../../plugin-process/spawn-process.js'
import { type CliError, failure } from '../cli-error.js'
import { readJson } from '../doctor/json-file.js'

/** The compiler that a project has installed. */
export interface TypeScript {
  /** Node.js and `tsc`, or the program that this would start. */
  readonly command: Command
  readonly version: string
}

/** Finds the compiler that a folder's files would import. Left if none is installed. */
export const typeScriptOf = (folder: string): E.Either<CliError, TypeScript> =>
  pipe(
    E.tryCatch(
      () => createRequire(join(folder, 'package.json')).resolve('typescript/package.json'),
      E.toError,
    ),
    E.bindTo('file'),
    E.bind('version', ({ file }) =>
      pipe(
        readJson(file, false),
        E.bimap(
          ({ reason }) => new Error(reason),
          ({ version }) => String(version),
        ),
      ),
    ),
    E.bimap(
      () =>
        failure(
          `typescript is not installed in ${folder}, and it has TypeScript to compile`,
          'npm install --save-dev typescript',
        ),
      ({ file, version }) => ({
        command: nativeProgram(file) ?? [process.execPath, join(dirname(file), 'bin', 'tsc')],
        version,
      }),
    ),
  )

/** The program that is the compiler from TypeScript 7 on, if it is where it was in 7.0. */
const nativeProgram = (manifest: string): Command | undefined => {
  const name = `@typescript/typescript-${process.platform}-${process.arch}`
  const program = E.tryCatch(
    () => join(dirname(createRequire(manifest).resolve(`${name}/package.json`)), 'lib', 'tsc'),
    E.toError,
  )
  return E.isRight(program) && existsSync(program.right) ? [program.right] : undefined
}
