import * as E from 'fp-ts/lib/Either.js'
import { defaultSocket } from '../domain/host.js'
import type { Declaration } from '../reflect/declaration.js'
import { makeListener } from '../transport/server/listener.js'
import { listenAt } from '../transport/socket-file/socket-file.js'
import { EXIT } from './exit-code.js'
import { readConfig } from './plugin-config.js'
import { pluginStore } from './plugin-store.js'
import { onSignals, stopRequest } from './shutdown.js'
import { parentsOf } from './supervision/parent-watch.js'

/**
 * How far apart, in milliseconds, a signal from a terminal and the same one from the guardian may
 * be.
 */
const SIGNALS_TOGETHER = 500

/**
 * Starts a plugin as a process. Because the host waits for the socket, only what can keep a plugin
 * from starting comes before it: its configuration, and the socket itself. Everything else is
 * loaded after it, when connections may already come.
 */
export const start = async (declaration: Declaration): Promise<void> => {
  const { metadata, options } = declaration
  const { env } = process
  const config = readConfig(options.config, { id: metadata.id, file: process.argv[1] ?? '', env })
  if (E.isLeft(config)) return giveUp(metadata.id, config.left, EXIT.config)
  const store = pluginStore(options.kv, env)
  if (E.isLeft(store)) return giveUp(metadata.id, store.left, EXIT.config)
  const listener = makeListener()
  const parents = parentsOf(env)
  const stop = stopRequest()
  onSignals(stop.ask, parents.guarded ? SIGNALS_TOGETHER : 0)
  const socket = await listenAt(
    listener.server,
    env.TORU_PLUGIN_SOCKET || defaultSocket(metadata.id),
  )()
  if (E.isLeft(socket)) return giveUp(metadata.id, socket.left.message, EXIT.failed)
  const { serve } = await import('./serve.js')
  serve({
    declaration,
    listener,
    socket: socket.right,
    config: config.right,
    store: store.right,
    parents,
    stop,
  })
}

const giveUp = async (pluginId: string, message: string, code: number): Promise<void> => {
  const { openLog } = await import('./log/open-log.js')
  const { log, flushSync } = openLog(pluginId)
  log.error(message)
  flushSync()
  process.exit(code)
}
