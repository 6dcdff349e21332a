import type { HostMessage } from '../domain/message.js'

/**
 * Keeps track of messages between the test that sends them and the plugin that takes them: through
 * a socket that takes a while.
 */
export interface Arrivals {
  /** A message is sent. */
  readonly expect: (message: HostMessage) => Expected
  /** The plugin has taken a message. */
  readonly came: (message: HostMessage) => void
  /** Waits until nothing is on its way. */
  readonly quiet: () => Promise<void>
}

/** A message on its way. */
export interface Expected {
  readonly arrived: Promise<void>
  /** It will not come any more, or has come: nobody needs to wait for it. */
  readonly forget: () => void
}

/** Nothing is on its way yet. */
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

/** Lifecycle messages have no name of their own. */
const keyOf = (message: HostMessage): string =>
  'requestId' in message ? `request ${message.requestId}` : message._tag
