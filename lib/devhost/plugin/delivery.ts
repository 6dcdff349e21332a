import { E } from '../../fp.js'
import type { Exchanged } from '../../plugin-process/exchange.js'
import type { Clock } from '../clock.js'
import type { Availability, Unavailable } from './availability.js'
import type { Waiters } from './waiters.js'

/** What a delivery needs to know of a plugin. */
export interface DeliveryTarget {
  readonly clock: Clock
  /** They are woken after every change of the plugin. */
  readonly waiters: Waiters
  /** Whether the plugin gets messages now. */
  readonly now: () => Availability
  /** How long a message waits for a plugin that starts, in milliseconds. */
  readonly waitForStart: number
}

/**
 * How long after a process took no message its end may become known, in milliseconds: what it wrote
 * last is read first.
 */
const END_KNOWN_WITHIN = 2_000

/**
 * Sends a message to the process that serves, and waits for a plugin that starts. If the process
 * ended before it read the message, the next one gets it. Left if there is none.
 */
export const deliver = async (
  { clock, waiters, now, waitForStart }: DeliveryTarget,
  send: (process: number) => Promise<Exchanged | undefined>,
  signal: AbortSignal | undefined,
): Promise<E.Either<Unavailable, Exchanged>> => {
  const deadline = clock.now() + waitForStart
  const settled = (): Availability | undefined => (now()._tag === 'Starting' ? undefined : now())
  for (;;) {
    const found = (await waiters.until(settled, deadline - clock.now(), signal)) ?? now()
    if (found._tag === 'Starting')
      return E.left({
        ...found,
        reason: `it has not started within ${waitForStart / 1_000} s: ${found.reason}`,
      })
    if (found._tag !== 'Available') return E.left(found)
    const exchanged = await send(found.process)
    if (exchanged === undefined) return E.left({ _tag: 'Down', reason: 'it has no process' })
    if (!isUndelivered(exchanged) || waitForStart === 0) return E.right(exchanged)
    const hasEnded = await waiters.until(
      () => (isServedBy(now(), found.process) ? undefined : true),
      END_KNOWN_WITHIN,
      signal,
    )
    if (hasEnded === undefined) return E.right(exchanged)
  }
}

const isServedBy = (found: Availability, process: number): boolean =>
  found._tag === 'Available' && found.process === process

/**
 * Whether a plugin cannot have seen a whole message, so that it may be sent to another process.
 * When a process ends, the system resets the connections from which it has not read everything, and
 * closes the others.
 */
const isUndelivered = ({ answer }: Exchanged): boolean =>
  E.isLeft(answer) && answer.left._tag === 'Unreachable'
