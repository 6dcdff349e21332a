import * as O from 'fp-ts/lib/Option.js'
import { show } from '../codec/explain.js'
import type { Answer, HostMessage } from '../domain/message.js'
import type { Peer } from '../domain/peer.js'
import type { Capabilities } from './capabilities.js'
import { httpProgram } from './http.js'
import { kvProgram } from './kv.js'
import type { Lifecycle } from './lifecycle.js'
import type { RouteTable } from './route-table.js'

/** Answers one message: at once, later, or, for a lifecycle message, not at all. Never rejects. */
export type Dispatcher = (
  message: HostMessage,
  peer: Peer,
) => Answer | null | Promise<Answer | null>

/**
 * What the dispatcher tells the shell: lifecycle messages are about the process as much as about
 * the plugin.
 */
export interface LifecycleListener {
  /** The host has said where the plugin may log to, and which instance it is. */
  readonly initialized: (logPath: string, instanceId: string) => void
  /** The host wants the plugin to finish. */
  readonly shutdown: () => void
}

/** One program a message kind, over the same table and capabilities. */
export const makeDispatcher = (
  table: RouteTable,
  lifecycle: Lifecycle,
  capabilities: Capabilities,
  listener: LifecycleListener,
): Dispatcher => {
  const http = httpProgram(table)
  const kv = kvProgram(table)
  return (message, peer) => {
    switch (message._tag) {
      case 'Http':
        return http(message, peer)(capabilities)
      case 'Kv':
        return kv(message)(capabilities)
      case 'Init':
        listener.initialized(message.logPath, message.instanceId)
        lifecycle.init(O.some(message.instanceId))
        return null
      case 'Shutdown':
        listener.shutdown()
        return null
      case 'UnknownLifecycle':
        capabilities.log.debug(
          `the lifecycle action ${show(message.action)} is not known here and was ignored`,
        )
        return null
    }
  }
}
