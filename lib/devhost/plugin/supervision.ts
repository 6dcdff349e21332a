import { E } from '../../fp.js'
import type { Metadata } from '../../plugin-process/metadata.js'
import type { ProcessEnd } from '../../plugin-process/spawn-process.js'
import type { StopStep } from '../host-policy.js'
import type { Launch } from '../process/launch.js'

/** The members of a tagged union with a tag. */
export type Tagged<Union, Tag> = Extract<Union, { readonly _tag: Tag }>

/** What is run: a program, and what it says of itself. */
export interface Version {
  readonly launch: Launch
  readonly metadata: Metadata
}

/** What a request came to: left with the reason for which it failed. */
export type Outcome = E.Either<string, void>

/** Of a request that was fulfilled. */
export const DONE: Outcome = E.right(undefined)

/** Whether the plugin serves, or why it does not. */
export type Service =
  /** Nothing serves until the work that is being done has ended. */
  | { readonly _tag: 'Idle' }
  | {
      readonly _tag: 'Starting'
      readonly sendInit: boolean
      /** That its socket is late, once it is. */
      readonly late: string | null
    }
  | { readonly _tag: 'Running' }
  /** It died, and is started again when a timer has run down. */
  | { readonly _tag: 'Restarting'; readonly reason: string }
  | { readonly _tag: 'Failed'; readonly reason: string }
  /** It died, and the host still takes it for running. */
  | { readonly _tag: 'Unnoticed'; readonly reason: string }
  | { readonly _tag: 'Disabled' }

/** What is being done for the request that has its turn. Processes are named by their numbers. */
export type Work =
  | { readonly _tag: 'None' }
  /** Waits for the socket of the process that is to serve. */
  | { readonly _tag: 'Start'; readonly outcome: Outcome }
  /** Waits for the socket of a new version, which then takes the place of the old one. */
  | {
      readonly _tag: 'Replace'
      readonly process: number
      readonly version: Version
      /** Whether the old version has ended, and comes back if the new one does not start. */
      readonly oldEnded: boolean
    }
  /** Waits for the end of a process. The first of `steps` was taken. */
  | {
      readonly _tag: 'Stop'
      readonly process: number
      readonly steps: ReadonlyArray<StopStep>
      readonly next: Next
    }

/** What follows the end of a process. `outcome` is what the request comes to. */
export type Next =
  | { readonly _tag: 'Reply'; readonly outcome: Outcome }
  | {
      readonly _tag: 'Start'
      /** How long the socket may take, in milliseconds. */
      readonly timeout: number
      readonly sendInit: boolean
      readonly outcome: Outcome
    }
  | { readonly _tag: 'Replace'; readonly version: Version; readonly oldEnded: boolean }

/** A plugin in the care of a host. */
export interface State {
  readonly version: Version
  readonly service: Service
  readonly work: Work
  /** Restarts since the plugin was last enabled or built. */
  readonly restarts: number
  /** Restarts since it was last healthy. */
  readonly streak: number
  /** How many processes were started: the number of the newest. */
  readonly started: number
  /** The number of the process that serves, or of the last that did. */
  readonly process: number
  /** Whether the latest request wants it to run. One that wants it to end has its turn first. */
  readonly isWanted: boolean
  /** Whether the host ends: nothing is started any more. */
  readonly isOver: boolean
}

/** A plugin that does not run yet. */
export const initial = (version: Version): State => ({
  version,
  service: { _tag: 'Idle' },
  work: { _tag: 'None' },
  restarts: 0,
  streak: 0,
  started: 0,
  process: 0,
  isWanted: true,
  isOver: false,
})

/** What somebody asks for. Requests have turns: the next comes when this one was answered. */
export type Request =
  | { readonly _tag: 'Start' }
  | { readonly _tag: 'Enable' }
  | { readonly _tag: 'Disable' }
  | { readonly _tag: 'Restart' }
  /** `first`: whether the new version starts first, or the old one ends first. */
  | { readonly _tag: 'Replace'; readonly version: Version; readonly first: 'new' | 'old' }
  | { readonly _tag: 'Stop' }
  /** The timer of a plugin that died has run down. */
  | { readonly _tag: 'RestartDue' }

/** What happens, with the number of the process to which it happens. */
export type Event =
  | Request
  /** A request has come, whose turn may come later. */
  | { readonly _tag: 'Asked'; readonly request: Request['_tag'] }
  | { readonly _tag: 'HostEnds' }
  | { readonly _tag: 'SocketUp'; readonly process: number }
  | { readonly _tag: 'SocketLate'; readonly process: number; readonly timeout: number }
  | { readonly _tag: 'InitSent'; readonly process: number }
  | { readonly _tag: 'StepTimedOut'; readonly process: number }
  | {
      readonly _tag: 'Ended'
      readonly process: number
      readonly end: ProcessEnd
      /** How it ended and what it wrote last. */
      readonly lastWords: string
      /** How long it ran, in milliseconds. */
      readonly lived: number
    }

/** What is to be done. */
export type Command =
  | { readonly _tag: 'Spawn'; readonly process: number; readonly version: Version }
  | { readonly _tag: 'AwaitSocket'; readonly process: number; readonly timeout: number }
  | { readonly _tag: 'SendInit'; readonly process: number }
  | { readonly _tag: 'TakeStep'; readonly process: number; readonly step: StopStep }
  | { readonly _tag: 'SetTimer'; readonly ms: number }
  | { readonly _tag: 'ClearTimer' }
  | { readonly _tag: 'Say'; readonly kind: 'warn' | 'error'; readonly text: string }
  | { readonly _tag: 'Reply'; readonly outcome: Outcome }

/** The next state, and what is to be done. */
export interface Stepped {
  readonly state: State
  readonly commands: ReadonlyArray<Command>
}
