import { randomUUID } from 'node:crypto'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { type TaskQueue, taskQueue } from '../domain/task-queue.js'
import { E } from '../fp.js'
import { exchange } from '../plugin-process/exchange.js'
import { makeFolder } from '../plugin-process/make-folder.js'
import type { DialectName } from '../protocol.js'
import type { Clock } from './clock.js'
import type { ConsolePlugin, ConsoleState, LogEntry } from './console-api.js'
import { type Hub, makeHub } from './event-hub.js'
import { sendLifecycle } from './exchange/forward.js'
import type { Destination } from './exchange/send.js'
import { makeTraffic, type Traffic } from './exchange/traffic.js'
import type { HostPolicy } from './host-policy.js'
import type { KvTables } from './kv-table.js'
import type { HostLogEntry } from './log/log-entries.js'
import { type LogStore, makeLogStore } from './log/log-store.js'
import { pluginOutput } from './log/plugin-output.js'
import { type ManagedPlugin, managePlugin } from './plugin/managed-plugin.js'
import { makeRegistry, type Registry } from './plugin/registry.js'
import type { Version } from './plugin/supervision.js'
import type { LaunchOptions } from './process/launch.js'
import { sampleMemory } from './process/memory-sampling.js'
import { type PluginProcess, startPlugin } from './process/plugin-process.js'

/** A message for the author, about one plugin or about the host. */
export interface Notice {
  readonly kind: 'info' | 'warn' | 'error'
  readonly about: string | null
  readonly text: string
}

/** How a host behaves. */
export interface Behaviour {
  /** The version of this package, for the console. */
  readonly version: string
  readonly dialect: DialectName
  readonly policy: HostPolicy
}

/** What a context is given, and passes on. */
interface Shared extends Behaviour {
  readonly tables: KvTables
  readonly launchOptions: LaunchOptions
  /** This host's temporary folder, for sockets and builds. */
  readonly folder: string
  readonly say: (notice: Notice) => void
}

/** What a context needs. */
export interface ContextOptions extends Shared {
  /** The data directory, which has a folder for the log files that plugins write themselves. */
  readonly data: string
  readonly clock: Clock
  /** Called with every entry of every plugin's log. */
  readonly onLog: (entry: LogEntry) => void
  /** Called with a plugin after every change. */
  readonly onPlugin: (plugin: ConsolePlugin) => void
}

/** What the parts of a host share. */
export interface Context extends Shared {
  readonly plugins: Registry
  readonly logs: LogStore
  readonly traffic: Traffic
  readonly hub: Hub
  /** Requests wait in it before they are forwarded. */
  readonly queue: TaskQueue
  /** Plugins wait in it before they are started, so that many do not make each other late. */
  readonly startQueue: TaskQueue
  /** Supervises a plugin, which is not started yet. */
  readonly manage: (version: Version) => ManagedPlugin
  /** Where to send messages for a plugin. */
  readonly destination: (plugin: string, exchange: Destination['exchange']) => Destination
  readonly state: () => ConsoleState
  /** Reports to the console that a plugin has changed. */
  readonly changed: (id: string) => void
}

/** Creates what the parts of a host share. `close` stops its timers. */
export const makeContext = (place: ContextOptions): Context & { readonly close: () => void } => {
  const { policy, dialect, version, tables, launchOptions, folder, say } = place
  const hub = makeHub()
  const logs = makeLogStore()
  const traffic = makeTraffic()
  const plugins = makeRegistry()

  const changed = (id: string): void => {
    const plugin = plugins.shownOne(id, memory.of)
    if (plugin === undefined) return
    hub.emit({ name: 'plugin', data: plugin })
    place.onPlugin(plugin)
  }
  const log = (entry: HostLogEntry): void => {
    const numbered = logs.add(entry)
    hub.emit({ name: 'log', data: numbered })
    place.onLog(numbered)
  }
  const destination: Context['destination'] = (plugin, exchange) => ({
    plugin,
    exchange,
    dialect,
    record: recorded => hub.emit({ name: 'exchange', data: traffic.add(recorded) }),
  })
  const output = pluginOutput({
    log,
    isPlugin: id => plugins.get(id) !== undefined,
    warn: (about, text) => say({ kind: 'warn', about, text }),
  })
  // Memory is only measured while a console is connected.
  const memory = sampleMemory(() => (hub.listeners() === 0 ? [] : plugins.running()), changed)

  const instanceId = randomUUID()
  const logFolder = join(place.data, 'logs')
  let sockets = 0

  const spawn = ({ launch, metadata: { id } }: Version): PluginProcess =>
    startPlugin({
      launch,
      // The id is cut, since the length of a socket's path is limited.
      path: join(folder, `${id.slice(0, 24)}.${++sockets}.sock`),
      launchOptions,
      onStderr: chunk => output.stderr(id, chunk),
      onStdout: policy.readsStdout ? chunk => output.stdout(id, chunk) : undefined,
    })
  const manage = (first: Version): ManagedPlugin => {
    makeFolder(logFolder)
    const logPath = join(logFolder, `${first.metadata.id}.log`)
    const managed: ManagedPlugin = managePlugin(first, {
      clock: place.clock,
      policy,
      spawn,
      exchange,
      init: ({ path }, id) =>
        sendLifecycle(destination(id, at(path)), {
          _tag: 'Init',
          instanceId,
          pluginSocket: path,
          logPath,
        }),
      shutdown: ({ path }, id) => sendLifecycle(destination(id, at(path)), { _tag: 'Shutdown' }),
      changed: () => changed(managed.metadata().id),
      say: (kind, text) => say({ kind, about: managed.metadata().id, text }),
    })
    return managed
  }

  return {
    version,
    dialect,
    policy,
    plugins,
    logs,
    traffic,
    hub,
    tables,
    queue: taskQueue(policy.requests === 'serial' ? 1 : Number.POSITIVE_INFINITY),
    startQueue: taskQueue(Math.max(2, availableParallelism())),
    launchOptions,
    folder,
    say,
    manage,
    destination,
    state: () => ({ version, dialect, policy: policy.name, plugins: plugins.shown(memory.of) }),
    changed,
    close: memory.close,
  }
}

/** A process that gets a message whether or not the plugin gets any. */
const at =
  (path: string): Destination['exchange'] =>
  async message =>
    E.right(await exchange({ ...message, path }))
