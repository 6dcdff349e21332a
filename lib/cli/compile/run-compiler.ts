import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type RanProcess, runProcess } from '../../plugin-process/run-process.js'
import { endInWords, type ProcessGroup } from '../../plugin-process/spawn-process.js'
import { type CliError, failure } from '../cli-error.js'
import { isAtLeast } from '../node-version.js'
import type { Compilation } from './compilation.js'
import { compilerOutput, type Diagnostic } from './diagnostics.js'

/** What the compiler said in one run, and whether it wrote JavaScript. */
export interface CompilerRun {
  readonly errors: ReadonlyArray<Diagnostic>
  /** The files that it compiled; none where they are not listed. */
  readonly program: ReadonlyArray<string>
  readonly hasEmitted: boolean
}

/** How the compiler is to print: of each version and in each language the same. */
export const PLAIN = ['--pretty', 'false', '--locale', 'en'] as const

/** How long one run may take, in milliseconds. */
const TIMEOUT = 10 * 60_000

/** Runs the compiler once. Left if it comes to no end of its own. */
export const runCompiler = (
  compilation: Compilation,
  group?: ProcessGroup,
): TaskEither<CliError, CompilerRun> => {
  const { typescript, config, isBuild } = compilation
  const what = isBuild ? ['-b', config.file] : ['-p', config.file, '--listFiles']
  return pipe(
    TE.fromTask(() =>
      runProcess([...typescript.command, ...what, ...PLAIN], {
        timeout: TIMEOUT,
        ...(group === undefined ? {} : { group }),
      }),
    ),
    TE.chainEitherK(ran => {
      const { errors, program } = compilerOutput(ran.stdout.split('\n'))
      return ran.code === 0 || errors.length > 0
        ? E.right({ errors, program, hasEmitted: hasEmitted(compilation, ran.code) })
        : E.left(failed(ran))
    }),
  )
}

/** The exit code with which the compiler says that it has written nothing, because of errors. */
const NOTHING_WRITTEN = 1

/** Whether a run with this exit code has written JavaScript. */
const hasEmitted = (compilation: Compilation, code: number | null): boolean =>
  // Before version 7 that is the exit code of a build with errors in any case.
  code === NOTHING_WRITTEN && compilation.isBuild
    ? emitsInSpiteOfErrors(compilation)
    : code !== NOTHING_WRITTEN

/** Whether a type error leaves the output as it was. */
export const emitsInSpiteOfErrors = ({ typescript, config, isBuild }: Compilation): boolean =>
  !config.options.noEmitOnError && (!isBuild || isAtLeast(typescript.version, '5.6.0'))

const failed = (ran: RanProcess): CliError =>
  failure(
    `the compiler does not work: ${ran.timedOut ? `it took more than ${TIMEOUT / 1_000} s` : endInWords(ran)}; it wrote: ${(ran.stderr || ran.stdout).trim()}`,
    'Run npx tsc to see more.',
  )
