import * as O from 'fp-ts/lib/Option.js'
import type { Answer, HostMessage, InitMessage, Peer } from '../domain/message.js'
import type { Eventual } from '../domain/outcome.js'
import { show } from '../domain/text/show.js'
import type { Declaration } from '../reflect/declaration.js'
import type { Capabilities } from './capabilities.js'
import { httpProgram } from './http.js'
import { kvProgram } from './kv.js'
import type { Lifecycle } from './lifecycle.js'

/**
 * Answers a message, at once or later; `null` for a lifecycle message, which has no answer. Never
 * rejects.
 */
export type Dispatcher = (message: HostMessage, peer: Peer) => Eventual<Answer | null>

/** What a dispatcher needs. */
export interface DispatcherOptions {
  readonly declaration: Declaration
  readonly lifecycle: Lifecycle
  readonly capabilities: Capabilities
  /** Whether answers are compared with their response codecs. */
  readonly checkAnswers: boolean
  // Lifecycle messages are about the process, too.
  /** Called with an `init` message. */
  readonly onInit: (message: InitMessage) => void
  /** Called when the host tells the plugin to stop. */
  readonly onShutdown: () => void
}

/** Makes the program of each kind of message, and gives each message to its program. */
export const makeDispatcher = ({
  declaration,
  lifecycle,
  capabilities,
  checkAnswers,
  onInit,
  onShutdown,
}: DispatcherOptions): Dispatcher => {
  const http = httpProgram(declaration, checkAnswers)
  const kv = kvProgram(declaration)
  return (message, peer) => {
    switch (message._tag) {
      case 'Http':
        return http({ message, peer, capabilities })
      case 'Kv':
        return kv({ message, capabilities })
      case 'Init':
        onInit(message)
        lifecycle.init(O.some(message.instanceId))
        return null
      case 'Shutdown':
        onShutdown()
        return null
      case 'UnknownLifecycle':
        capabilities.log.debug(
          `the lifecycle action ${show(message.action)} is not known here and was ignored`,
        )
        return null
    }
  }
}
