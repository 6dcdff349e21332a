/// <reference types="node" preserve="true" />
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Capabilities } from '../dispatch/capabilities.js'
import { makeDispatcher } from '../dispatch/dispatcher.js'
import { makeBackground } from '../dispatch/every.js'
import { makeLifecycle, shutdownProgram } from '../dispatch/lifecycle.js'
import type { PluginContext } from '../domain/context.js'
import type { Answer } from '../domain/message.js'
import type { PluginError } from '../domain/plugin-error.js'
import { withCells } from '../kv/cell.js'
import { memoryStore } from '../kv/memory/memory-store.js'
import { storeAt } from '../kv/store.js'
import { classNameOf, explore } from '../reflect/explore.js'
import { makeTimestamps, realClock } from '../runtime/clock.js'
import { readConfig } from '../runtime/plugin-config.js'
import { PluginDefinitionError } from '../runtime/register-plugin.js'
import { shutdown } from '../runtime/shutdown.js'
import type { ConnectionOptions } from '../transport/server/connection-options.js'
import { makeArrivals } from './arrivals.js'
import { conversation } from './conversation.js'
import { memoryLine, socketLine } from './line.js'
import type { TestPlugin, TestPluginOptions } from './plugin-under-test.js'
import { type Ask, testKv, testRequests } from './requests.js'
import { testClock } from './test-clock.js'
import { TestFailure } from './test-failure.js'
import { testLog } from './test-log.js'

/** Where no configuration lies beside the plugin's file: what is under a file cannot exist. */
const NO_FILE = '/dev/null/plugin'

/**
 * A plugin with everything that a process would give it, where that matters the real thing
 * (dispatcher, codecs, connections, logger, shutdown), and else one that a test can move or look
 * into: what `runtime/serve.ts` does for a process. Left for a class that cannot be a plugin, and
 * for a configuration that does not fit.
 */
export const assemble = (plugin: object, options: TestPluginOptions): Either<Error, TestPlugin> => {
  const explored = explore(plugin)
  if (E.isLeft(explored))
    return E.left(new PluginDefinitionError(classNameOf(plugin), explored.left))
  const declaration = explored.right
  const { metadata, options: declared, onInit, onShutdown, every } = declaration
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
  const kv = withCells(store)
  const contextOf = (id: O.Option<string>): PluginContext => ({
    instanceId: O.isSome(id) ? id : O.fromNullable(env.TORU_INSTANCE_ID || undefined),
    kv,
    log,
    clock,
    config: read.right.config,
    metadata,
  })

  const arrivals = makeArrivals()
  const failures = new Map<string, PluginError>()
  const lifecycle = makeLifecycle({ hooks: onInit, contextOf, log })
  const capabilities: Capabilities = {
    log,
    clock,
    ready: lifecycle.ready,
    onFailure: (message, error) => failures.set(String(message.requestId), error),
  }
  const background = makeBackground(every, capabilities)
  lifecycle.onReady(background.start)
  const dispatch = makeDispatcher(
    declaration,
    lifecycle,
    capabilities,
    {
      initialized: () => undefined,
      shutdown: () => stop('the host sent shutdown'),
    },
    true,
  )
  const place: Omit<ConnectionOptions, 'onBufferedChange' | 'onClose'> = {
    receive: (message, peer) => {
      const answer = dispatch(message, peer)
      arrivals.came(message)
      return answer
    },
    timestamp: makeTimestamps(),
    onInvalidInput: error => log.warn(`a connection was closed: ${error.message}`),
    onUnsent: error => log.error(`an answer could not be sent: ${error.message}`),
    maxInFlight: declared.maxInFlight,
    now: realClock.now,
  }
  const line =
    options.socket === true
      ? socketLine({ ...place, limits: declared, onEviction: why => log.warn(why) })
      : memoryLine(place)
  const { ask, tell, asking } = conversation(line.connect, dialect, arrivals)

  const leaveClock = clock.join(async () => {
    await arrivals.quiet()
    // Intervals are counted from the end of @OnInit. A request that waits for it may be given up
    // before.
    if (asking() === 0) await lifecycle.ready()
    while (background.runs.size > 0) await Promise.all(background.runs)
    // What follows the end of a run, such as counting the next interval, is done in this turn.
    await new Promise(resolve => setImmediate(resolve))
  })
  let end: (reason: string) => void = () => undefined
  const ended = new Promise<void>(resolve => {
    end = shutdown({
      log,
      stopServer: ms => {
        background.stop()
        leaveClock()
        return line.stop(ms)
      },
      onShutdown: () =>
        lifecycle.started().then(O.fold(() => Promise.resolve(), shutdownProgram(onShutdown))),
      closeStore: () => store.close(),
      removeSocket: line.remove,
      exit: () => resolve(),
    })
  })
  const stop = (reason: string): Promise<void> => {
    end(reason)
    return ended
  }
  const close = (): Promise<void> => stop('the test closed it')

  let asked = 0
  const askNamed: Ask = async (message, signal) => {
    asked++
    const requestId = `request-${asked}`
    const answer = await ask(message(requestId), signal)
    const error = failures.get(requestId)
    failures.delete(requestId)
    return E.map((given: Answer) => [given, error] as const)(answer)
  }

  return E.right({
    metadata,
    ...testRequests(askNamed, dialect === 'tagged'),
    kv: testKv(askNamed),
    store: kv,
    stored: async (prefix = '') => {
      const entries = await store.entries(prefix)()
      return E.isLeft(entries)
        ? Promise.reject(new TestFailure('the store', entries.left))
        : Object.fromEntries(entries.right)
    },
    socketPath: async () => {
      const path = await line.path()
      return E.isLeft(path) ? Promise.reject(new TestFailure('the socket', path.left)) : path.right
    },
    clock,
    log: entries,
    close,
    [Symbol.asyncDispose]: close,
    shutdown: async () => {
      const told = await tell({ _tag: 'Shutdown' })
      return E.isLeft(told) ? Promise.reject(new TestFailure('shutdown', told.left)) : ended
    },
    init: async (id = instanceId) => {
      const told = await tell({ _tag: 'Init', instanceId: id, pluginSocket: '', logPath: '' })
      if (E.isLeft(told)) return Promise.reject(new TestFailure('init', told.left))
      const ready = await lifecycle.ready()
      return E.isLeft(ready)
        ? Promise.reject(new TestFailure('init', O.toUndefined(lifecycle.failure()) ?? ready.left))
        : undefined
    },
  })
}

/** The values of a `config.json` as the texts that they count as. */
const texts = (values: Readonly<Record<string, unknown>>): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? value : JSON.stringify(value),
    ]),
  )
