import type { Server } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Logger } from '../domain/context.js'
import type { KvStore } from '../domain/kv.js'
import type { KvProvider } from '../domain/kv-provider.js'
import { causeField } from '../domain/plugin-error.js'
import { storeAt } from '../kv/store.js'
import type { Declaration } from '../reflect/declaration.js'
import type { Listener } from '../transport/server/listener.js'
import { makeServer, type PluginServer } from '../transport/server/server.js'
import { listenAt, type SocketFile } from '../transport/socket-file/socket-file.js'
import { announce } from './announcement.js'
import { makeTimestamps, realClock } from './clock.js'
import { compose } from './compose.js'
import { connectionLog } from './connection-log.js'
import type { LoggerControl } from './log/logger.js'
import { openLog } from './log/open-log.js'
import type { PluginConfig } from './plugin-config.js'
import { type Init, savedInit } from './saved-init.js'
import type { StopRequest } from './shutdown.js'
import { checkStore } from './store-check.js'
import { orphanReason, type Parents, watchParents } from './supervision/parent-watch.js'
import { type SocketWatch, watchSocket } from './supervision/socket-watch.js'
import { logUncaughtErrors } from './supervision/uncaught-errors.js'
import { makeWatchdog } from './supervision/watchdog.js'

/**
 * How long the plugin waits for an `init` before it runs `@OnInit`, in milliseconds. A host that
 * enables a plugin sends none.
 */
const INIT_WAIT = 2_000

/**
 * When the plugin finds out whether its store can work, in milliseconds after it listens: it leaves
 * the processor to the plugins that start with it.
 */
const STORE_CHECK_AFTER = 500

/** A plugin that listens, and does not answer yet. */
export interface Listening {
  readonly declaration: Declaration
  readonly listener: Listener
  readonly socket: SocketFile
  readonly config: PluginConfig
  readonly store: KvProvider | KvStore
  readonly parents: Parents
  readonly stop: StopRequest
}

/** Runs a plugin that listens, with the real log, clock, store, socket and signals. */
export const serve = (plugin: Listening): void => {
  const { declaration, listener, config, parents, stop } = plugin
  const { id: pluginId } = declaration.metadata
  const { kvTimeout, stallTimeout, maxInFlight } = declaration.options
  const { env } = process
  const logger = openLog(pluginId)
  const { log } = logger
  logger.redact(config.secrets)
  const init = initActions(plugin, logger)
  const store = storeAt({ pluginId, log, deadlineMs: kvTimeout, env }, plugin.store)

  const { lifecycle, dispatcher, shutdown } = compose({
    declaration,
    config: config.config,
    instanceId: O.fromNullable(env.TORU_INSTANCE_ID || undefined),
    log,
    clock: realClock,
    store,
    checkAnswers: env.TORU_CHECK_ANSWERS === '1',
    // The watchdog starts late, because the host waits for the socket.
    beforeInit: makeWatchdog({ pluginId, stallTimeout, parents, log }),
    onInit: init.received,
    onShutdown: () => stop.ask('the host sent shutdown'),
    onFailure: () => undefined,
  })
  const server = makeServer(listener, {
    ...connectionLog(log, realClock),
    receive: dispatcher,
    timestamp: makeTimestamps(),
    maxInFlight,
    limits: declaration.options,
    now: realClock.now,
  })
  const socketWatch = superviseSocket(plugin, server, log)
  logUncaughtErrors(declaration, log)
  watchParents(parents, stop.ask)
  logStart(plugin, log)

  pipe(
    init.restored(),
    O.map(instanceId => lifecycle.init(O.some(instanceId))),
  )
  setTimeout(lifecycle.ready, INIT_WAIT).unref()
  const stopServer = (ms: number): Promise<void> => {
    socketWatch.stop()
    return server.stop(ms)
  }
  setTimeout(checkStore(store, log), STORE_CHECK_AFTER).unref()
  stop.handle(shutdown({ stopServer, removeSocket: socketWatch.remove, exit: exitWith(logger) }))
}

const exitWith =
  ({ flushSync }: LoggerControl) =>
  (code: number): void => {
    flushSync()
    process.exit(code)
  }

/** Acts on what an `init` says, and saves it for the process that a guardian starts next. */
const initActions = (
  { declaration: { metadata }, parents }: Listening,
  { log, addFile }: LoggerControl,
) => {
  const { env } = process
  const saved = savedInit(metadata.id, env, parents)
  const logTo = (path: string): void => {
    if (env.TORU_LOG_FILE === '1') addFile(path)
  }
  return {
    received: ({ instanceId, logPath }: Init): void => {
      logTo(logPath)
      pipe(
        saved.save({ instanceId, logPath }),
        E.match(
          error => log.warn(causeField(error), `the init is lost at a restart: ${error.message}`),
          () => undefined,
        ),
      )
    },
    restored: (): O.Option<string> =>
      pipe(
        saved.load(),
        O.map(({ instanceId, logPath }) => {
          logTo(logPath)
          return instanceId
        }),
      ),
  }
}

/** Listens again if the socket's file was removed, and removes the file in the end. */
const superviseSocket = (
  { listener, socket, parents, stop }: Listening,
  server: PluginServer,
  log: Logger,
): SocketWatch => {
  const logErrors = (each: Server): void =>
    void each.on('error', error => log.error({ error }, `the socket failed: ${error.message}`))
  logErrors(listener.server)
  const watch = watchSocket({
    file: socket,
    listenAgain: server.listenAgain(next =>
      pipe(
        listenAt(next, socket.path),
        TE.chainFirstIOK(() => () => logErrors(next)),
      ),
    ),
    hostAlive: () => O.isNone(orphanReason(parents)),
    stop: stop.ask,
    log,
  })
  // Even if the author's code ends the process. After a SIGKILL the next process replaces the file.
  process.on('exit', watch.remove)
  return watch
}

/** Logs that the plugin listens, and what is notable about the start. */
const logStart = ({ declaration, socket, parents }: Listening, log: Logger): void => {
  const { TORU_PLUGIN_SOCKET, TORU_GUARDIAN_AFTER } = process.env
  for (const warning of socket.warnings) log.warn(warning)
  announce(declaration, socket.path, TORU_PLUGIN_SOCKET === undefined, log)
  if (parents.guarded && TORU_GUARDIAN_AFTER)
    log.warn(
      `started again: the process before this one ended with exit code ${TORU_GUARDIAN_AFTER}`,
    )
}
