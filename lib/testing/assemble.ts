/// <reference types="node" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { PluginError } from '../domain/plugin-error.js'
import { memoryStore } from '../kv/memory/memory-store.js'
import { storeAt } from '../kv/store.js'
import { classNameOf, explore } from '../reflect/explore.js'
import { makeTimestamps, realClock } from '../runtime/clock.js'
import { compose } from '../runtime/compose.js'
import { readConfig } from '../runtime/plugin-config.js'
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
 * Makes a plugin under test. It has the real dispatcher, codecs, connections, logger and shutdown,
 * and a clock, a store and a log that a test can move or read. Left for a class that cannot be a
 * plugin, and for a configuration that does not fit.
 */
export const assemble = (plugin: object, options: TestPluginOptions): Either<Error, TestPlugin> => {
  const explored = explore(plugin)
  if (E.isLeft(explored))
    return E.left(new PluginDefinitionError(classNameOf(plugin), explored.left))
  const declaration = explored.right
  const { metadata, options: declared } = declaration
  const { clock = testClock(), env = {}, dialect = 'tagged', instanceId = 'test' } = options
  const { entries, ...logger } = testLog(metadata.id, clock.now)
  const { log } = logger

  const read = readConfig(declared.config, {
    id: metadata.id,
    file: NO_FILE,
    env: { ...texts(options.config ?? {}), ...env },
  })
  if (E.isLeft(read)) return E.left(new Error(read.left))
  logger.redact(read.right.secrets)

  const store = storeAt(
    { pluginId: metadata.id, log, deadlineMs: declared.kvTimeout, env },
    options.kv ?? memoryStore(),
  )
  const failures = new Map<string, PluginError>()
  const stop = stopRequest()
  const { kv, lifecycle, background, dispatcher, shutdown } = compose({
    declaration,
    config: read.right.config,
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

  const inFlight = trackInFlight()
  const place: ConnectionOptions = {
    receive: (message, peer) => {
      const answer = dispatcher(message, peer)
      inFlight.received(message)
      return answer
    },
    timestamp: makeTimestamps(),
    onInvalidInput: error => log.warn(`a connection was closed: ${error.message}`),
    onUnsent: error => log.error(`an answer could not be sent: ${error.message}`),
    maxInFlight: declared.maxInFlight,
    now: realClock.now,
  }
  const connector =
    options.socket === true
      ? socketConnector({ ...place, limits: declared, onEviction: why => log.warn(why) })
      : memoryConnector(place)
  const { ask, tell, asking } = testClient(connector.connect, dialect, inFlight)
  const leaveClock = clock.join(async () => {
    await inFlight.settled()
    // Intervals start when @OnInit has succeeded. A request that waits for it may time out before.
    if (asking() === 0) await lifecycle.ready()
    while (background.runs.size > 0) await Promise.all(background.runs)
    // What follows the end of a run, such as the next interval, happens in this turn.
    await new Promise(resolve => setImmediate(resolve))
  })
  const ended = new Promise<void>(resolve => {
    stop.handle(
      shutdown({
        stopServer: ms => {
          leaveClock()
          return connector.stop(ms)
        },
        removeSocket: connector.remove,
        exit: () => resolve(),
      }),
    )
  })
  const close = (): Promise<void> => {
    stop.ask('the test closed it')
    return ended
  }
  const askNamed = named(ask, failures)

  return E.right({
    metadata,
    ...testRequests(askNamed, dialect === 'tagged'),
    kv: testKv(askNamed),
    store: kv,
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
    init: async (id = instanceId) => {
      const init = { _tag: 'Init', instanceId: id, pluginSocket: '', logPath: '' } as const
      await rightOr('init', await tell(init))
      const ready = await lifecycle.ready()
      // A client does not learn why `@OnInit` failed.
      await rightOr(
        'init',
        pipe(
          ready,
          E.mapLeft(told =>
            pipe(
              lifecycle.failure(),
              O.getOrElse(() => told),
            ),
          ),
        ),
      )
    },
  })
}

/** Gives each request an id, under which the plugin reports its error. */
const named = (ask: TestClient['ask'], failures: Map<string, PluginError>): Ask => {
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
