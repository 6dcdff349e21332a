import { existsSync, watch, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type GuardianSettings, guardianScript } from '../../lib/runtime/supervision/guardian.js'
import { ask } from '../support/host.js'
import { bodyIn, http } from '../support/messages.js'
import {
  folder,
  type PluginProcess,
  pluginFile,
  type SpawnOptions,
  spawnPlugin,
  type Teardown,
} from '../support/plugin-process.js'
import { commandOf, parentOf } from '../support/processes.js'

const PARENT = fileURLToPath(new URL('../fixtures/processes/parent.js', import.meta.url))

/** A guardian's script in a file of its own; its delays are short unless said. */
export const guardianFile = (settings: Partial<GuardianSettings> = {}): string => {
  const path = join(folder(), 'guardian.sh')
  writeFileSync(
    path,
    guardianScript({
      delays: Array.from({ length: 10 }, () => 0.05),
      healthyAfter: 60,
      ...settings,
    }),
  )
  return path
}

/**
 * A plugin below a host, and perhaps a guardian, that a test may kill. `child` is the host;
 * `exited` waits for all of them.
 */
export interface HostedPlugin extends PluginProcess {
  /** The process id of the plugin's nth process, from 1, once it logs that it listens. */
  pid(nth?: number): Promise<number>
}

/** Starts a fixture plugin below a host of its own. */
export const hostedPlugin = (t: Teardown, name: string, options: SpawnOptions = {}): HostedPlugin =>
  hosted(t, name, [process.execPath, pluginFile(name)], options)

/** Starts a fixture plugin below a guardian below a host. */
export const guardedPlugin = (
  t: Teardown,
  name: string,
  options: SpawnOptions = {},
  script: string = guardianFile(),
): HostedPlugin => hosted(t, name, ['sh', script, process.execPath, pluginFile(name)], options)

const hosted = (
  t: Teardown,
  name: string,
  args: ReadonlyArray<string>,
  options: SpawnOptions,
): HostedPlugin => {
  const plugin = spawnPlugin(t, name, { ...options, file: PARENT, args })
  const pids = (): ReadonlyArray<number> =>
    plugin
      .entries()
      .flatMap(({ message, pid }) => (String(message).includes('listens on') ? [Number(pid)] : []))
  // What a test is about may fail, and leave the processes that it should have ended.
  t.teardown(() => {
    for (const pid of pids()) {
      kill(parentOf(pid), 'guardian.sh')
      kill(pid, pluginFile(name))
    }
  })
  return {
    ...plugin,
    pid: (nth = 1) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const pid = pids()[nth - 1]
          if (pid !== undefined) resolve(pid)
        }
        plugin.child.stderr?.on('data', look)
        plugin.exited.then(
          () => reject(new Error(`it ended before it listened ${nth} times:\n${plugin.stderr()}`)),
          reject,
        )
        look()
      }),
  }
}

const kill = (pid: number | undefined, is: string): void => {
  if (pid !== undefined && commandOf(pid).includes(is)) process.kill(pid, 'SIGKILL')
}

/** The body of the answer to a GET. */
export const get = async (path: string, route = '/'): Promise<unknown> =>
  bodyIn(await ask(path, http('tagged', 'g', { path: route })))

/** Waits until a file is gone. */
export const removed = (path: string): Promise<void> =>
  new Promise(resolve => {
    const watcher = watch(dirname(path), () => look())
    const look = (): void => {
      if (existsSync(path)) return
      watcher.close()
      resolve()
    }
    look()
  })
