import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Capabilities } from '../dispatch/capabilities.js'
import { type Dispatcher, makeDispatcher } from '../dispatch/dispatcher.js'
import { type Background, makeBackground } from '../dispatch/every.js'
import { shutdownProgram } from '../dispatch/hooks.js'
import { type Lifecycle, makeLifecycle } from '../dispatch/lifecycle.js'
import type { Clock } from '../domain/clock.js'
import type { Logger, PluginContext } from '../domain/context.js'
import type { Kv } from '../domain/kv.js'
import type { ClosableKvStore } from '../domain/kv-provider.js'
import type { InitMessage } from '../domain/message.js'
import { withCells } from '../kv/cell.js'
import { type Declaration, handlersOf } from '../reflect/declaration.js'
import { type Outside, shutdown } from './shutdown.js'

/** What a plugin needs from outside. A process and a test give it their own. */
export interface Surroundings {
  readonly declaration: Declaration
  readonly config: unknown
  /** The name of this installation in the environment, for a host that sends no `init`. */
  readonly instanceId: Option<string>
  readonly log: Logger
  readonly clock: Clock
  readonly store: ClosableKvStore
  /** Whether answers are compared with their response codecs. */
  readonly checkAnswers: boolean
  /** Called before the author's code first runs. */
  readonly beforeInit: () => void
  /** Called with an `init` message. */
  readonly onInit: (init: InitMessage) => void
  /** Called when the host tells the plugin to stop. */
  readonly onShutdown: () => void
  /** Called with the error behind an answer. */
  readonly onFailure: NonNullable<Capabilities['onFailure']>
}

/** A plugin that can take messages. */
export interface ComposedPlugin {
  readonly kv: Kv
  readonly lifecycle: Lifecycle
  readonly background: Background
  readonly dispatcher: Dispatcher
  /** Makes the function that shuts the plugin down, and what is outside of it. */
  readonly shutdown: (outside: Outside) => (reason: string) => void
}

/** Gives the programs of the core their capabilities. Runs nothing of the plugin. */
export const compose = (surroundings: Surroundings): ComposedPlugin => {
  const { declaration, config, log, clock, store, beforeInit, onFailure } = surroundings
  const { metadata } = declaration
  const kv = withCells(store, { version: metadata.version, log })
  const contextOf = (told: Option<string>): PluginContext => {
    const instanceId = O.isSome(told) ? told : surroundings.instanceId
    return { instanceId, kv, log, clock, config, metadata }
  }
  const hooks = handlersOf(declaration, 'OnInit')
  const lifecycle = makeLifecycle({ hooks, contextOf, log, clock, beforeInit })
  const capabilities = { log, clock, ready: lifecycle.ready, onFailure }
  const background = makeBackground(handlersOf(declaration, 'Every'), capabilities)
  lifecycle.onReady(background.start)
  const runHooks = shutdownProgram(handlersOf(declaration, 'OnShutdown'))
  return {
    kv,
    lifecycle,
    background,
    dispatcher: makeDispatcher({ ...surroundings, lifecycle, capabilities }),
    shutdown: outside =>
      shutdown({
        log,
        stopBackground: () => {
          background.stop()
          lifecycle.stop()
        },
        onShutdown: () => lifecycle.started().then(O.match(() => Promise.resolve(), runHooks)),
        closeStore: store.close,
        ...outside,
      }),
  }
}
