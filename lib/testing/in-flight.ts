import type { HostMessage } from '../domain/message.js'

/**
 * Keeps track of messages that the test has sent and the plugin has not received: a socket takes a
 * while.
 */
export interface Arrivals {
  /** Says that a message is sent. */
  readonly expect: (message: HostMessage) => Expected
  /** Says that the plugin has received a message. */
  readonly came: (message: HostMessage) => void
  /** Waits until no message is on its way. */
  readonly quiet: () => Promise<void>
}

/** A message on its way. */
export interface Expected {
  readonly arrived: Promise<void>
  /** Ends the wait for it. */
  readonly forget: () => void
}

/** Makes {@link Arrivals} without a message. */
export const makeArrivals = (): Arrivals => {
  const expected = new Map<string, Array<() => void>>()
  const underWay = new Set<Promise<void>>()
  return {
    expect: message => {
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
    came: message => expected.get(keyOf(message))?.shift()?.(),
    quiet: async () => {
      while (underWay.size > 0) await Promise.all(underWay)
    },
  }
}

/** Lifecycle messages have no request id. */
const keyOf = (message: HostMessage): string =>
  'requestId' in message ? `request ${message.requestId}` : message._tag
