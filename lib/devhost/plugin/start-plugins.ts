import type { Clock } from '../clock.js'
import type { Context } from '../context.js'
import { makeDeferred } from '../deferred.js'
import { loadFolder, type PluginFolder } from './load-folder.js'
import type { HostedPlugin } from './registry.js'
import { hostWatchedEntry, type WatchedEntry } from './watched-entry.js'

/** The plugins of a host, which are being started. */
export interface Startup {
  /** Every plugin has started or failed, or took too long for others to wait. */
  readonly ready: Promise<void>
  /** Ends the builds and the plugins in order. */
  readonly stop: () => Promise<void>
}

/** What to start. */
export interface StartupOptions {
  readonly clock: Clock
  readonly folder: PluginFolder | undefined
  readonly entries: ReadonlyArray<WatchedEntry>
}

/** After this time the author is told what is waited for, in milliseconds. */
const NOTICE_AFTER = 3_000

/**
 * How long all plugins together are waited for, in milliseconds. Each has limits of its own, except
 * that a build may take as long as it likes.
 */
const READY_TIMEOUT = 60_000

/** Starts the plugins of a folder, and those of entries when they are built. */
export const startPlugins = (
  context: Context,
  { clock, folder, entries }: StartupOptions,
): Startup => {
  const unsettled = new Set<string>()
  let isStopping = false
  const tracked = async <A>(name: string, task: Promise<A>): Promise<A> => {
    unsettled.add(name)
    const value = await task
    unsettled.delete(name)
    return value
  }
  const start = async ({ managed }: HostedPlugin): Promise<void> => {
    await context.startQueue(managed.start)
    await managed.settled()
  }

  // An entry cannot have the id of a plugin in the folder: those are known first.
  const loaded =
    folder === undefined
      ? Promise.resolve([])
      : tracked(
          folder.path,
          loadFolder(context, folder, () => isStopping),
        )
  const binaries = loaded.then(plugins =>
    Promise.all(plugins.map(plugin => tracked(plugin.managed.metadata().id, start(plugin)))),
  )
  const watched = entries.map(entry => {
    const { settled, stop } = hostWatchedEntry(context, entry, loaded)
    return { settled: tracked(entry.source, settled), stop }
  })

  const ready = makeDeferred()
  const names = (): string => [...unsettled].join(', ')
  const say = (kind: 'info' | 'warn', text: string): void =>
    context.say({ kind, about: null, text })
  const cancelNotice = clock.after(NOTICE_AFTER, () => say('info', `waiting for ${names()}`))
  const cancelTimeout = clock.after(READY_TIMEOUT, () => {
    say('warn', `no longer waiting for ${names()}`)
    ready.resolve()
  })
  void Promise.all([binaries, ...watched.map(({ settled }) => settled)]).then(ready.resolve)
  void ready.promise.then(() => {
    cancelNotice()
    cancelTimeout()
  })
  return {
    ready: ready.promise,
    stop: async () => {
      isStopping = true
      ready.resolve()
      const plugins = context.plugins.all().map(({ managed }) => managed.stop())
      await Promise.all([...watched.map(({ stop }) => stop()), ...plugins])
    },
  }
}
