import type { Exchange, RawExchange, RawFrame } from '../console-api.js'

/** How many exchanges are kept, and how many bytes of their frames. */
const MAX_EXCHANGES = 1_000
const MAX_BYTES = 32 * 1_048_576

/** How many bytes of each frame are kept. */
const MAX_FRAME_BYTES_KEPT = 256 * 1_024

const HEADER_BYTES = 4

/** What went over one connection. The frames include the four bytes of their length. */
export interface Recorded extends Omit<Exchange, 'n' | 'sent' | 'received'> {
  readonly sent: Buffer
  readonly received: Buffer | null
}

/** The latest exchanges with plugins. */
export interface Traffic {
  /** Adds an exchange, and numbers it. */
  readonly add: (recorded: Recorded) => Exchange
  /** Newest last. */
  readonly list: () => ReadonlyArray<Exchange>
  /** The frames of an exchange; `undefined` if they are no longer kept. */
  readonly raw: (n: number) => RawExchange | undefined
}

interface Kept {
  readonly exchange: Exchange
  readonly sent: RawBytes
  readonly received: RawBytes | null
}

interface RawBytes {
  /** The beginning of the frame. */
  readonly bytes: Buffer
  readonly length: number
}

/** Keeps exchanges up to a number and a size. */
export const makeTraffic = (): Traffic => {
  const kept: Kept[] = []
  let held = 0
  let count = 0
  return {
    add: ({ sent, received, ...rest }) => {
      const exchange: Exchange = {
        n: ++count,
        ...rest,
        sent: sent.length,
        received: received?.length ?? 0,
      }
      const entry = {
        exchange,
        sent: firstOf(sent),
        received: received === null ? null : firstOf(received),
      }
      kept.push(entry)
      held += sizeOf(entry)
      while (kept.length > MAX_EXCHANGES || held > MAX_BYTES) {
        const oldest = kept.shift()
        if (oldest === undefined) break
        held -= sizeOf(oldest)
      }
      return exchange
    },
    list: () => kept.map(({ exchange }) => exchange),
    raw: n => {
      const found = kept.find(({ exchange }) => exchange.n === n)
      return (
        found && {
          n,
          sent: frameOf(found.sent),
          received: found.received === null ? null : frameOf(found.received),
        }
      )
    },
  }
}

/** A copy, since a view would keep the whole frame in memory. */
const firstOf = (frame: Buffer): RawBytes => ({
  bytes: Buffer.from(frame.subarray(0, HEADER_BYTES + MAX_FRAME_BYTES_KEPT)),
  length: frame.length,
})

const sizeOf = ({ sent, received }: Kept): number =>
  sent.bytes.length + (received?.bytes.length ?? 0) + 500

const frameOf = ({ bytes, length }: RawBytes): RawFrame => ({
  length: Math.max(0, length - HEADER_BYTES),
  header: bytes.subarray(0, HEADER_BYTES).toString('hex'),
  text: bytes.subarray(HEADER_BYTES).toString('utf8'),
  cut: length > bytes.length,
})
