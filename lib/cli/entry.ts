import { resolve } from 'node:path'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CliError } from './cli-error.js'
import { compilationOf, isTypeScript } from './compile/compilation.js'
import { compile } from './compile/compile.js'
import { type Diagnostic, diagnosticText } from './compile/diagnostics.js'
import { rootOf } from './pack/project.js'
import { pathArgument, type Wanted } from './path-argument.js'
import type { Terminal } from './terminal.js'

/**
 * The file to run for an entry. TypeScript is compiled as its project does, and type errors are
 * shown; compiled JavaScript and a `.binary` of any language are run as they are. Left where the
 * file does not exist, or no JavaScript comes of it.
 */
export const runnable = (entry: string, terminal: Terminal): TaskEither<CliError, string> =>
  pipe(
    TE.fromEither(pathArgument(entry, ENTRY)),
    TE.chain(() => {
      const file = resolve(entry)
      return isTypeScript(file) ? compiled(file, terminal) : TE.right(file)
    }),
  )

const ENTRY: Wanted = {
  kinds: ['file'],
  names: /\.([cm]?[jt]sx?|binary)$/,
  expected: "Name a plugin's file: TypeScript, compiled JavaScript, or a .binary of any language.",
}

const compiled = (source: string, terminal: Terminal): TaskEither<CliError, string> =>
  pipe(
    compilationOf(source, rootOf(source)),
    TE.chain(compile),
    TE.map(({ output, errors }) => {
      for (const error of errors) terminal.note(withHeading(error))
      return output
    }),
  )

const withHeading = (error: Diagnostic): string => `type error: ${diagnosticText(error)}`
