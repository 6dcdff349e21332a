/**
 * What the development host and its console say to each other, beside the host's own interface
 * (`/api/plugins…`, as the real host has it). All of it is JSON below `/api/dev`, and one stream of
 * events.
 *
 * | request | answer |
 * |---|---|
 * | `GET /api/dev/state` | {@link ConsoleState} |
 * | `GET /api/dev/events` | server-sent events: the event's name is a key of {@link ConsoleEvents}, its data that value as JSON. The first is `state`; a client that lost the connection gets a whole `state` again |
 * | `POST /api/dev/plugins/<id>/restart`, `…/kill` | `{success: true}`: ends it in order and starts it again; SIGKILL to the process, to see it recover |
 * | `GET /api/dev/plugins/<id>/description` | what the plugin's `--describe` prints; 404 `{error}` where it has none |
 * | `GET /api/dev/plugins/<id>/entries?store=host\|plugin` | {@link KvEntries} |
 * | `POST /api/dev/plugins/<id>/entries` {@link KvEdit} | `{success: true}`; 400 `{error}` |
 * | `POST /api/dev/plugins/<id>/kv` {@link KvTry} | `{value}`: a `kv` message to the plugin itself, which today's host never sends; 502 `{error}` |
 * | `GET /api/dev/traffic` | `{exchanges: Exchange[]}`, the newest last |
 * | `GET /api/dev/traffic/<n>` | {@link RawExchange}; 404 once it is forgotten |
 *
 * Errors are `{error: string}`. Times are milliseconds since 1970, durations milliseconds, sizes
 * bytes.
 *
 * @module
 */

/**
 * What a plugin is doing. `failed` means given up after too many crashes, or that it could not be
 * started; `disabled` that somebody said so.
 */
export type PluginState = 'starting' | 'running' | 'restarting' | 'failed' | 'disabled'

/** A plugin, as the console shows it: the host's own object first. */
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
  /**
   * Why it is in this state, where there is more to say: how it ended, why it could not be started.
   */
  readonly reason: string | null
  /** Restarts since it was last enabled or built. */
  readonly restarts: number
  readonly startedAt: number | null
  /** From spawn to socket of the running process. */
  readonly socketAfter: number | null
  /** Resident memory of the process and its children. */
  readonly memory: number | null
  /** The entry that is built and watched, or the `.binary` that is run. */
  readonly source: string
  readonly build: BuildStatus
  /** Changes with every new `bundle.js`; `null` without a frontend. */
  readonly frontend: string | null
}

/** How the last build of a plugin went. A `.binary` that came ready is `ok`. */
export interface BuildStatus {
  readonly state: 'building' | 'ok' | 'failed'
  readonly errors: ReadonlyArray<BuildError>
  /** How long it took. */
  readonly took: number | null
}

/**
 * An error of a build: `file` is relative to the working directory, lines begin at 1, columns at 0.
 */
export interface BuildError {
  readonly half: 'backend' | 'frontend'
  readonly text: string
  readonly file: string | null
  readonly line: number | null
  readonly column: number | null
  readonly lineText: string | null
}

/** The whole state, as it is now. */
export interface ConsoleState {
  readonly version: string
  readonly dialect: 'tagged' | 'nested' | 'documented'
  /** `faithful`: the host does what the real one does, its weaknesses included. */
  readonly policy: 'development' | 'faithful'
  readonly plugins: ReadonlyArray<ConsolePlugin>
}

/** One connection to a plugin: a message and its answer, if one came. */
export interface Exchange {
  /** Counts from 1, over all plugins. */
  readonly n: number
  readonly plugin: string
  readonly at: number
  readonly kind: 'http' | 'kv' | 'lifecycle'
  readonly dialect: 'tagged' | 'nested' | 'documented'
  /** In short: `GET /notes/5`, `get theme`, `init`. */
  readonly title: string
  readonly method: string | null
  readonly path: string | null
  /** The HTTP status that the browser got; `null` for other messages. */
  readonly status: number | null
  /** Why there is no answer of the plugin, or none that could be used. */
  readonly error: string | null
  /** From the connection to the whole answer. */
  readonly took: number | null
  /** Bytes of the frames, their lengths included. */
  readonly sent: number
  readonly received: number
}

/**
 * The frames of an exchange as text (they are UTF-8 JSON; other bytes are shown as U+FFFD), cut to
 * 256 KiB each, and their first bytes in hexadecimal.
 */
export interface RawExchange {
  readonly n: number
  readonly sent: RawFrame
  readonly received: RawFrame | null
}

/** One frame: its length in bytes without the four of the header. */
export interface RawFrame {
  readonly length: number
  /** The header's four bytes in hexadecimal, such as `0000012a`. */
  readonly header: string
  readonly text: string
  readonly cut: boolean
}

/**
 * An entry of a plugin's log, as the host's log interface gives it, with a number that counts over
 * all plugins.
 */
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
 * The keys of a store in order: `host` is the table that the panel's `api.kv` reads, `plugin` what
 * the plugin keeps for itself. `problem` says why a store cannot be read.
 */
export interface KvEntries {
  readonly store: 'host' | 'plugin'
  /** The file. */
  readonly place: string | null
  readonly entries: ReadonlyArray<{ readonly key: string; readonly value: string }>
  readonly problem: string | null
}

/** A change of a store's contents; `value: null` removes the key. */
export interface KvEdit {
  readonly store: 'host' | 'plugin'
  readonly key: string
  readonly value: string | null
}

/** A `kv` message for the plugin itself. */
export interface KvTry {
  readonly action: 'get' | 'set' | 'delete'
  readonly key: string
  readonly value?: string
}

/** The events of the stream, by name. */
export interface ConsoleEvents {
  readonly state: ConsoleState
  /** One plugin has changed, or is new. */
  readonly plugin: ConsolePlugin
  /** A plugin is gone. */
  readonly gone: { readonly id: string }
  readonly exchange: Exchange
  readonly log: LogEntry
  /** A store was changed through the host. */
  readonly kv: { readonly id: string }
}
