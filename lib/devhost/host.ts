import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { E, O } from '../fp.js'
import { unreachable } from '../plugin-process/metadata.js'
import { systemClock } from './clock.js'
import {
  type Behaviour,
  type Context,
  type ContextPlace,
  makeContext,
  type Notice,
} from './context.js'
import type { Binding } from './http/access.js'
import { type Listening, listenHttp } from './http/server.js'
import { openKvTables } from './kv-table.js'
import { discover, type Found } from './plugin/discovery.js'
import type { Frontend } from './plugin/registry.js'
import { type EntrySource, hostEntry, warnOfRival } from './plugin/watched-entry.js'
import { startGuard } from './process/orphan-cleanup.js'

/** How to run a development host. */
export interface HostOptions
  extends Behaviour,
    Binding,
    Pick<ContextPlace, 'say' | 'onLog' | 'onPlugin'> {
  /** The ports to try, the first that is free is taken; 0 is any. */
  readonly ports: ReadonlyArray<number>
  /** The data directory: `steering.db`, what plugins store, their working directory. It is made. */
  readonly data: string
  /** A folder of `.binary` files. */
  readonly plugins: string | undefined
  readonly entries: ReadonlyArray<EntrySource>
}

/** A host that runs. */
export interface DevHost {
  /** Where its page is, with the token where one is needed. */
  readonly url: string
  readonly port: number
  /**
   * The plugins of the folder are up, as far as they come up. Those of entries say so themselves.
   */
  readonly context: Context
  /** Ends the plugins in order, and everything else. */
  readonly stop: () => Promise<void>
  /** Ends the plugins at once, with SIGKILL. */
  readonly abandon: () => void
}

/** Starts a host. Left with what is in the way, in words. */
export const startHost = async (options: HostOptions): Promise<E.Either<string, DevHost>> => {
  const prepared = prepare(options.data)
  if (E.isLeft(prepared)) return prepared
  const tables = await openKvTables(options.data, dataOfPlugins(options.data))
  if (E.isLeft(tables))
    return E.left(`the host's table of keys cannot be opened: ${tables.left.message}`)
  const folder = mkdtempSync(join(shortTmp(), 'toru-dev-'))
  const guard = startGuard(folder)
  const surroundings = { cwd: options.data, env: pluginEnvironment(process.env, options), guard }
  const { version, dialect, policy, say, onLog, onPlugin } = options
  const context = makeContext({
    version,
    dialect,
    policy,
    say,
    onLog,
    onPlugin,
    tables: tables.right,
    surroundings,
    folder,
    data: options.data,
    clock: systemClock,
  })
  /** What did not end in order is killed. */
  const tidy = (): void => {
    context.close()
    guard.killAll()
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
    guard.dismiss()
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
  const watched = options.entries.map(entry => hostEntry(context, entry))
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
  // An address that stands for all of them is none that a browser can be sent to.
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
 * Makes the data directory. One that was not there gets a `.gitignore` that keeps it out of the
 * author's repository.
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

/**
 * The path of a socket may have 107 bytes, and some systems have long names for temporary files.
 */
const shortTmp = (): string => {
  const usual = realpathSync(tmpdir())
  return Buffer.byteLength(usual) <= 50 ? usual : realpathSync('/tmp')
}

/** Where plugins keep their own files: where the author says, or below the data directory. */
const dataOfPlugins = (data: string): string =>
  resolve(process.env.TORU_DATA_DIR || join(data, 'plugins'))

/**
 * A plugin has the host's environment, but for what would tell it that it is another plugin's
 * child.
 */
const pluginEnvironment = (
  env: NodeJS.ProcessEnv,
  { data, policy }: HostOptions,
): Readonly<Record<string, string | undefined>> => ({
  // Answers are compared with the codecs of their routes, which production leaves to the compiler.
  ...(policy.checksAnswers ? { TORU_CHECK_ANSWERS: '1' } : {}),
  ...Object.fromEntries(
    Object.entries(env).filter(
      ([name]) => !/^TORU_(?:PLUGIN_SOCKET|INSTANCE_ID|GUARDIAN.*)$/.test(name),
    ),
  ),
  TORU_DATA_DIR: dataOfPlugins(data),
  TORU_NODE: env.TORU_NODE ?? process.execPath,
})

const loadFolder = async (context: Context, folder: string): Promise<E.Either<string, void>> => {
  const discovered = await discover(folder, context.surroundings, context.folder)
  if (E.isLeft(discovered)) return discovered
  for (const { file, reason } of discovered.right.skipped)
    context.say({ kind: 'warn', about: null, text: `${file} is skipped: ${reason}` })
  await Promise.all(discovered.right.found.map(found => loadBinary(context, folder, found)))
  return E.right(undefined)
}

const READY = { state: 'ok', errors: [], took: null } as const

const loadBinary = async (
  context: Context,
  folder: string,
  { file, launch, metadata }: Found,
): Promise<void> => {
  const managed = context.manage({ launch, metadata })
  const say = (kind: Notice['kind'], text: string): void =>
    context.say({ kind, about: metadata.id, text })
  const problem = unreachable(metadata)
  if (problem !== undefined) say('warn', problem)
  warnOfRival(context, metadata)
  context.plugins.add({
    managed,
    source: file,
    build: () => READY,
    frontend: () => bundleIn(join(folder, metadata.id, 'bundle.js')),
  })
  await managed.start()
}

const bundleIn = (file: string): Frontend | undefined => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() !== true) return undefined
  return {
    version: `${found.mtimeMs}-${found.size}`,
    read: () => O.toUndefined(O.tryCatch(() => readFileSync(file, 'utf8'))),
  }
}
