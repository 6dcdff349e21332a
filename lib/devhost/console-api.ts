/**
 * The interface between the development host and its console, in addition to the real host's
 * interface (`/api/plugins…`). It is JSON below `/api/dev`, and one stream of events.
 *
 * | request | answer |
 * |---|---|
 * | `GET /api/dev/state` | {@link ConsoleState} |
 * | `GET /api/dev/events` | server-sent events: the name is a key of {@link ConsoleEvents}, the data its value as JSON. The first event of each connection is `state` |
 * | `POST /api/dev/plugins/<id>/restart`, `…/kill` | `{success: true}`; `restart` ends it in order and starts it again, `kill` sends SIGKILL to the process |
 * | `GET /api/dev/plugins/<id>/description` | what the plugin prints for `--describe`; 404 `{error}` if it does not know that |
 * | `GET /api/dev/plugins/<id>/entries?store=host\|plugin` | {@link KvEntries} |
 * | `POST /api/dev/plugins/<id>/entries` {@link KvEdit} | `{success: true}`; 400 `{error}` |
 * | `POST /api/dev/plugins/<id>/kv` {@link KvTry} | `{value}`: sends a `kv` message to the plugin, as today's host never does; 502 `{error}` |
 * | `GET /api/dev/traffic` | `{exchanges: Exchange[]}`, newest last |
 * | `GET /api/dev/traffic/<n>` | {@link RawExchange}; 404 if it is no longer kept |
 *
 * Errors are `{error: string}`. Times are milliseconds since 1970, durations milliseconds, sizes
 * bytes.
 *
 * @module
 */

/**
 * The state of a plugin. `failed`: it crashed too often, or could not be started. `disabled`: a
 * user disabled it.
 */
export type PluginState = 'starting' | 'running' | 'restarting' | 'failed' | 'disabled'

/** A plugin as the console shows it. The first fields are those of the host's own interface. */
export interface ConsolePlugin {
  readonly id: string
  readonly name: string
  readonly version: string
  readonly author: string | null
  readonly icon: string
  readonly route: string
  readonly enabled: boolean
  readonly running: boolean
  readonly health: 'healthy' | 'unhealthy' | 'disabled'
  readonly pid: number | null
  readonly socket_path: string
  readonly state: PluginState
  /** Why it is in this state, such as how it ended or why it could not be started. */
  readonly reason: string | null
  /** Restarts since it was last enabled or built. */
  readonly restarts: number
  readonly startedAt: number | null
  /** From the start of the process to its socket. */
  readonly socketAfter: number | null
  /** The resident memory of the process and its children. */
  readonly memory: number | null
  /** The entry that is built, or the `.binary` file. */
  readonly source: string
  readonly build: BuildStatus
  /** Changes with every new `bundle.js`; `null` if there is no frontend. */
  readonly frontend: string | null
}

/** The last build of a plugin; always `ok` for a `.binary` file. */
export interface BuildStatus {
  readonly state: 'building' | 'ok' | 'failed'
  readonly errors: ReadonlyArray<BuildError>
  /** How long it took. */
  readonly took: number | null
}

/** A build error. `file` is relative to the working directory; lines begin at 1, columns at 0. */
export interface BuildError {
  readonly half: 'backend' | 'frontend'
  readonly text: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly lineText: string | null
}

/** The whole current state. */
export interface ConsoleState {
  readonly version: string
  readonly dialect: 'tagged' | 'nested' | 'documented'
  /** With `faithful` the host does what the real one does, including its weaknesses. */
  readonly policy: 'development' | 'faithful'
  readonly plugins: ReadonlyArray<ConsolePlugin>
}

/** A connection to a plugin: a message, and its answer if one came. */
export interface Exchange {
  /** Counts from 1, over all plugins. */
  readonly n: number
  readonly plugin: string
  readonly at: number
  readonly kind: 'http' | 'kv' | 'lifecycle'
  readonly dialect: 'tagged' | 'nested' | 'documented'
  /** A summary such as `GET /notes/5`, `get theme` or `init`. */
  readonly title: string
  readonly method: string | null
  readonly path: string | null
  /** The HTTP status that the browser got; `null` for other messages. */
  readonly status: number | null
  /** Why there is no usable answer. */
  readonly error: string | null
  /** From the connection to the complete answer. */
  readonly took: number | null
  /** The size of the frame, including its header. */
  readonly sent: number
  readonly received: number
}

/**
 * The frames of an exchange as text, cut to 256 KiB each. Bytes that are not UTF-8 are shown as
 * U+FFFD.
 */
export interface RawExchange {
  readonly n: number
  readonly sent: RawFrame
  readonly received: RawFrame | null
}

/** A frame. `length` is its size without the header. */
export interface RawFrame {
  readonly length: number
  /** The four bytes of the header in hexadecimal, such as `0000012a`. */
  readonly header: string
  readonly text: string
  readonly cut: boolean
}

/** An entry of a plugin's log as in the host's log interface. `n` counts over all plugins. */
export interface LogEntry {
  readonly n: number
  readonly timestamp: string
  readonly level: string
  readonly message: string
  readonly plugin: string
  readonly error?: string
  readonly pid?: number
}

/**
 * The keys of a store, in order. `host` is the table of the panel's `api.kv`, `plugin` the plugin's
 * own store. `problem` says why a store cannot be read.
 */
export interface KvEntries {
  readonly store: 'host' | 'plugin'
  /** The store's file. */
  readonly place: string | null
  readonly entries: ReadonlyArray<{ readonly key: string; readonly value: string }>
  readonly problem: string | null
}

/** A change of a store. `value: null` removes the key. */
export interface KvEdit {
  readonly store: 'host' | 'plugin'
  readonly key: string
  readonly value: string | null
}

/** A `kv` message to the plugin. */
export interface KvTry {
  readonly action: 'get' | 'set' | 'delete'
  readonly key: string
  readonly value?: string
}

/** The events of the stream, by name. */
export interface ConsoleEvents {
  readonly state: ConsoleState
  /** A plugin has changed, or is new. */
  readonly plugin: ConsolePlugin
  /** A plugin was removed. */
  readonly gone: { readonly id: string }
  readonly exchange: Exchange
  readonly log: LogEntry
  /** A store was changed through the host. */
  readonly kv: { readonly id: string }
}
