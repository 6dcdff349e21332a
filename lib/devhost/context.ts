import { randomUUID } from 'node:crypto'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { O } from '../fp.js'
import type { DialectName } from '../protocol.js'
import type { Clock } from './clock.js'
import type { ConsolePlugin, ConsoleState, LogEntry } from './console-api.js'
import { type ConsoleEvent, type Hub, makeHub } from './event-hub.js'
import { type Destination, tell } from './exchange/forward.js'
import { makeTraffic, type Recorded, type Traffic } from './exchange/traffic.js'
import { atOnce, oneAtATime, type Turns } from './exchange/turns.js'
import type { KvTables } from './kv-table.js'
import { entryOf, type HostLogEntry, piecesOf } from './log/log-entries.js'
import { type LogStore, makeLogStore } from './log/log-store.js'
import { type ManagedPlugin, managePlugin } from './plugin/managed-plugin.js'
import type { Metadata } from './plugin/metadata.js'
import { makeRegistry, type Registry } from './plugin/registry.js'
import type { Launch, Surroundings } from './process/launch.js'
import { type PluginProcess, startPlugin } from './process/plugin-process.js'
import { memoryOf } from './process/process-group.js'

/** What a host tells the person in front of it, about one plugin or about itself. */
export interface Notice {
  readonly kind: 'info' | 'warn' | 'error'
  readonly about: string | null
  readonly text: string
}

/** How a host behaves. */
export interface Behaviour {
  /** Of this package, for the console. */
  readonly version: string
  readonly dialect: DialectName
  /** Whether to have today's weaknesses on purpose. */
  readonly faithful: boolean
}

/** What the parts of a host share. */
export interface Context extends Behaviour {
  readonly plugins: Registry
  readonly logs: LogStore
  readonly traffic: Traffic
  readonly hub: Hub
  readonly tables: KvTables
  /** Forwarding goes through here: at once, or one at a time as today's host does it. */
  readonly turns: Turns
  readonly surroundings: Surroundings
  /** This host's own folder, for sockets and builds. */
  readonly folder: string
  readonly say: (notice: Notice) => void
  /** A plugin under this host's care, which is not started yet. */
  readonly manage: (launch: Launch, metadata: Metadata) => ManagedPlugin
  /** How to speak to a plugin's process. */
  readonly destination: (plugin: string, path: string) => Destination
  readonly state: () => ConsoleState
  /** Tells the console that a plugin has changed. */
  readonly changed: (id: string) => void
  /** Keeps an entry of a plugin's log. */
  readonly log: (entry: HostLogEntry) => void
}

/** What a context is made of. */
export interface ContextPlace extends Behaviour {
  readonly tables: KvTables
  readonly surroundings: Surroundings
  readonly folder: string
  /** The data directory, in which the logs are that a plugin writes by itself. */
  readonly data: string
  readonly clock: Clock
  readonly say: (notice: Notice) => void
  /** Gets every entry of every plugin's log. */
  readonly onLog: (entry: LogEntry) => void
  /** Gets a plugin after every change. */
  readonly onPlugin: (plugin: ConsolePlugin) => void
}

const MEMORY_EVERY = 2_000

/** Makes what the parts of a host share. `close` ends what it does by itself. */
export const makeContext = (place: ContextPlace): Context & { readonly close: () => void } => {
  const { faithful, dialect, version, tables, surroundings, folder, say } = place
  const hub = makeHub()
  const logs = makeLogStore()
  const traffic = makeTraffic()
  const plugins = makeRegistry()
  const instanceId = randomUUID()
  let sockets = 0
  let memory: ReadonlyMap<number, number> = new Map()

  const emit = (event: ConsoleEvent): void => hub.emit(event)
  const memoryOfPid = (pid: number): number | null => memory.get(pid) ?? null
  const changed = (id: string): void => {
    const plugin = plugins.shownOne(id, memoryOfPid)
    if (plugin === undefined) return
    emit({ name: 'plugin', data: plugin })
    place.onPlugin(plugin)
  }
  const log = (entry: HostLogEntry): void => {
    const numbered = logs.add(entry)
    emit({ name: 'log', data: numbered })
    place.onLog(numbered)
  }
  const destination = (plugin: string, path: string): Destination => ({
    plugin,
    path,
    dialect,
    record: (recorded: Recorded) => emit({ name: 'exchange', data: traffic.add(recorded) }),
  })

  /** Plugins that were told that they log under a name that nobody has. */
  const strangers = new Set<string>()

  /** The id is cut: the path of a socket may have 107 bytes. */
  const spawn = (launch: Launch, id: string): PluginProcess =>
    startPlugin({
      launch,
      path: join(folder, `${id.slice(0, 24)}.${++sockets}.sock`),
      surroundings,
      onStderr: chunk => {
        for (const piece of piecesOf(chunk)) {
          const entry = entryOf(piece, id, new Date().toISOString())
          if (O.isNone(entry)) continue
          const { plugin } = entry.value
          // An entry that names another plugin goes to that one's log, as in the host.
          if (plugin === id || plugins.get(plugin) !== undefined) log(entry.value)
          else if (!strangers.has(id)) {
            strangers.add(id)
            say({
              kind: 'warn',
              about: id,
              text: `it writes entries of the log as ${JSON.stringify(plugin)}: no page of the panel shows them`,
            })
          }
        }
      },
      onStdout: faithful
        ? undefined
        : chunk => {
            for (const piece of piecesOf(chunk)) {
              const message = `on stdout, which no host reads: ${piece.toString('utf8').trimEnd()}`
              log({ timestamp: new Date().toISOString(), level: 'Warn', message, plugin: id })
            }
          },
    })

  const manage = (launch: Launch, metadata: Metadata): ManagedPlugin => {
    const logPath = join(place.data, 'logs', `${metadata.id}.log`)
    mkdirSync(join(place.data, 'logs'), { recursive: true })
    const managed: ManagedPlugin = managePlugin(launch, metadata, {
      clock: place.clock,
      faithful,
      spawn,
      init: ({ path }, id) =>
        tell(destination(id, path), { _tag: 'Init', instanceId, pluginSocket: path, logPath }),
      shutdown: ({ path }, id) => tell(destination(id, path), { _tag: 'Shutdown' }),
      changed: () => changed(managed.metadata().id),
      say: (kind, text) => say({ kind, about: managed.metadata().id, text }),
    })
    return managed
  }

  // Only for those who look.
  const sampling = setInterval(() => {
    if (hub.listeners() === 0) return
    const running = plugins.all().flatMap(({ managed }) => {
      const { pid } = managed.status()
      return pid === null ? [] : [{ id: managed.metadata().id, pid }]
    })
    const before = memory
    memory = memoryOf(new Set(running.map(({ pid }) => pid)))
    for (const { id, pid } of running) if (before.get(pid) !== memory.get(pid)) changed(id)
  }, MEMORY_EVERY)
  sampling.unref()

  return {
    version,
    dialect,
    faithful,
    plugins,
    logs,
    traffic,
    hub,
    tables,
    turns: faithful ? oneAtATime() : atOnce,
    surroundings,
    folder,
    say,
    manage,
    destination,
    state: () => ({ version, dialect, faithful, plugins: plugins.shown(memoryOfPid) }),
    changed,
    log,
    close: () => clearInterval(sampling),
  }
}
