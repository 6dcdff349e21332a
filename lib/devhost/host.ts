import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { messageOf } from '../domain/thrown.js'
import { E, pipe, TE } from '../fp.js'
import { makeFolder } from '../plugin-process/make-folder.js'
import { systemClock } from './clock.js'
import { type Behaviour, type Context, type ContextOptions, makeContext } from './context.js'
import { makeDeferred } from './deferred.js'
import type { Binding } from './http/access.js'
import { type Listening, listenHttp } from './http/server.js'
import { type KvTables, openKvTables } from './kv-table.js'
import { binariesIn } from './plugin/discovery.js'
import type { PluginFolder } from './plugin/load-folder.js'
import { startPlugins } from './plugin/start-plugins.js'
import type { WatchedEntry } from './plugin/watched-entry.js'
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
  readonly context: Context
  /** Every plugin has started or failed. Requests to the host's own interface wait for it. */
  readonly ready: Promise<void>
  /** Ends the plugins in order, and then the host. */
  readonly stop: () => Promise<void>
  /** Ends the plugins at once, with SIGKILL. */
  readonly abandon: () => void
}

/** Starts a host. Left with the reason if it cannot be started. */
export const startHost = (options: HostOptions): Promise<E.Either<string, DevHost>> =>
  pipe(
    TE.fromEither(prepare(options.data)),
    TE.chain(() => () => openKvTables(options.data, pluginData(options.data, process.env))),
    TE.chain(tables => {
      const resources = openResources(options, tables)
      return pipe(
        serve(options, resources),
        TE.orElse(reason => async () => {
          await resources.close()
          return E.left(reason)
        }),
      )
    }),
  )()

/** A host that does not listen yet, with what has to be closed when it ends. */
interface Resources {
  readonly context: Context
  /** Kills the plugins that are left. */
  readonly abandon: () => void
  /** Closes everything, killing the plugins that are left. */
  readonly close: () => Promise<void>
}

const openResources = (options: HostOptions, tables: KvTables): Resources => {
  const { data, policy } = options
  const folder = mkdtempSync(join(shortTmp(), 'toru-dev-'))
  const cleanup = startOrphanCleanup(folder)
  const env = pluginEnvironment(data, policy, process.env)
  const context = makeContext({
    ...options,
    tables,
    launchOptions: { cwd: data, env, cleanup },
    folder,
    clock: systemClock,
  })
  const abandon = (): void => {
    context.close()
    cleanup.killAll()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
    cleanup.dismiss()
  }
  return {
    context,
    abandon,
    close: async () => {
      await tables.close()
      abandon()
    },
  }
}

const serve = (
  options: HostOptions,
  { context, abandon, close }: Resources,
): TE.TaskEither<string, DevHost> => {
  const ready = makeDeferred()
  return pipe(
    TE.fromEither(pluginFolder(options.plugins)),
    TE.bindTo('folder'),
    TE.bind('listening', () => () => listenHttp(context, options, options.ports, ready.promise)),
    TE.map(({ folder, listening }) => {
      const startup = startPlugins(context, {
        clock: systemClock,
        folder,
        entries: options.entries,
      })
      void startup.ready.then(ready.resolve)
      return {
        ...addressOf(listening, options),
        context,
        ready: startup.ready,
        stop: async () => {
          await Promise.all([listening.close(), startup.stop()])
          await close()
        },
        abandon,
      }
    }),
  )
}

const pluginFolder = (path: string | undefined): E.Either<string, PluginFolder | undefined> =>
  path === undefined
    ? E.right(undefined)
    : pipe(
        binariesIn(path),
        E.map(files => ({ path, files })),
      )

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
      const isNew = makeFolder(data, 0o700) !== undefined
      if (isNew) writeFileSync(join(data, '.gitignore'), '*\n')
    },
    thrown => `the data directory ${data} cannot be made: ${messageOf(thrown)}`,
  )

/** The folder for temporary files, or `/tmp` if its path is too long to hold sockets. */
const shortTmp = (): string => {
  const usual = realpathSync(tmpdir())
  return Buffer.byteLength(usual) <= 50 ? usual : realpathSync('/tmp')
}
