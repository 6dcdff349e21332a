import type { HostPolicy } from '../host-policy.js'
import type { State } from './supervision.js'

/** Why a plugin gets no message now. */
export interface Unavailable {
  /** `Down`: it does not run, and nothing is being done about that. */
  readonly _tag: 'Disabled' | 'Starting' | 'Down'
  readonly reason: string
}

/** Whether a plugin gets messages now, and which of its processes does. */
export type Availability = { readonly _tag: 'Available'; readonly process: number } | Unavailable

/**
 * Whether a plugin gets messages now. A host that waits for no plugin tries every process that it
 * takes for running.
 */
export const availability =
  ({ waitForStart }: HostPolicy) =>
  ({ service, work, process, isWanted, isOver }: State): Availability => {
    const waits = waitForStart > 0
    const starting = (reason: string): Unavailable =>
      waits ? { _tag: 'Starting', reason } : { _tag: 'Down', reason: 'it does not run' }
    switch (service._tag) {
      case 'Running':
      case 'Unnoticed':
        return { _tag: 'Available', process }
      case 'Starting':
        return waits
          ? starting(service.late ?? 'it does not listen yet')
          : { _tag: 'Available', process }
      case 'Restarting':
        return starting(service.reason)
      case 'Idle':
        return isOver
          ? { _tag: 'Down', reason: 'the host is stopping' }
          : starting('its process is being replaced')
      case 'Failed':
        return work._tag === 'None'
          ? { _tag: 'Down', reason: service.reason }
          : starting(service.reason)
      case 'Disabled':
        return isWanted && waits
          ? starting('it is being enabled')
          : { _tag: 'Disabled', reason: 'it is disabled' }
    }
  }
