/// <reference types="node" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ClosableKvStore } from '../domain/kv-provider.js'
import type { PluginError } from '../domain/plugin-error.js'
import { memoryStore } from '../kv/memory/memory-store.js'
import { storeAt, storeOf } from '../kv/store.js'
import type { Declaration } from '../reflect/declaration.js'
import { explore } from '../reflect/explore.js'
import { classNameOf } from '../reflect/notes.js'
import { makeTimestamps, realClock } from '../runtime/clock.js'
import { compose } from '../runtime/compose.js'
import { type PluginConfig, readConfig } from '../runtime/plugin-config.js'
import { PluginDefinitionError } from '../runtime/register-plugin.js'
import { stopRequest } from '../runtime/shutdown.js'
import type { ConnectionOptions } from '../transport/server/connection-options.js'
import { memoryConnector, socketConnector } from './connector.js'
import { trackInFlight } from './in-flight.js'
import type { TestPlugin, TestPluginOptions } from './plugin-under-test.js'
import { type Ask, testKv, testRequests } from './requests.js'
import { type TestClient, testClient } from './test-client.js'
import { testClock } from './test-clock.js'
import { TestFailure } from './test-failure.js'
import { testLog } from './test-log.js'

/** A path beside which there is no configuration, because `/dev/null` is not a folder. */
const NO_FILE = '/dev/null/plugin'

/**
 * Makes a plugin under test. Left for a class that cannot be a plugin, and for a configuration that
 * does not fit.
 */
export const assemble = (plugin: object, options: TestPluginOptions): Either<Error, TestPlugin> =>
  pipe(
    explore(plugin),
    E.mapLeft((problems): Error => new PluginDefinitionError(classNameOf(plugin), problems)),
    E.chain(declaration =>
      pipe(
        readConfig(declaration.options.config, {
          id: declaration.metadata.id,
          file: NO_FILE,
          env: { ...texts(options.config ?? {}), ...options.env },
        }),
        E.bimap(
          message => new Error(message),
          config => runPlugin(composePlugin(declaration, config, options), options),
        ),
      ),
    ),
  )

type Composed = ReturnType<typeof composePlugin>

/** Gives a plugin the real programs and logger, and a clock and a store for tests. */
const composePlugin = (
  declaration: Declaration,
  { config, secrets }: PluginConfig,
  { clock = testClock(), env = {}, kv, stored = {} }: TestPluginOptions,
) => {
  const { metadata, options } = declaration
  const { entries, redact, log } = testLog(metadata.id, clock.now)
  redact(secrets)
  const place = { pluginId: metadata.id, log, deadlineMs: options.kvTimeout, env }
  const store = holding(stored, storeAt(place, kv ?? memoryStore()))
  const failures = new Map<string, PluginError>()
  const stop = stopRequest()
  const plugin = compose({
    declaration,
    config,
    instanceId: O.fromNullable(env.TORU_INSTANCE_ID || undefined),
    log,
    clock,
    store,
    checkAnswers: true,
    beforeInit: () => undefined,
    onInit: () => undefined,
    onShutdown: () => stop.ask('the host sent shutdown'),
    onFailure: ({ requestId }, error) => failures.set(String(requestId), error),
  })
  return { ...plugin, metadata, options, log, entries, clock, store, failures, stop }
}

/** A store into which values are written before its first operation. */
const holding = (
  values: Readonly<Record<string, string>>,
  store: ClosableKvStore,
): ClosableKvStore => {
  const write = TE.traverseSeqArray(([key, value]: readonly [string, string]) =>
    store.set(key, value),
  )(Object.entries(values))
  let written: ReturnType<typeof write> | undefined
  const once = (): ReturnType<typeof write> => {
    written ??= write()
    return written
  }
  return {
    ...store,
    ...storeOf((_, perform) =>
      pipe(
        once,
        TE.chain(() => perform(store)),
      ),
    ),
  }
}

/** Connects a test to its plugin. */
const connectTo = (
  { dispatcher, log, options: { maxInFlight, ...limits } }: Composed,
  { socket, dialect = 'tagged' }: TestPluginOptions,
) => {
  const inFlight = trackInFlight()
  const server: ConnectionOptions = {
    receive: (message, peer) => {
      const answer = dispatcher(message, peer)
      inFlight.received(message)
      return answer
    },
    timestamp: makeTimestamps(),
    onInvalidInput: error => log.warn(`a connection was closed: ${error.message}`),
    onUnsent: error => log.error(`an answer could not be sent: ${error.message}`),
    maxInFlight,
    now: realClock.now,
  }
  const connector =
    socket === true
      ? socketConnector({ ...server, limits, onEviction: why => log.warn(why) })
      : memoryConnector(server)
  return { connector, inFlight, ...testClient(connector.connect, dialect, inFlight) }
}

const runPlugin = (plugin: Composed, options: TestPluginOptions): TestPlugin => {
  const { metadata, lifecycle, background, store, clock, entries, failures, stop } = plugin
  const { connector, inFlight, ask, tell, asking } = connectTo(plugin, options)
  const leaveClock = clock.join(async () => {
    await inFlight.settled()
    // Intervals start when @OnInit has succeeded. A request that waits for it may time out before.
    if (asking() === 0) await lifecycle.ready()
    while (background.runs.size > 0) await Promise.all(background.runs)
    // What follows the end of a run, such as the next interval, happens in this turn.
    await new Promise(resolve => setImmediate(resolve))
  })
  const ended = new Promise<void>(resolve => {
    const stopServer = (ms: number) => {
      leaveClock()
      return connector.stop(ms)
    }
    stop.handle(
      plugin.shutdown({ stopServer, removeSocket: connector.remove, exit: () => resolve() }),
    )
  })
  const close = (): Promise<void> => {
    stop.ask('the test closed it')
    return ended
  }
  const askWithId = withIds(ask, failures)
  return {
    metadata,
    ...testRequests(askWithId, options.dialect === undefined || options.dialect === 'tagged'),
    kv: testKv(askWithId),
    store: plugin.kv,
    stored: async (prefix = '') =>
      Object.fromEntries(await rightOr('the store', await store.entries(prefix)())),
    socketPath: async () => rightOr('the socket', await connector.path()),
    clock,
    log: entries,
    close,
    [Symbol.asyncDispose]: close,
    shutdown: async () => {
      await rightOr('shutdown', await tell({ _tag: 'Shutdown' }))
      return ended
    },
    init: async (instanceId = options.instanceId ?? 'test') => {
      const init = { _tag: 'Init', instanceId, pluginSocket: '', logPath: '' } as const
      await rightOr('init', await tell(init))
      const ready = await lifecycle.ready()
      // A client does not learn why `@OnInit` failed.
      const reason = O.toUndefined(lifecycle.failure())
      await rightOr('init', reason === undefined ? ready : E.left(reason))
    },
  }
}

/** Gives each request an id, under which the plugin reports its error. */
const withIds = (ask: TestClient['ask'], failures: Map<string, PluginError>): Ask => {
  let asked = 0
  return async (message, signal) => {
    const requestId = `request-${++asked}`
    const answer = await ask(message(requestId), signal)
    const error = failures.get(requestId)
    failures.delete(requestId)
    return pipe(
      answer,
      E.map(given => [given, error] as const),
    )
  }
}

/** The right side, or a rejection with the left one. */
const rightOr = <A>(what: string, either: Either<PluginError, A>): Promise<A> =>
  E.isRight(either)
    ? Promise.resolve(either.right)
    : Promise.reject(new TestFailure(what, either.left))

/** The values of a `config.json`, as text. */
const texts = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
