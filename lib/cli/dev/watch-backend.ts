import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { BuildError } from '../../devhost/console-api.js'
import { type BuildEvent, backendError } from '../../devhost/plugin/build-status.js'
import type { ProcessGroup } from '../../plugin-process/spawn-process.js'
import type { CliError } from '../cli-error.js'
import { type Compilation, compilationOf, isTypeScript } from '../compile/compilation.js'
import { outputFile } from '../compile/compile.js'
import type { CompilerRun } from '../compile/run-compiler.js'
import type { Project } from '../pack/project.js'
import { buildError } from './build-errors.js'
import { type ProgramOptions, programVersions } from './program-versions.js'
import type { CompilerEvent, WatchCompiler, Watching } from './watch-compiler.js'
import { watchFiles } from './watch-files.js'

/** The program of a plugin, and what makes it. */
export type Backend =
  /** Compiled JavaScript, which something else makes. */
  | { readonly _tag: 'JavaScript'; readonly file: string }
  /** The folder `root` has the package.json. */
  | { readonly _tag: 'TypeScript'; readonly compilation: Compilation; readonly root: string }

/** Finds out what makes the program of a project. Left if nothing does. */
export const backendOf = ({ entry, root }: Project): TaskEither<CliError, Backend> =>
  isTypeScript(entry)
    ? pipe(
        compilationOf(entry, root),
        TE.map((compilation): Backend => ({ _tag: 'TypeScript', compilation, root })),
      )
    : TE.right({ _tag: 'JavaScript', file: entry })

/** What watches need of the host. */
export interface BackendHost {
  readonly tell: (event: BuildEvent) => Promise<void>
  /** Ends compilers with the host. */
  readonly group: ProcessGroup
}

/**
 * Tells of every new version of a program, once it is written: for TypeScript when its compiler is
 * done, otherwise when its files do not change any more.
 */
export const watchBackend = (
  backend: Backend,
  options: ProgramOptions,
  compilers: WatchCompiler,
  host: BackendHost,
): Watching =>
  backend._tag === 'JavaScript'
    ? watchJavaScript(backend.file, options, host)
    : watchTypeScript(backend, options, compilers, host)

const watchJavaScript = (
  file: string,
  options: ProgramOptions,
  { tell }: BackendHost,
): Watching => {
  const inTurn = latestTask()
  const look = (): void => inTurn.run(() => versions.look(file, [], 0))
  const versions = programVersions(options, tell, look)
  look()
  return {
    stop: async () => {
      versions.stop()
      await inTurn.stop()
    },
  }
}

/**
 * How long after a compilation the next one may begin for the output of the first not to be used,
 * in milliseconds. An editor may write a file in several steps.
 */
const SETTLE = 40

const watchTypeScript = (
  { compilation: first, root }: Backend & { readonly _tag: 'TypeScript' },
  options: ProgramOptions,
  compilers: WatchCompiler,
  { tell, group }: BackendHost,
): Watching => {
  const inTurn = latestTask()
  let compilation = first
  let output: { readonly file: string; readonly errors: ReadonlyArray<BuildError> } | undefined
  let isCompiling = true
  let settled: NodeJS.Timeout | undefined

  const versions = programVersions(options, tell, () => {
    if (output !== undefined && !isCompiling) inTurn.run(() => look(0))
  })
  const look = async (took: number): Promise<void> => {
    if (output !== undefined) await versions.look(output.file, output.errors, took)
  }
  const use = async ({ errors, program, hasEmitted }: CompilerRun, took: number): Promise<void> => {
    const shown = errors.map(buildError)
    if (!hasEmitted) return versions.fail(shown, took)
    const file = await outputFile(compilation, program)()
    if (E.isLeft(file)) return versions.fail([...shown, backendError(file.left.message)], took)
    output = { file: file.right, errors: shown }
    return look(took)
  }
  const on = (event: CompilerEvent): void => {
    clearTimeout(settled)
    isCompiling = event._tag === 'Begun'
    if (event._tag === 'Failed') inTurn.run(() => versions.fail([backendError(event.reason)], 0))
    if (event._tag === 'Done')
      settled = setTimeout(() => inTurn.run(() => use(event.run, event.took)), SETTLE)
  }
  let compiler = compilers(compilation, on, group)

  // The compiler itself sees such a change, but not what it means for its output.
  const changeConfig = async (): Promise<void> => {
    const next = await compilationOf(compilation.source, root)()
    if (E.isLeft(next)) return versions.fail([backendError(next.left.message)], 0)
    await compiler.stop()
    compilation = next.right
    compiler = compilers(compilation, on, group)
    configs.watch([compilation.config.file], Date.now())
  }
  const configs = watchFiles(() => inTurn.run(changeConfig), { settled: true })
  configs.watch([compilation.config.file], Date.now())
  return {
    stop: async () => {
      clearTimeout(settled)
      configs.stop()
      versions.stop()
      await inTurn.stop()
      await compiler.stop()
    },
  }
}

/** Runs one task at a time. Of those that wait only the latest is run. */
const latestTask = () => {
  let waiting: (() => Promise<void>) | undefined
  let running: Promise<void> | undefined
  const next = (): void => {
    const task = waiting
    waiting = undefined
    running = task?.().finally(next)
  }
  return {
    run: (task: () => Promise<void>): void => {
      waiting = task
      if (running === undefined) next()
    },
    stop: async (): Promise<void> => {
      waiting = undefined
      await running
    },
  }
}
