/// <reference types="node" preserve="true" />
import type { Kv, KvStore } from '../domain/kv.js'
import type { KvProvider } from '../domain/kv-provider.js'
import type { PluginMetadata } from '../domain/metadata.js'
import type { DialectName } from '../wire/dialect.js'
import type { TestKv, TestRequests } from './requests.js'
import type { TestClock } from './test-clock.js'
import type { TestLogEntry } from './test-log.js'

/** What surrounds a plugin under test. */
export interface TestPluginOptions {
  /**
   * What stands in the `config.json` beside the plugin's file; it is decoded by the `config` codec.
   */
  readonly config?: Readonly<Record<string, unknown>>
  /**
   * The environment: values of the configuration go before those of `config`, and
   * `TORU_INSTANCE_ID` counts. Empty unless said: that of the test itself is not looked at.
   */
  readonly env?: Readonly<Record<string, string>>
  /**
   * Where `ctx.kv` keeps its keys, whatever `@Plugin` says: an empty store in memory unless said,
   * `memoryKv()`, `sqliteKv({ … })`, or a store of your own.
   */
  readonly kv?: KvStore | KvProvider
  /**
   * A clock of the test's own, made by `testClock()`: for plugins whose own code needs the time, or
   * for several plugins.
   */
  readonly clock?: TestClock
  /** What `init()` calls the installation: `test` unless said. */
  readonly instanceId?: string
  /**
   * Whether messages go through a Unix socket in a new folder; false unless said. Close such a
   * plugin, or the folder stays.
   */
  readonly socket?: boolean
  /** How messages are written: `tagged`, as by today's host, unless said. */
  readonly dialect?: DialectName
}

/**
 * A plugin under test. Its promises resolve for every answer, whatever the status, and reject with
 * a `TestFailure` where there is none; the typed error of a plugin is in either.
 */
export interface TestPlugin extends TestRequests {
  readonly metadata: PluginMetadata
  /** KV messages, as a host sends them: to the `@Kv` handlers, and past them to the store. */
  readonly kv: TestKv
  /**
   * What handlers have as `ctx.kv`, to prepare a test or to look at what came of it: `await
   * plugin.store.cell('note/1', Note).get()`.
   */
  readonly store: Kv
  /** All keys and values of the store, or those whose keys begin with `prefix`. */
  readonly stored: (prefix?: string) => Promise<Readonly<Record<string, string>>>
  /**
   * Sends `init` and waits for the end of `@OnInit`; rejects with what it failed with. A request
   * starts `@OnInit` too, as it does in a process.
   */
  readonly init: (instanceId?: string) => Promise<void>
  /** Moves the time of deadlines and of `@Every`: `await plugin.clock.advance('5 m')`. */
  readonly clock: TestClock
  /** Every entry of the log so far. */
  readonly log: ReadonlyArray<TestLogEntry>
  /**
   * The path of the socket, for a client of the test's own; rejects for a plugin that was not made
   * with `{ socket: true }`.
   */
  readonly socketPath: () => Promise<string>
  /**
   * Sends `shutdown` and waits for the end: requests that run are finished, `@OnShutdown` runs, the
   * store is closed.
   */
  readonly shutdown: () => Promise<void>
  /** The same end, without a message. May be called more than once. */
  readonly close: () => Promise<void>
  /** `await using plugin = testPlugin(new MyPlugin())` closes it at the end of the block. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}
