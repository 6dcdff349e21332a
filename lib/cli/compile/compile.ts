import { existsSync } from 'node:fs'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { runProcess } from '../../plugin-process/run-process.js'
import { type CliError, failure } from '../cli-error.js'
import { isAtLeast } from '../node-version.js'
import { type Compilation, outputOf } from './compilation.js'
import { compilerOutput, type Diagnostic, diagnosticText } from './diagnostics.js'
import { runCompiler } from './run-compiler.js'

/** What a compilation made. */
export interface Compiled {
  /** The JavaScript of the source. */
  readonly output: string
  /** The type errors in spite of which it was made. */
  readonly errors: ReadonlyArray<Diagnostic>
}

/** Compiles a file as its project does. Left if no JavaScript came of that. */
export const compile = (compilation: Compilation): TaskEither<CliError, Compiled> =>
  pipe(
    runCompiler(compilation),
    TE.filterOrElse(
      ({ hasEmitted }) => hasEmitted,
      ({ errors }) => nothingWritten(compilation, errors),
    ),
    TE.chain(({ errors, program }) =>
      pipe(
        outputFile(compilation, program),
        TE.map(output => ({ output, errors })),
      ),
    ),
  )

/** What the compiler has made of the source. `program` has the files that it listed, if it did. */
export const outputFile = (
  compilation: Compilation,
  program: ReadonlyArray<string>,
): TaskEither<CliError, string> =>
  pipe(
    program.length > 0 ? TE.right(program) : listedFiles(compilation),
    TE.chainEitherK(files => outputOf(compilation, files)),
    TE.filterOrElse(existsSync, output =>
      failure(
        `the compiler has not made ${output} of ${compilation.source}`,
        `Run npx tsc -p ${compilation.config.file} --listEmittedFiles to see what it makes.`,
      ),
    ),
  )

/** How long listing files may take, in milliseconds. */
const TIMEOUT = 60_000

/** The files that the compiler would compile. What it includes may be all that has to be known. */
const listedFiles = ({
  source,
  typescript: { command, version },
  config: { file, files, options },
}: Compilation): TaskEither<CliError, ReadonlyArray<string>> => {
  const hasRoot = options.rootDir !== undefined || options.composite || isAtLeast(version, '6.0.0')
  return hasRoot && files.includes(source)
    ? TE.right(files)
    : TE.fromTask(async () => {
        const list = [...command, '-p', file, '--listFilesOnly'] as const
        return compilerOutput((await runProcess(list, { timeout: TIMEOUT })).stdout.split('\n'))
          .program
      })
}

const nothingWritten = (
  { source, config }: Compilation,
  errors: ReadonlyArray<Diagnostic>,
): CliError =>
  failure(
    [`${source} was not compiled:`, ...errors.map(diagnosticText)].join('\n'),
    config.options.noEmitOnError
      ? 'Correct the errors. Without "noEmitOnError" in tsconfig.json it would run in spite of them.'
      : 'Correct the errors.',
  )
