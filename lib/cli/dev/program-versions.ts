import { existsSync } from 'node:fs'
import type { BuildError } from '../../devhost/console-api.js'
import { type BuildEvent, backendError } from '../../devhost/plugin/build-status.js'
import type { Launch } from '../../devhost/process/launch.js'
import { commandFor } from '../../plugin-process/spawn-process.js'
import { type Program, programReader } from './program-files.js'
import { watchFiles } from './watch-files.js'

/** How a program is run, and what is no part of it. */
export interface ProgramOptions {
  /** The name of the entry, for people. */
  readonly source: string
  /** The port of a debugger. */
  readonly inspect: number | undefined
  /** The folder of the frontend. */
  readonly frontend: string | undefined
}

/** Tells of each version of a program. Times are in milliseconds. */
export interface ProgramVersions {
  /**
   * Looks at a program that is written, and was compiled with these errors. Tells of it if it is
   * another one than before, or has other errors.
   */
  readonly look: (file: string, errors: ReadonlyArray<BuildError>, took: number) => Promise<void>
  /** Tells that there is no new version. */
  readonly fail: (errors: ReadonlyArray<BuildError>, took: number) => Promise<void>
  readonly stop: () => void
}

/** Also calls `onChange` when a file of the program has changed, once it is written. */
export const programVersions = (
  options: ProgramOptions,
  tell: (event: BuildEvent) => Promise<void>,
  onChange: () => void,
): ProgramVersions => {
  const watcher = watchFiles(onChange, { settled: true })
  let read: { readonly file: string; readonly program: () => Program } | undefined
  let last: { readonly version: string; readonly errors: string } | undefined
  const fail: ProgramVersions['fail'] = (errors, took) => {
    last = undefined
    return tell({ _tag: 'Failed', half: 'backend', errors, took })
  }
  return {
    look: async (file, errors, took) => {
      const since = Date.now()
      if (read?.file !== file) read = { file, program: programReader(file, options.frontend) }
      const { files, version } = read.program()
      watcher.watch([file, ...files], since)
      if (!existsSync(file))
        return fail([...errors, backendError(`${file} does not exist: compile it`)], took)
      const before = last
      last = { version, errors: JSON.stringify(errors) }
      if (before?.version !== version)
        await tell({ _tag: 'Backend', launch: launchOf(file, options), errors, took })
      else if (before.errors !== last.errors) await tell({ _tag: 'Checked', errors })
    },
    fail,
    stop: watcher.stop,
  }
}

const launchOf = (file: string, { source, inspect }: ProgramOptions): Launch => {
  const command = commandFor(file)
  const [node, ...args] = command
  return {
    command,
    ...(inspect === undefined
      ? {}
      : { serving: [node, `--inspect=127.0.0.1:${inspect}`, ...args] }),
    source,
  }
}
