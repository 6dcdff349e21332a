/// <reference types="node" preserve="true" />
import type { Kv, KvStore } from '../domain/kv.js'
import type { KvProvider } from '../domain/kv-provider.js'
import type { PluginMetadata } from '../domain/metadata.js'
import type { DialectName } from '../wire/dialect.js'
import type { TestKv, TestRequests } from './requests.js'
import type { TestClock } from './test-clock.js'
import type { TestLogEntry } from './test-log.js'

/** The options of `testPlugin`. */
export interface TestPluginOptions {
  /** The content of the `config.json` beside the plugin's file. The `config` codec decodes it. */
  readonly config?: Readonly<Record<string, unknown>>
  /**
   * The environment, empty by default. Its variables override values of `config`, and
   * `TORU_INSTANCE_ID` counts. The environment of the test itself does not.
   */
  readonly env?: Readonly<Record<string, string>>
  /**
   * The store of `ctx.kv`, instead of the one of `@Plugin`: an empty store in memory by default,
   * `memoryKv()`, `sqliteKv({ … })`, or a store of your own.
   */
  readonly kv?: KvStore | KvProvider
  /**
   * What the store holds when the plugin starts, as `stored()` gives it: the texts that an older
   * version has stored, for example. They are written before the first operation.
   */
  readonly stored?: Readonly<Record<string, string>>
  /**
   * A clock that `testClock()` made, for code of the plugin that needs the time, or for several
   * plugins.
   */
  readonly clock?: TestClock
  /** The name of the installation in `init()`. Default `test`. */
  readonly instanceId?: string
  /**
   * Whether messages go through a Unix socket in a new folder. Default false. Close such a plugin,
   * or the folder stays.
   */
  readonly socket?: boolean
  /** The dialect of the messages. Default `tagged`, as today's host writes them. */
  readonly dialect?: DialectName
}

/**
 * A plugin under test. Its promises resolve for every answer, whatever the status, and reject with
 * a `TestFailure` if there is no answer. Both have the plugin's error.
 */
export interface TestPlugin extends TestRequests {
  readonly metadata: PluginMetadata
  /** Sends KV messages, as a host does: to the `@Kv` handlers, else to the store. */
  readonly kv: TestKv
  /**
   * The store that handlers have as `ctx.kv`, to prepare a test or to check its result: `await
   * plugin.store.cell('note/1', Note).get()`.
   */
  readonly store: Kv
  /** All keys and values of the store, or those whose keys begin with `prefix`. */
  readonly stored: (prefix?: string) => Promise<Readonly<Record<string, string>>>
  /**
   * Sends `init` and waits for the end of `@OnInit`. Rejects if it fails. A request starts
   * `@OnInit`, too, as in a process.
   */
  readonly init: (instanceId?: string) => Promise<void>
  /**
   * Moves the time of deadlines, of `@Every` and of `ctx.clock`: `await plugin.clock.advance('5
   * m')`.
   */
  readonly clock: TestClock
  /** The entries of the log so far. */
  readonly log: ReadonlyArray<TestLogEntry>
  /**
   * The path of the socket, for a client of your own. Rejects for a plugin without `{ socket: true
   * }`.
   */
  readonly socketPath: () => Promise<string>
  /**
   * Sends `shutdown` and waits for the end: running requests finish, `@OnShutdown` runs, the store
   * closes.
   */
  readonly shutdown: () => Promise<void>
  /** Shuts down without a message. May be called more than once. */
  readonly close: () => Promise<void>
  /** `await using plugin = testPlugin(new MyPlugin())` closes it at the end of the block. */
  readonly [Symbol.asyncDispose]: () => Promise<void>
}
