import { O } from '../../fp.js'
import type { AskOptions } from '../../plugin-process/ask-plugin.js'
import {
  type Command,
  type SpawnedProcess,
  spawnProcess,
} from '../../plugin-process/spawn-process.js'
import { closeWriteEnd, makePipe } from './named-pipe.js'
import type { OrphanCleanup } from './orphan-cleanup.js'

/** How to start a plugin. */
export interface Launch {
  /** The program and its arguments, such as Node.js and a file. */
  readonly command: Command
  /**
   * Replaces `command` when the plugin is to serve. It may have a debugger's port, which two
   * processes cannot have at once.
   */
  readonly serving?: Command
  /** The name of the file, for people. */
  readonly source: string
}

/** What all plugins of a host are started with. */
export interface LaunchOptions {
  /** The host's working directory, which is also the plugins'. It has the host's database. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cleanup: OrphanCleanup
}

/**
 * How to run a plugin with `--metadata` or `--describe`. `folder` is for a socket, if it creates
 * one.
 */
export const askOptions = ({ cwd, env, cleanup }: LaunchOptions, folder: string): AskOptions => ({
  cwd,
  env,
  group: cleanup,
  folder,
  timeout: ASK_TIMEOUT,
})

const ASK_TIMEOUT = 10_000

/**
 * Starts a plugin with a real pipe as its stderr, as the host does, if the system can create one at
 * `pipePath`.
 */
export const launch = (
  command: Command,
  { cwd, env, cleanup }: LaunchOptions,
  extra: Readonly<Record<string, string>>,
  pipePath: string,
): SpawnedProcess => {
  const stderr = O.toUndefined(makePipe(pipePath))
  const spawned = spawnProcess(command, {
    cwd,
    env: { ...env, ...extra },
    group: cleanup,
    ...(stderr === undefined ? {} : { stderr }),
  })
  if (stderr !== undefined) closeWriteEnd(stderr)
  return spawned
}
