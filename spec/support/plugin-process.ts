import { type ChildProcess, type StdioOptions, spawn } from 'node:child_process'
import { lstatSync, mkdtempSync, realpathSync, watch } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { isObject } from './messages.js'

/** The compiled file of a fixture plugin. */
export const pluginFile = (name: string): string =>
  fileURLToPath(new URL(`../fixtures/plugins/${name}.js`, import.meta.url))

/** A new directory of the test's own. */
export const folder = (): string => mkdtempSync(join(realpathSync(tmpdir()), 'toru-'))

/** How a process ended. */
export interface Exit {
  readonly code: number | null
  readonly signal: NodeJS.Signals | null
}

/** What a spawned plugin is to a test. */
export interface PluginProcess {
  readonly child: ChildProcess
  /** The path of its socket. */
  readonly path: string
  /** What it has written so far. */
  stdout(): string
  stderr(): string
  /** Its log so far. */
  entries(): ReadonlyArray<Entry>
  /**
   * The first entry whose message holds a text, as soon as it is there; rejects if the process ends
   * without it.
   */
  entry(text: string): Promise<Entry>
  /** How it ended, once it has and its streams are read to their ends. */
  readonly exited: Promise<Exit>
  /** Waits until its socket is there; rejects with its log if it ends before. */
  listening(): Promise<void>
}

/** A line of the log. */
export type Entry = Readonly<Record<string, unknown>>

export interface SpawnOptions {
  readonly args?: ReadonlyArray<string>
  readonly env?: NodeJS.ProcessEnv
  /** Where it listens; a new path unless said. */
  readonly path?: string
  readonly cwd?: string
  /** The plugin's file, in the place of a fixture's. */
  readonly file?: string
  readonly stdio?: StdioOptions
}

/** Of a test, what is needed to end what it has started. */
export interface Teardown {
  teardown(run: () => void): void
}

/** Variables of the test's own surroundings that would change what a plugin does. */
const NEUTRAL = Object.fromEntries(
  Object.entries(process.env).filter(([name]) => !/^TORU_|^NODE_OPTIONS$/.test(name)),
)

/** Starts a fixture plugin as the host would, and ends it with the test. */
export const spawnPlugin = (
  t: Teardown,
  name: string,
  options: SpawnOptions = {},
): PluginProcess => {
  const path = options.path ?? join(folder(), 'plugin.sock')
  const child = spawn(
    process.execPath,
    [options.file ?? pluginFile(name), ...(options.args ?? [])],
    {
      cwd: options.cwd ?? tmpdir(),
      env: { ...NEUTRAL, TORU_PLUGIN_SOCKET: path, TORU_DATA_DIR: folder(), ...options.env },
      stdio: options.stdio ?? ['ignore', 'pipe', 'pipe'],
    },
  )
  t.teardown(() => void child.kill('SIGKILL'))
  const written = { stdout: '', stderr: '' }
  const wakes = new Set<() => void>()
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text
      for (const wake of wakes) wake()
    })
  }
  let over = false
  const exited = new Promise<Exit>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      over = true
      for (const wake of wakes) wake()
      resolve({ code, signal })
    })
  })
  const entries = (): ReadonlyArray<Entry> => linesOf(written.stderr).map(entryOf)
  return {
    child,
    path,
    stdout: () => written.stdout,
    stderr: () => written.stderr,
    entries,
    entry: text =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const found = entries().find(({ message }) => String(message).includes(text))
          if (found === undefined && !over) return
          wakes.delete(look)
          if (found !== undefined) resolve(found)
          else
            reject(
              new Error(
                `the plugin ended without the entry ${JSON.stringify(text)}:\n${written.stderr}`,
              ),
            )
        }
        wakes.add(look)
        look()
      }),
    exited,
    listening: () =>
      Promise.race([
        socketAt(path),
        exited.then(() => Promise.reject(new Error(`the plugin ended:\n${written.stderr}`))),
      ]),
  }
}

/** Starts a fixture plugin and waits until it listens. */
export const startPlugin = async (
  t: Teardown,
  name: string,
  options: SpawnOptions = {},
): Promise<PluginProcess> => {
  const plugin = spawnPlugin(t, name, options)
  await plugin.listening()
  return plugin
}

/** Waits for a socket's name in a directory that is there, as the host does. */
export const socketAt = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const watcher = watch(dirname(path), (_event, file) => {
      if (file === basename(path)) look()
    })
    const look = (): void => {
      if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() !== true) return
      watcher.close()
      resolve()
    }
    watcher.on('error', reject)
    watcher.unref()
    look()
  })

const linesOf = (text: string): ReadonlyArray<string> =>
  text.split('\n').filter((part, index, all) => part !== '' && index < all.length - 1)

const entryOf = (text: string): Entry => {
  try {
    const entry: unknown = JSON.parse(text)
    return isObject(entry) ? entry : { message: text, raw: true }
  } catch {
    return { message: text, raw: true }
  }
}
