import { existsSync } from 'node:fs'
import { dirname, relative, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { ReadonlyNonEmptyArray as NonEmptyArray } from 'fp-ts/lib/ReadonlyNonEmptyArray.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure } from '../cli-error.js'
import { buildScript } from './build-script.js'
import { type Manifest, manifestOf } from './manifest.js'
import { besideSource, outputIn } from './output-file.js'
import { configAt, faultless, nearestConfig, readTsConfig, type TsConfig } from './tsconfig.js'
import { type TypeScript, typeScriptOf } from './typescript.js'

/** Whether a file has to be compiled. */
export const isTypeScript = (file: string): boolean => /\.[cm]?tsx?$/.test(file)

/** How the project of a TypeScript file compiles it. */
export interface Compilation {
  readonly source: string
  readonly typescript: TypeScript
  readonly config: TsConfig
  /** Whether `tsc --build` compiles it, since its project refers to others. */
  readonly isBuild: boolean
}

/**
 * Finds out how the project of a TypeScript file compiles it: the compiler that is installed there,
 * with the tsconfig.json that `toru.tsconfig` or the script `build` of the package.json names, or
 * the nearest one. `root` has the package.json. Left if that makes no JavaScript.
 */
export const compilationOf = (source: string, root: string): TaskEither<CliError, Compilation> =>
  pipe(
    E.Do,
    E.apS('typescript', typeScriptOf(root)),
    E.bind('files', () =>
      pipe(
        manifestOf(root),
        E.chain(manifest => configFiles(source, root, manifest)),
      ),
    ),
    TE.fromEither,
    TE.chain(({ typescript, files }) =>
      pipe(
        including(typescript, files, source),
        TE.chain(config => emitting(typescript, config, source)),
        TE.map(config => ({ source, typescript, config, isBuild: config.references.length > 0 })),
      ),
    ),
  )

/** The configurations of which one compiles a source. */
const configFiles = (
  source: string,
  root: string,
  { tsconfig, scripts }: Manifest,
): E.Either<CliError, NonEmptyArray<string>> => {
  const at = (path: string): string => configAt(resolve(root, path))
  if (tsconfig !== undefined) return E.right([at(tsconfig)])
  const build = buildScript(scripts)
  if (build._tag === 'Other')
    return E.left(
      failure(
        `the script "build" compiles ${source} with ${build.program}, and what tsc makes of it ` +
          'may do something else',
        `Run the script, and ${NAME_OUTPUT}. If tsc compiles it, too: ` +
          '"toru": { "tsconfig": "tsconfig.json" }.',
      ),
    )
  const [named, ...more] = build._tag === 'Tsc' ? build.projects.map(at) : []
  if (named !== undefined) return E.right([named, ...more])
  return pipe(
    nearestConfig(dirname(source)),
    E.fromNullable(
      failure(
        `there is no tsconfig.json for ${source}: neither in its folder nor above`,
        'Make one with "outDir": "dist" (docs/running.md), or name compiled JavaScript.',
      ),
    ),
    E.map((file): NonEmptyArray<string> => [file]),
  )
}

const NAME_OUTPUT =
  'name the file that it makes: on the command line, or in package.json as ' +
  '"toru": { "entry": "dist/main.js" }'

/**
 * Of these configurations and those that they refer to, the one that names or includes a file, or
 * the first: a file that only others import is in none of these lists.
 */
const including = (
  typescript: TypeScript,
  [first, ...more]: NonEmptyArray<string>,
  source: string,
): TaskEither<CliError, TsConfig> =>
  pipe(
    readTsConfig(typescript, first),
    TE.chainTaskK(config => async () => {
      const seen = new Set<string>()
      const found = await firstIncluding(typescript, config, source, seen)
      return found ?? (await anyIncluding(typescript, more, source, seen)) ?? config
    }),
  )

const firstIncluding = async (
  typescript: TypeScript,
  config: TsConfig,
  source: string,
  seen: Set<string>,
): Promise<TsConfig | undefined> => {
  seen.add(config.file)
  return config.files.includes(source)
    ? config
    : anyIncluding(typescript, config.references, source, seen)
}

const anyIncluding = async (
  typescript: TypeScript,
  files: ReadonlyArray<string>,
  source: string,
  seen: Set<string>,
): Promise<TsConfig | undefined> => {
  for (const file of files.filter(one => !seen.has(one))) {
    const read = await readTsConfig(typescript, file)()
    const found = E.isRight(read)
      ? await firstIncluding(typescript, read.right, source, seen)
      : undefined
    if (found !== undefined) return found
  }
  return undefined
}

/** Refuses a configuration that makes no JavaScript, or makes it where nobody would expect it. */
const emitting = (
  typescript: TypeScript,
  config: TsConfig,
  source: string,
): TaskEither<CliError, TsConfig> => {
  const { emitsNothing, outDir } = config.options
  const name = relative(process.cwd(), config.file)
  const refused = (message: string, hint: string): TaskEither<CliError, never> =>
    pipe(
      faultless(typescript, config.file),
      TE.chain(() => TE.left(failure(message, hint))),
    )
  if (emitsNothing)
    return refused(
      `${name} makes no JavaScript of ${source}, since it has "noEmit" or "emitDeclarationOnly"`,
      `If another program compiles it, ${NAME_OUTPUT}. If tsc does, with another ` +
        'configuration: "toru": { "tsconfig": "tsconfig.build.json" }.',
    )
  return outDir !== undefined || existsSync(besideSource(source))
    ? TE.right(config)
    : refused(
        `${name} has no "outDir": tsc would write its output between the sources`,
        `Add "outDir": "dist" to its compilerOptions. If another program compiles it, ${NAME_OUTPUT}.`,
      )
}

/** What the compiler makes of the source. `program` has the files that it compiles. */
export const outputOf = (
  { source, typescript, config }: Compilation,
  program: ReadonlyArray<string>,
): E.Either<CliError, string> =>
  program.includes(source)
    ? E.right(outputIn(config, typescript.version, program, source))
    : E.left(
        failure(
          `${source} is not among the files that ${relative(process.cwd(), config.file)} compiles`,
          'Add it to "include" or "files" there, or name the right configuration in ' +
            'package.json: "toru": { "tsconfig": "tsconfig.build.json" }.',
        ),
      )
