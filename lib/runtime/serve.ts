import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { makeDispatcher } from '../dispatch/dispatcher.js'
import { makeLifecycle, shutdownProgram } from '../dispatch/lifecycle.js'
import type { RouteTable } from '../dispatch/route-table.js'
import type { PluginContext } from '../domain/context.js'
import { withCells } from '../kv/cell.js'
import { memoryKv } from '../kv/memory.js'
import { makeServer } from '../transport/server.js'
import { listenAt } from '../transport/socket-file.js'
import { announcement } from './announcement.js'
import { makeTimestamps, realClock } from './clock.js'
import { EXIT } from './exit-code.js'
import { droppedLine, levelFrom } from './log-line.js'
import { type LoggerControl, makeLogger } from './logger.js'
import { socketDefault } from './plugin-arguments.js'
import { readConfig } from './plugin-config.js'
import { onSignals, shutdown } from './shutdown.js'
import { descriptorKind, openStderr } from './stderr-sink.js'
import { redirectStdout } from './stdout.js'

/** How long after listening `@OnInit` runs without an `init`, in milliseconds: a host that enables a plugin later never sends one. */
const INIT_WAIT = 2_000

/** How many requests of one connection may be on their way at once. */
const MAX_IN_FLIGHT = 256

/**
 * Runs a plugin as a process: the one place where the real capabilities (log, clock, store, socket, signals) are given to the programs of the core.
 */
export const serve = async (table: RouteTable): Promise<void> => {
  const { metadata, options } = table
  const { env } = process
  const logger = openLog(metadata.id)
  const { log } = logger

  const read = readConfig(options.config, { id: metadata.id, file: process.argv[1] ?? '', env })
  if (E.isLeft(read)) return giveUp(logger, read.left, EXIT.config)
  logger.redact(read.right.secrets)

  const kv = withCells(memoryKv())
  const instanceId = O.fromNullable(env.TORU_INSTANCE_ID || undefined)
  const contextOf = (id: O.Option<string>): PluginContext => ({
    instanceId: O.isSome(id) ? id : instanceId,
    kv,
    log,
    config: read.right.config,
    metadata,
  })
  const lifecycle = makeLifecycle(table.onInit, contextOf, log)
  const capabilities = { log, clock: realClock, ready: lifecycle.ready }
  const dispatcher = makeDispatcher(table, lifecycle, capabilities, {
    initialized: logPath => env.TORU_LOG_FILE === '1' && logger.addFile(logPath),
    shutdown: () => stop('the host sent shutdown'),
  })

  const { server, stop: stopServer } = makeServer({
    receive: dispatcher,
    timestamp: makeTimestamps(),
    onFault: error => log.warn({ fault: error._tag }, `a connection was closed: ${error.message}`),
    maxInFlight: MAX_IN_FLIGHT,
  })
  const listening = await listenAt(server, env.TORU_PLUGIN_SOCKET || socketDefault(metadata.id))()
  if (E.isLeft(listening)) return giveUp(logger, listening.left.message, EXIT.failed)
  const socket = listening.right

  const stop = shutdown({
    log,
    stopServer,
    onShutdown: () => lifecycle.started().then(O.fold(() => Promise.resolve(), shutdownProgram(table.onShutdown))),
    removeSocket: socket.remove,
    exit: code => {
      logger.flushSync()
      process.exit(code)
    },
  })
  onSignals(stop, log)
  server.on('error', error => log.error({ error }, `the socket failed: ${error.message}`))
  for (const warning of socket.warnings) log.warn(warning)
  announcement(table, socket.path, env.TORU_PLUGIN_SOCKET === undefined, logger)
  setTimeout(lifecycle.ready, INIT_WAIT).unref()
}

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
