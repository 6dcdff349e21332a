import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { E } from '../fp.js'
import { systemClock } from './clock.js'
import { type Behaviour, type Context, type ContextOptions, makeContext } from './context.js'
import type { Binding } from './http/access.js'
import { type Listening, listenHttp } from './http/server.js'
import { openKvTables } from './kv-table.js'
import { loadFolder } from './plugin/load-folder.js'
import { hostWatchedEntry, type WatchedEntry } from './plugin/watched-entry.js'
import { startOrphanCleanup } from './process/orphan-cleanup.js'
import { pluginData, pluginEnvironment } from './process/plugin-environment.js'

/** How to run a development host. */
export interface HostOptions
  extends Behaviour,
    Binding,
    Pick<ContextOptions, 'say' | 'onLog' | 'onPlugin'> {
  /** The ports to try in order; 0 is any free one. */
  readonly ports: ReadonlyArray<number>
  /** The data directory, which is created: the host's database, and what plugins store. */
  readonly data: string
  /** A folder of `.binary` files. */
  readonly plugins: string | undefined
  readonly entries: ReadonlyArray<WatchedEntry>
}

/** A host that runs. */
export interface DevHost {
  /** The address of its console, with the token if there is one. */
  readonly url: string
  readonly port: number
  /** The plugins of the folder have been started. Those of entries start when they are built. */
  readonly context: Context
  /** Ends the plugins in order, and then the host. */
  readonly stop: () => Promise<void>
  /** Ends the plugins at once, with SIGKILL. */
  readonly abandon: () => void
}

/** Starts a host. Left with the reason if it cannot be started. */
export const startHost = async (options: HostOptions): Promise<E.Either<string, DevHost>> => {
  const prepared = prepare(options.data)
  if (E.isLeft(prepared)) return prepared
  const tables = await openKvTables(options.data, pluginData(options.data, process.env))
  if (E.isLeft(tables))
    return E.left(`the host's table of keys cannot be opened: ${tables.left.message}`)
  const folder = mkdtempSync(join(shortTmp(), 'toru-dev-'))
  const cleanup = startOrphanCleanup(folder)
  const launchOptions = {
    cwd: options.data,
    env: pluginEnvironment(options.data, options.policy, process.env),
    cleanup,
  }
  const { version, dialect, policy, say, onLog, onPlugin } = options
  const context = makeContext({
    version,
    dialect,
    policy,
    say,
    onLog,
    onPlugin,
    tables: tables.right,
    launchOptions,
    folder,
    data: options.data,
    clock: systemClock,
  })
  /** Kills the plugins that are left. */
  const tidy = (): void => {
    context.close()
    cleanup.killAll()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
    cleanup.dismiss()
  }
  const listening = await listenHttp(context, options, options.ports)
  if (E.isLeft(listening)) {
    tidy()
    await tables.right.close()
    return listening
  }
  if (options.plugins !== undefined) {
    const loaded = await loadFolder(context, options.plugins)
    if (E.isLeft(loaded)) {
      await listening.right.close()
      tidy()
      await tables.right.close()
      return loaded
    }
  }
  const watched = options.entries.map(entry => hostWatchedEntry(context, entry))
  return E.right({
    ...addressOf(listening.right, options),
    context,
    stop: async () => {
      const ends = watched.map(({ stop }) => stop())
      await Promise.all([
        listening.right.close(),
        ...ends,
        ...context.plugins.all().map(({ managed }) => managed.stop()),
      ])
      await tables.right.close()
      tidy()
    },
    abandon: tidy,
  })
}

const addressOf = (
  { port }: Listening,
  { address, token }: Binding,
): Pick<DevHost, 'url' | 'port'> => {
  // A browser cannot open the address that stands for all addresses.
  const name =
    address === '0.0.0.0'
      ? '127.0.0.1'
      : address === '::'
        ? '[::1]'
        : address.includes(':')
          ? `[${address}]`
          : address
  return {
    port,
    url: `http://${name}:${port}/${token === undefined ? '' : `?token=${encodeURIComponent(token)}`}`,
  }
}

/**
 * Creates the data directory. A new one gets a `.gitignore` that keeps it out of the author's
 * repository.
 */
const prepare = (data: string): E.Either<string, void> =>
  E.tryCatch(
    () => {
      const isNew = mkdirSync(data, { recursive: true, mode: 0o700 }) !== undefined
      if (isNew) writeFileSync(join(data, '.gitignore'), '*\n')
    },
    thrown => `the data directory ${data} cannot be made: ${messageOf(thrown)}`,
  )

const messageOf = (thrown: unknown): string =>
  thrown instanceof Error ? thrown.message : String(thrown)

/** The folder for temporary files, or `/tmp` if its path is too long to hold sockets. */
const shortTmp = (): string => {
  const usual = realpathSync(tmpdir())
  return Buffer.byteLength(usual) <= 50 ? usual : realpathSync('/tmp')
}
