import type { Server } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { makeDispatcher } from '../dispatch/dispatcher.js'
import { makeBackground } from '../dispatch/every.js'
import { makeLifecycle, shutdownProgram } from '../dispatch/lifecycle.js'
import type { RouteTable } from '../dispatch/route-table.js'
import type { PluginContext } from '../domain/context.js'
import { withCells } from '../kv/cell.js'
import { makeServer } from '../transport/server.js'
import { listenAt, type SocketFile } from '../transport/socket-file.js'
import { announcement } from './announcement.js'
import { makeBudget } from './budget.js'
import { makeTimestamps, realClock } from './clock.js'
import { EXIT } from './exit-code.js'
import { droppedLine, levelFrom } from './log-line.js'
import { type LoggerControl, makeLogger } from './logger.js'
import { goneOf, parentsOf, watchParents } from './parent-watch.js'
import { socketDefault } from './plugin-arguments.js'
import { readConfig } from './plugin-config.js'
import { pluginStore } from './plugin-store.js'
import { initMemory } from './remembered-init.js'
import { onSignals, shutdown } from './shutdown.js'
import { watchSocket } from './socket-watch.js'
import { descriptorKind, openStderr } from './stderr-sink.js'
import { redirectStdout } from './stdout.js'
import { type NamedHandler, surviveStrayErrors } from './stray-errors.js'
import { makeTally, told } from './tally.js'
import { makeWatchdog } from './watchdog.js'

/** How long after listening `@OnInit` runs without an `init`, in milliseconds: a host that enables a plugin later never sends one. */
const INIT_WAIT = 2_000

/** Within how many milliseconds a terminal's signal and the same one from the guardian arrive. */
const SIGNALS_TOGETHER = 500

/**
 * Runs a plugin as a process: the one place where the real capabilities (log, clock, store, socket, signals) are given to the programs of the core.
 */
export const serve = async (table: RouteTable): Promise<void> => {
  const { metadata, options } = table
  const { env } = process
  const logger = openLog(metadata.id)
  const { log } = logger
  const parents = parentsOf(env)

  const read = readConfig(options.config, { id: metadata.id, file: process.argv[1] ?? '', env })
  if (E.isLeft(read)) return giveUp(logger, read.left, EXIT.config)
  logger.redact(read.right.secrets)

  const store = pluginStore(options.kv, { pluginId: metadata.id, log, deadlineMs: options.kvTimeout, env })
  if (E.isLeft(store)) return giveUp(logger, store.left, EXIT.config)
  const kv = withCells(store.right)
  const instanceId = O.fromNullable(env.TORU_INSTANCE_ID || undefined)
  const contextOf = (id: O.Option<string>): PluginContext => ({
    instanceId: O.isSome(id) ? id : instanceId,
    kv,
    log,
    config: read.right.config,
    metadata,
  })
  // Before the author's code first runs, and not while the host waits for the socket.
  const watchdog = makeWatchdog({ pluginId: metadata.id, stallTimeout: options.stallTimeout, parents, log })
  const hooks = [{ handlerName: 'watchdog', call: () => E.right(watchdog()) }, ...table.onInit]
  const lifecycle = makeLifecycle(hooks, contextOf, log, () => background.start())
  const capabilities = { log, clock: realClock, ready: lifecycle.ready }
  const background = makeBackground(table.every, capabilities)
  const memory = initMemory(metadata.id, env, parents)
  const logTo = (path: string): void => {
    if (env.TORU_LOG_FILE === '1') logger.addFile(path)
  }
  const dispatcher = makeDispatcher(table, lifecycle, capabilities, {
    initialized: (logPath, instanceId) => {
      logTo(logPath)
      const remembered = memory.remember({ instanceId, logPath })
      if (E.isLeft(remembered)) log.warn({ error: remembered.left.cause }, `the init is lost at a restart: ${remembered.left.message}`)
    },
    shutdown: () => stop('the host sent shutdown'),
  })

  const evictions = makeTally(realClock, counts => log.warn(counts, `connections were closed so that others are served: ${told(counts)}`))
  const faults = makeTally(realClock, counts => log.warn(counts, `more connections were closed for what came on them: ${told(counts)}`))
  const inFull = makeBudget(realClock)
  const server = makeServer({
    receive: dispatcher,
    timestamp: makeTimestamps(),
    onFault: ({ _tag, message }) => (inFull() ? log.warn({ fault: _tag }, `a connection was closed: ${message}`) : faults.count(_tag)),
    onUnsent: error => log.error({ fault: error._tag }, `an answer could not be sent: ${error.message}`),
    maxInFlight: options.maxInFlight,
    now: realClock.now,
    limits: options,
    onEviction: why => evictions.count(why),
  })
  const path = env.TORU_PLUGIN_SOCKET || socketDefault(metadata.id)
  const listening = await listenAt(server.server, path)()
  if (E.isLeft(listening)) return giveUp(logger, listening.left.message, EXIT.failed)
  const socket = listening.right

  const stop = shutdown({
    log,
    stopServer: ms => {
      background.stop()
      socketWatch.end()
      return server.stop(ms)
    },
    onShutdown: () => lifecycle.started().then(O.fold(() => Promise.resolve(), shutdownProgram(table.onShutdown))),
    closeStore: () => store.right.close(),
    removeSocket: () => socketWatch.remove(),
    exit: code => {
      logger.flushSync()
      process.exit(code)
    },
  })
  const watchErrors = (each: Server): void => void each.on('error', error => log.error({ error }, `the socket failed: ${error.message}`))
  const listenAgain = server.listenAgain(next =>
    TE.map((file: SocketFile) => {
      watchErrors(next)
      return file
    })(listenAt(next, path)),
  )
  const socketWatch = watchSocket({
    file: socket,
    listenAgain,
    hostIsThere: () => O.isNone(goneOf(parents)),
    stop,
    log,
  })
  // Also where an author's code ends the process; one that is killed leaves its socket to the next.
  process.on('exit', () => socketWatch.remove())
  onSignals(stop, parents.guarded ? SIGNALS_TOGETHER : 0)
  surviveStrayErrors(namedHandlers(table), log)
  watchErrors(server.server)
  watchParents(parents, stop)
  for (const warning of socket.warnings) log.warn(warning)
  announcement(table, socket.path, env.TORU_PLUGIN_SOCKET === undefined, logger)
  if (parents.guarded && env.TORU_GUARDIAN_AFTER)
    log.warn(`started again: the process before this one ended with exit code ${env.TORU_GUARDIAN_AFTER}`)
  const init = memory.recall()
  if (O.isSome(init)) {
    logTo(init.value.logPath)
    lifecycle.init(O.some(init.value.instanceId))
  }
  setTimeout(lifecycle.ready, INIT_WAIT).unref()
}

/** The methods that a stack may show, with what leads to each. */
const namedHandlers = ({ routes, kv, every }: RouteTable): ReadonlyArray<NamedHandler> => [
  ...routes.map(({ handlerName, method, path }) => ({ handlerName, what: `${method} ${path}` })),
  ...kv.map(({ handlerName, pattern }) => ({ handlerName, what: `KV ${pattern}` })),
  ...every.map(({ handlerName, interval }) => ({ handlerName, what: `every ${interval}` })),
]

/** The log, with everything that anybody prints in it. */
const openLog = (pluginId: string): LoggerControl => {
  const { level, warning } = levelFrom(process.env.TORU_LOG_LEVEL)
  const sink = openStderr(droppedLine(pluginId))
  const logger = makeLogger({ pluginId, level, sink, pretty: descriptorKind(2) === 'terminal' })
  redirectStdout((stream, text) => (stream === 'stdout' ? logger.log.info(text) : logger.log.error(text)))
  process.on('exit', () => logger.flushSync())
  if (warning !== undefined) logger.log.warn(warning)
  return logger
}

const giveUp = (logger: LoggerControl, message: string, code: number): void => {
  logger.log.error(message)
  logger.flushSync()
  process.exit(code)
}
