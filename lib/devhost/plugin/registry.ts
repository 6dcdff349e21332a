import type { BuildStatus, ConsolePlugin } from '../console-api.js'
import type { Sampled } from '../process/memory-sampling.js'
import type { ManagedPlugin } from './managed-plugin.js'

/** The current frontend of a plugin. */
export interface Frontend {
  /** Changes with the bundle. */
  readonly version: string
  /** The text of the bundle; `undefined` if it cannot be read. */
  readonly read: () => string | undefined
}

/** A plugin and its source. */
export interface HostedPlugin {
  readonly managed: ManagedPlugin
  /** The entry or `.binary` file, as a name for people. */
  readonly source: string
  readonly build: () => BuildStatus
  readonly frontend: () => Frontend | undefined
}

/** An entry that was never built, so that it has no plugin yet. The console shows it. */
export interface Pending {
  /** An id that no plugin has. */
  readonly id: string
  readonly source: string
  readonly build: () => BuildStatus
}

/** The plugins of a host. */
export interface Registry {
  readonly add: (plugin: HostedPlugin) => void
  readonly remove: (id: string) => void
  readonly get: (id: string) => HostedPlugin | undefined
  /** In insertion order. */
  readonly all: () => ReadonlyArray<HostedPlugin>
  /** The plugins that have a process. */
  readonly running: () => ReadonlyArray<Sampled>
  /** The plugin with a route such as `/notes`. */
  readonly byRoute: (route: string) => HostedPlugin | undefined
  readonly pending: Map<string, Pending>
  /** All plugins as the console shows them. `memory` yields the memory of a process. */
  readonly shown: (memory: (pid: number) => number | null) => ReadonlyArray<ConsolePlugin>
  readonly shownOne: (
    id: string,
    memory: (pid: number) => number | null,
  ) => ConsolePlugin | undefined
}

/** Creates an empty registry. */
export const makeRegistry = (): Registry => {
  const plugins = new Map<string, HostedPlugin>()
  const pending = new Map<string, Pending>()
  return {
    add: plugin => void plugins.set(plugin.managed.metadata().id, plugin),
    remove: id => void plugins.delete(id),
    get: id => plugins.get(id),
    all: () => [...plugins.values()],
    running: () =>
      [...plugins.values()].flatMap(({ managed }) => {
        const { pid } = managed.status()
        return pid === null ? [] : [{ id: managed.metadata().id, pid }]
      }),
    byRoute: route =>
      [...plugins.values()].find(({ managed }) => managed.metadata().route === route),
    pending,
    shown: memory => [
      ...[...plugins.values()].map(plugin => shownPlugin(plugin, memory)),
      ...[...pending.values()].map(shownPending),
    ],
    shownOne: (id, memory) => {
      const plugin = plugins.get(id)
      const waiting = pending.get(id)
      return plugin === undefined ? waiting && shownPending(waiting) : shownPlugin(plugin, memory)
    },
  }
}

/** A plugin as the host's own interface shows it. */
export const hostObject = ({ managed }: HostedPlugin) => {
  const { id, name, version, author, icon } = managed.metadata()
  const { enabled, running, health, pid, path } = managed.status()
  return { id, name, version, author, icon, enabled, running, health, pid, socket_path: path }
}

const shownPlugin = (
  plugin: HostedPlugin,
  memory: (pid: number) => number | null,
): ConsolePlugin => {
  const { state, reason, restarts, startedAt, socketAfter, pid } = plugin.managed.status()
  return {
    ...hostObject(plugin),
    route: plugin.managed.metadata().route,
    state,
    reason,
    restarts,
    startedAt,
    socketAfter,
    memory: pid === null ? null : memory(pid),
    source: plugin.source,
    build: plugin.build(),
    frontend: plugin.frontend()?.version ?? null,
  }
}

const shownPending = ({ id, source, build }: Pending): ConsolePlugin => ({
  id,
  name: source,
  version: '',
  author: null,
  icon: '',
  route: '',
  enabled: true,
  running: false,
  health: 'unhealthy',
  pid: null,
  socket_path: '',
  state: build().state === 'building' ? 'starting' : 'failed',
  reason: build().state === 'building' ? null : 'it was never built: see the errors of its build',
  restarts: 0,
  startedAt: null,
  socketAfter: null,
  memory: null,
  source,
  build: build(),
  frontend: null,
})
