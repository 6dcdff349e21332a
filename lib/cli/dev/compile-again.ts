import { type Dirent, readdirSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Compilation } from '../compile/compilation.js'
import { runCompiler } from '../compile/run-compiler.js'
import { readTsConfig, type TsConfig } from '../compile/tsconfig.js'
import type { TypeScript } from '../compile/typescript.js'
import type { WatchCompiler } from './watch-compiler.js'
import { watchFiles } from './watch-files.js'

/**
 * Runs the compiler after each change of a file that it compiles. Also where it could watch by
 * itself: of TypeScript 7.0, `tsc --watch` sees no change of a file beside tsconfig.json, and
 * `tsc --build --watch` none that comes while it builds.
 */
export const compileAgain: WatchCompiler = (compilation, on, group) => {
  const { config } = compilation
  let sources: ReadonlyArray<string> = config.files
  let running: Promise<void> | undefined
  let isWanted = false
  let isOver = false

  const once = async (): Promise<void> => {
    const [since, begun] = [Date.now(), performance.now()]
    on({ _tag: 'Begun' })
    const run = await runCompiler(compilation, group)()
    const took = performance.now() - begun
    if (E.isRight(run)) sources = await sourcesOf(compilation, run.right.program)
    if (isOver) return
    watcher.watch([config.file, join(dirname(config.file), 'package.json'), ...sources], since)
    on(
      E.isLeft(run)
        ? { _tag: 'Failed', reason: run.left.message }
        : { _tag: 'Done', run: run.right, took },
    )
  }
  const compile = (): void => {
    isWanted = running !== undefined
    running ??= once().finally(() => {
      running = undefined
      if (isWanted && !isOver) compile()
    })
  }
  const watcher = watchFiles(compile)
  compile()
  return {
    stop: async () => {
      isOver = true
      watcher.stop()
      await running
    },
  }
}

/** The files and folders whose change may change what comes of a compilation. */
const sourcesOf = async (
  { typescript, config, isBuild, source }: Compilation,
  program: ReadonlyArray<string>,
): Promise<ReadonlyArray<string>> =>
  isBuild
    ? (await projectsFrom(typescript, config.file)).flatMap(({ file, files, options }) => [
        file,
        ...files,
        ...below(dirname(file), options.outDir),
      ])
    : [source, ...program.filter(file => !file.includes('/node_modules/'))]

/** A project, and all that it refers to. What cannot be read is left out. */
const projectsFrom = async (
  typescript: TypeScript,
  file: string,
  seen = new Set<string>(),
): Promise<ReadonlyArray<TsConfig>> => {
  if (seen.has(file)) return []
  seen.add(file)
  const read = await readTsConfig(typescript, file)()
  if (E.isLeft(read)) return []
  const others = await Promise.all(
    read.right.references.map(reference => projectsFrom(typescript, reference, seen)),
  )
  return [read.right, ...others.flat()]
}

const IS_SOURCE = /(?<!\.d)\.[cm]?tsx?$|\.json$/

/** The sources below a folder, and the folders, in which a new one may come. */
const below = (folder: string, outDir: string | undefined): ReadonlyArray<string> =>
  pipe(
    O.tryCatch(() => readdirSync(folder, { withFileTypes: true })),
    O.getOrElse((): ReadonlyArray<Dirent> => []),
  ).flatMap(entry => {
    const path = join(folder, entry.name)
    if (entry.name.startsWith('.') || entry.name === 'node_modules' || path === outDir) return []
    if (entry.isDirectory()) return [path, ...below(path, outDir)]
    return IS_SOURCE.test(entry.name) ? [path] : []
  })
