import { O } from '../../fp.js'
import type { AskOptions } from '../../plugin-process/ask-plugin.js'
import {
  type Command,
  type SpawnedProcess,
  spawnProcess,
} from '../../plugin-process/spawn-process.js'
import { closeWriteEnd, makePipe } from './named-pipe.js'
import type { OrphanCleanup } from './orphan-cleanup.js'

/** How a plugin's program is started. */
export interface Launch {
  /** The program and its first arguments, such as Node.js and the file. */
  readonly command: Command
  /**
   * What takes the place of `command` where the plugin is to serve, such as Node.js with a
   * debugger's port: two processes cannot have it at once.
   */
  readonly serving?: Command
  /** The file as people know it. */
  readonly source: string
}

/** The launchOptions in which all plugins of a host run. */
export interface LaunchOptions {
  /** The host's working directory, which is also the plugin's: `steering.db` is there. */
  readonly cwd: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly cleanup: OrphanCleanup
}

/** How a plugin is asked what it is. `folder` is there for its socket, if it should make one. */
export const askOptions = ({ cwd, env, cleanup }: LaunchOptions, folder: string): AskOptions => ({
  cwd,
  env,
  group: cleanup,
  folder,
  timeout: ASK_TIMEOUT,
})

const ASK_TIMEOUT = 10_000

/**
 * Starts a plugin's program. Its stderr is a real pipe, as the host makes it, where the system can
 * make one; that is done under the name `pipePath`.
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
