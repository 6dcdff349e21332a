import { existsSync, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { parseTrustedText } from '../../domain/text/parse-json.js'
import { runProcess } from '../../plugin-process/run-process.js'
import { type CliError, failure } from '../cli-error.js'
import {
  compilerOutput,
  configurationErrors,
  type Diagnostic,
  diagnosticText,
} from './diagnostics.js'
import type { TypeScript } from './typescript.js'

/** A tsconfig.json with what it inherits, as the compiler understands it. Paths are absolute. */
export interface TsConfig {
  readonly file: string
  readonly options: {
    readonly outDir: string | undefined
    readonly rootDir: string | undefined
    readonly composite: boolean
    /** Whether it makes no JavaScript at all. */
    readonly emitsNothing: boolean
    readonly noEmitOnError: boolean
  }
  /** The files that it names or includes. */
  readonly files: ReadonlyArray<string>
  /** The tsconfig.json of each project that it refers to. */
  readonly references: ReadonlyArray<string>
}

const Shown = t.intersection([
  t.type({
    compilerOptions: t.partial({
      outDir: t.string,
      rootDir: t.string,
      composite: t.boolean,
      noEmit: t.boolean,
      emitDeclarationOnly: t.boolean,
      noEmitOnError: t.boolean,
    }),
  }),
  t.partial({
    files: t.array(t.string),
    references: t.array(t.type({ path: t.string })),
  }),
])

/** How long the compiler may take to read a configuration, in milliseconds. */
const TIMEOUT = 60_000

/** Asks the compiler what a tsconfig.json says. */
export const readTsConfig = (
  { command }: TypeScript,
  file: string,
): TaskEither<CliError, TsConfig> =>
  pipe(
    TE.fromTask(() =>
      runProcess([...command, '-p', file, '--showConfig', '--pretty', 'false'], {
        timeout: TIMEOUT,
      }),
    ),
    TE.chainEitherK(({ stdout, stderr }) =>
      pipe(
        O.fromEither(parseTrustedText(stdout)),
        O.filter(Shown.is),
        E.fromOption(() => undefined),
        E.bimap(
          () => unusable(file, reasonIn(stdout, stderr)),
          shown => configOf(file, shown),
        ),
      ),
    ),
  )

/**
 * Checks that the compiler has nothing against a tsconfig.json and what it inherits. Some versions
 * show one with errors as if what is wrong were not there.
 */
export const faultless = ({ command }: TypeScript, file: string): TaskEither<CliError, void> =>
  pipe(
    TE.fromTask(() =>
      runProcess([...command, '-p', file, '--noEmit', '--pretty', 'false'], { timeout: TIMEOUT }),
    ),
    TE.chainEitherK(({ stdout }) => {
      const faults = configurationErrors(compilerOutput(stdout.split('\n')))
      return faults.length === 0 ? E.right(undefined) : E.left(unusable(file, errorsText(faults)))
    }),
  )

const unusable = (file: string, reason: string): CliError =>
  failure(`${file} cannot be used: ${reason}`, 'Correct the file.')

const errorsText = (errors: ReadonlyArray<Diagnostic>): string =>
  errors.map(diagnosticText).join('\n')

const reasonIn = (stdout: string, stderr: string): string =>
  errorsText(compilerOutput(stdout.split('\n')).errors) || stderr.trim() || stdout.trim()

const configOf = (
  file: string,
  { compilerOptions: options, files = [], references = [] }: t.TypeOf<typeof Shown>,
): TsConfig => {
  const absolute = (path: string): string => resolve(dirname(file), path)
  const optional = (path: string | undefined): string | undefined => path && absolute(path)
  return {
    file,
    options: {
      outDir: optional(options.outDir),
      rootDir: optional(options.rootDir),
      composite: options.composite === true,
      emitsNothing: options.noEmit === true || options.emitDeclarationOnly === true,
      noEmitOnError: options.noEmitOnError === true,
    },
    files: files.map(absolute),
    references: references.map(({ path }) => configAt(absolute(path))),
  }
}

/** The file of a project that is named by its file or its folder. */
export const configAt = (path: string): string =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
    ? join(path, 'tsconfig.json')
    : path

/** The tsconfig.json in a folder, or in the nearest one above that has one. */
export const nearestConfig = (folder: string): string | undefined => {
  const file = join(folder, 'tsconfig.json')
  if (existsSync(file)) return file
  return dirname(folder) === folder ? undefined : nearestConfig(dirname(folder))
}
