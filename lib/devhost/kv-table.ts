import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { HOST_DATABASE } from '../domain/host.js'
import { E, O, pipe, TE } from '../fp.js'
import {
  type ClosableKvStore,
  hostKv,
  isPluginError,
  type KvPlace,
  type PluginError,
  sqliteKv,
} from '../index.js'
import type { KvEntries } from './console-api.js'

/** The host's table of keys, and the stores of the plugins. Errors are those of SQLite. */
export interface KvTables {
  /** The rows of a plugin in the host's database, which `hostKv()` and the panel's `api.kv` use. */
  readonly host: (plugin: string) => ClosableKvStore
  /** A plugin's own store in the data directory. Left with its expected place if there is none. */
  readonly own: (plugin: string) => E.Either<string, ClosableKvStore>
  readonly entries: (plugin: string, store: 'host' | 'plugin') => Promise<KvEntries>
  readonly close: () => Promise<void>
}

const SILENT = {
  trace: () => undefined,
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** How many stores stay open at once. */
const MAX_OPEN = 64

/** How long an operation waits for a lock, in milliseconds. */
const LOCK_TIMEOUT = 5_000

/**
 * Opens the host's database in the data directory, which is created if it is missing, and the
 * plugins' stores below `own` (their `TORU_DATA_DIR`).
 */
export const openKvTables = async (
  data: string,
  own: string,
): Promise<E.Either<string, KvTables>> => {
  const file = join(data, HOST_DATABASE)
  const opened = new Map<string, ClosableKvStore>()
  const store = (name: string, make: () => ClosableKvStore): ClosableKvStore => {
    const known = opened.get(name) ?? make()
    // Only the latest stay open, since requests may name any plugin.
    opened.delete(name)
    opened.set(name, known)
    const [oldest] = opened.size > MAX_OPEN ? opened : []
    if (oldest !== undefined) {
      opened.delete(oldest[0])
      void oldest[1].close()
    }
    return known
  }
  const ownFile = (plugin: string): string => join(own, plugin, 'kv.sqlite')
  // `sqliteKv` creates the host's table as well, completely or not at all, even if two hosts start
  // at once.
  const made = sqliteKv({ file, legacyFile: null })(placeOf('dev-host'))
  const ready = await made.keys('')()
  await made.close()
  if (E.isLeft(ready))
    return E.left(`the host's table of keys cannot be opened: ${reasonOf(ready.left)}`)

  const tables: KvTables = {
    host: plugin => store(`host ${plugin}`, () => hostKv({ path: file })(placeOf(plugin))),
    own: plugin =>
      existsSync(ownFile(plugin))
        ? E.right(
            store(`own ${plugin}`, () =>
              sqliteKv({ file: ownFile(plugin), legacyFile: null })(placeOf(plugin)),
            ),
          )
        : E.left(
            `there is no ${ownFile(plugin)}: the plugin has stored nothing there (yet), or keeps its keys elsewhere`,
          ),
    entries: async (plugin, kind) => {
      const found = kind === 'host' ? E.right(tables.host(plugin)) : tables.own(plugin)
      const place = kind === 'host' ? file : ownFile(plugin)
      const entries = await pipe(
        TE.fromEither(found),
        TE.chain(open => pipe(open.entries(), TE.mapLeft(reasonOf))),
      )()
      return E.isLeft(entries)
        ? { store: kind, place, entries: [], problem: entries.left }
        : {
            store: kind,
            place,
            entries: entries.right.map(([key, value]) => ({ key, value })),
            problem: null,
          }
    },
    close: async () => {
      await Promise.all([...opened.values()].map(open => open.close()))
    },
  }
  return E.right(tables)
}

/** Clients see the message of an error, so a store has the reason in the cause. */
const reasonOf = ({ message, cause }: PluginError): string =>
  isPluginError(cause) ? cause.message : message

/** All files are given, so the environment is not needed. */
const placeOf = (pluginId: string): KvPlace => ({
  pluginId,
  log: SILENT,
  deadlineMs: LOCK_TIMEOUT,
  env: {},
})

/** The value of a key, or `null` if there is none. */
export const valueOrNull = O.match<string, string | null>(
  () => null,
  value => value,
)
