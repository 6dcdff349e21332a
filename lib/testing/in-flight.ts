import type { HostMessage } from '../domain/message.js'

/**
 * Keeps track of messages that the test has sent and the plugin has not received: a socket takes a
 * while.
 */
export interface InFlight {
  /** Says that a message is sent. */
  readonly sent: (message: HostMessage) => Expected
  /** Says that the plugin has received a message. */
  readonly received: (message: HostMessage) => void
  /** Waits until no message is on its way. */
  readonly settled: () => Promise<void>
}

/** A message on its way. */
export interface Expected {
  readonly arrived: Promise<void>
  /** Ends the wait for it. */
  readonly forget: () => void
}

/** Makes {@link InFlight} without a message. */
export const trackInFlight = (): InFlight => {
  const expected = new Map<string, Array<() => void>>()
  const underWay = new Set<Promise<void>>()
  return {
    sent: message => {
      let settle = (): void => undefined
      const arrived = new Promise<void>(resolve => {
        settle = resolve
      })
      underWay.add(arrived)
      arrived.then(() => underWay.delete(arrived))
      const key = keyOf(message)
      expected.set(key, [...(expected.get(key) ?? []), settle])
      const forget = (): void => {
        expected.set(key, expected.get(key)?.filter(each => each !== settle) ?? [])
        settle()
      }
      return { arrived, forget }
    },
    received: message => expected.get(keyOf(message))?.shift()?.(),
    settled: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** Lifecycle messages have no request id. */
const keyOf = (message: HostMessage): string =>
  'requestId' in message ? `request ${message.requestId}` : message._tag
