import type { Server } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { makeDispatcher } from '../dispatch/dispatcher.js'
import { makeBackground } from '../dispatch/every.js'
import { makeLifecycle, shutdownProgram } from '../dispatch/lifecycle.js'
import type { PluginContext } from '../domain/context.js'
import type { KvStore } from '../domain/kv.js'
import type { KvProvider } from '../domain/kv-provider.js'
import { withCells } from '../kv/cell.js'
import { storeAt } from '../kv/store.js'
import type { Declaration } from '../reflect/declaration.js'
import type { Listener } from '../transport/server/listener.js'
import { makeServer } from '../transport/server/server.js'
import { listenAt, type SocketFile } from '../transport/socket-file/socket-file.js'
import { announce } from './announcement.js'
import { makeTimestamps, realClock } from './clock.js'
import { formatCounts, makeLogThrottle } from './log/log-throttle.js'
import { openLog } from './log/open-log.js'
import { makeRateLimit } from './log/rate-limit.js'
import type { PluginConfig } from './plugin-config.js'
import { savedInit } from './saved-init.js'
import { type LaterStop, shutdown } from './shutdown.js'
import { orphanReason, type Parents, watchParents } from './supervision/parent-watch.js'
import { watchSocket } from './supervision/socket-watch.js'
import { logUncaughtErrors, type NamedHandler } from './supervision/uncaught-errors.js'
import { makeWatchdog } from './supervision/watchdog.js'

/**
 * How long after listening `@OnInit` runs without an `init`, in milliseconds: a host that enables a
 * plugin later never sends one.
 */
const INIT_WAIT = 2_000

/** A plugin that listens, and whom nobody answers yet. */
export interface Started {
  readonly declaration: Declaration
  readonly listener: Listener
  readonly socket: SocketFile
  readonly config: PluginConfig
  readonly store: KvProvider | KvStore
  readonly parents: Parents
  readonly stop: LaterStop
}

/**
 * Runs a plugin that listens: the one place where the real capabilities (log, clock, store, socket,
 * signals) are given to the programs of the core.
 */
export const serve = ({
  declaration,
  listener,
  socket,
  config: { config, secrets },
  store: chosen,
  parents,
  stop: asked,
}: Started): void => {
  const { metadata, options, onInit, onShutdown, every } = declaration
  const { env } = process
  const logger = openLog(metadata.id)
  const { log } = logger
  logger.redact(secrets)

  const store = storeAt({ pluginId: metadata.id, log, deadlineMs: options.kvTimeout, env }, chosen)
  const kv = withCells(store)
  const instanceId = O.fromNullable(env.TORU_INSTANCE_ID || undefined)
  const contextOf = (id: O.Option<string>): PluginContext => ({
    instanceId: O.isSome(id) ? id : instanceId,
    kv,
    log,
    clock: realClock,
    config,
    metadata,
  })
  // Before the author's code first runs, and not while the host waits for the socket.
  const watchdog = makeWatchdog({
    pluginId: metadata.id,
    stallTimeout: options.stallTimeout,
    parents,
    log,
  })
  const lifecycle = makeLifecycle({ hooks: onInit, contextOf, log, beforeInit: watchdog })
  const capabilities = { log, clock: realClock, ready: lifecycle.ready }
  const background = makeBackground(every, capabilities)
  lifecycle.onReady(background.start)
  const saved = savedInit(metadata.id, env, parents)
  const logTo = (path: string): void => {
    if (env.TORU_LOG_FILE === '1') logger.addFile(path)
  }
  const dispatcher = makeDispatcher(
    declaration,
    lifecycle,
    capabilities,
    {
      initialized: (logPath, instanceId) => {
        logTo(logPath)
        const written = saved.save({ instanceId, logPath })
        if (E.isLeft(written))
          log.warn(
            { error: written.left.cause },
            `the init is lost at a restart: ${written.left.message}`,
          )
      },
      shutdown: () => stop('the host sent shutdown'),
    },
    env.TORU_CHECK_ANSWERS === '1',
  )

  const evictions = makeLogThrottle(realClock, counts =>
    log.warn(counts, `connections were closed so that others are served: ${formatCounts(counts)}`),
  )
  const faults = makeLogThrottle(realClock, counts =>
    log.warn(counts, `more connections were closed for what came on them: ${formatCounts(counts)}`),
  )
  const mayLog = makeRateLimit(realClock)
  const server = makeServer(listener, {
    receive: dispatcher,
    timestamp: makeTimestamps(),
    onInvalidInput: ({ _tag, message }) =>
      mayLog()
        ? log.warn({ fault: _tag }, `a connection was closed: ${message}`)
        : faults.count(_tag),
    onUnsent: error =>
      log.error({ fault: error._tag }, `an answer could not be sent: ${error.message}`),
    maxInFlight: options.maxInFlight,
    now: realClock.now,
    limits: options,
    onEviction: why => evictions.count(why),
  })
  const stop = shutdown({
    log,
    stopServer: ms => {
      background.stop()
      socketWatch.stop()
      return server.stop(ms)
    },
    onShutdown: () =>
      lifecycle.started().then(O.fold(() => Promise.resolve(), shutdownProgram(onShutdown))),
    closeStore: () => store.close(),
    removeSocket: () => socketWatch.remove(),
    exit: code => {
      logger.flushSync()
      process.exit(code)
    },
  })
  const watchErrors = (each: Server): void =>
    void each.on('error', error => log.error({ error }, `the socket failed: ${error.message}`))
  const listenAgain = server.listenAgain(next =>
    TE.map((file: SocketFile) => {
      watchErrors(next)
      return file
    })(listenAt(next, socket.path)),
  )
  const socketWatch = watchSocket({
    file: socket,
    listenAgain,
    hostAlive: () => O.isNone(orphanReason(parents)),
    stop,
    log,
  })
  // Also where an author's code ends the process; one that is killed leaves its socket to the next.
  process.on('exit', () => socketWatch.remove())
  logUncaughtErrors(namedHandlers(declaration), log)
  watchErrors(listener.server)
  watchParents(parents, stop)
  for (const warning of socket.warnings) log.warn(warning)
  announce(declaration, socket.path, env.TORU_PLUGIN_SOCKET === undefined, logger)
  if (parents.guarded && env.TORU_GUARDIAN_AFTER)
    log.warn(
      `started again: the process before this one ended with exit code ${env.TORU_GUARDIAN_AFTER}`,
    )
  const init = saved.load()
  if (O.isSome(init)) {
    logTo(init.value.logPath)
    lifecycle.init(O.some(init.value.instanceId))
  }
  setTimeout(lifecycle.ready, INIT_WAIT).unref()
  asked.becomes(stop)
}

/** The methods that a stack may show, with what leads to each. */
const namedHandlers = ({ routes, kv, every }: Declaration): ReadonlyArray<NamedHandler> => [
  ...routes.map(({ handlerName, method, path }) => ({ handlerName, what: `${method} ${path}` })),
  ...kv.map(({ handlerName, pattern }) => ({ handlerName, what: `KV ${pattern}` })),
  ...every.map(({ handlerName, interval }) => ({ handlerName, what: `every ${interval}` })),
]
