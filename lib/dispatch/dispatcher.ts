import * as O from 'fp-ts/lib/Option.js'
import { show } from '../codec/explain.js'
import type { Answer, HostMessage } from '../domain/message.js'
import type { Peer } from '../domain/peer.js'
import type { Declaration } from '../reflect/declaration.js'
import type { Capabilities } from './capabilities.js'
import { httpProgram } from './http.js'
import { kvProgram } from './kv.js'
import type { Lifecycle } from './lifecycle.js'

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

/** One program a message kind, over the same declaration and capabilities. */
export const makeDispatcher = (
  declaration: Declaration,
  lifecycle: Lifecycle,
  capabilities: Capabilities,
  listener: LifecycleListener,
  checkAnswers = false,
): Dispatcher => {
  const http = httpProgram(declaration, checkAnswers)
  const kv = kvProgram(declaration)
  return (message, peer) => {
    switch (message._tag) {
      case 'Http':
        return http({ message, peer, capabilities })
      case 'Kv':
        return kv({ message, capabilities })
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
