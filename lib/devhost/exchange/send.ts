import { E, flow, O, pipe } from '../../fp.js'
import type { Exchanged, ExchangeFailure } from '../../plugin-process/exchange.js'
import { type DialectName, dialects, framings, type HostMessage } from '../../protocol.js'
import type { Unavailable } from '../plugin/availability.js'
import type { Message } from '../plugin/managed-plugin.js'
import type { Recorded } from './traffic.js'

/** Where messages go, and their dialect. */
export interface Destination {
  readonly plugin: string
  /** Left if the plugin gets no messages now. */
  readonly exchange: (message: Message) => Promise<E.Either<Unavailable, Exchanged>>
  readonly dialect: DialectName
  /** Records what went over the connection. */
  readonly record: (recorded: Recorded) => void
}

type Rest = Pick<Recorded, 'kind' | 'title' | 'method' | 'path' | 'status' | 'error'>

/** Why there is no usable answer. */
export type SendFailure = Unavailable | { readonly _tag: 'Failed'; readonly reason: string }

/** Something went wrong after a message was sent. */
export const failed = (reason: string): SendFailure => ({ _tag: 'Failed', reason })

/** The result of sending a message. */
export interface Sent {
  /** The payload of the answer; empty if none was expected. */
  readonly payload: E.Either<SendFailure, Buffer>
  /** Does nothing if nothing was sent. */
  readonly record: (rest: Rest) => void
}

/** Sends a message over a connection of its own. Without `timeout` no answer is expected. */
export const send = async (
  to: Destination,
  message: HostMessage,
  timeout: number | undefined,
  signal?: AbortSignal,
): Promise<Sent> => {
  const at = Date.now()
  const frame = framings.frames.encode(
    dialects[to.dialect].encodeMessage(message, new Date(at).toISOString()),
  )
  if (E.isLeft(frame)) {
    const nothing = {
      plugin: to.plugin,
      at,
      dialect: to.dialect,
      sent: Buffer.alloc(0),
      received: null,
      took: null,
    }
    return {
      payload: E.left(failed(frame.left.message)),
      record: rest => to.record({ ...nothing, ...rest }),
    }
  }
  const exchanged = await to.exchange({
    message: frame.right,
    framing: framings.frames,
    timeout: timeout ?? WRITE_TIMEOUT,
    refusedTimeout: REFUSED_TIMEOUT,
    ...(timeout === undefined ? { closeTimeout: 0 } : {}),
    ...(signal === undefined ? {} : { signal }),
  })
  if (E.isLeft(exchanged)) return { payload: exchanged, record: () => undefined }
  const { answer, received, total } = exchanged.right
  return {
    payload: pipe(
      answer,
      E.bimap(
        flow(failureText(timeout ?? WRITE_TIMEOUT), failed),
        O.getOrElseW(() => Buffer.alloc(0)),
      ),
    ),
    record: rest =>
      to.record({
        plugin: to.plugin,
        at,
        dialect: to.dialect,
        sent: frame.right,
        received: received.length === 0 ? null : received,
        took: timeout === undefined ? null : total,
        ...rest,
      }),
  }
}

/** Some plugins create their socket a moment before they accept connections, in milliseconds. */
const REFUSED_TIMEOUT = 500

/** How long a plugin may take to accept a lifecycle message, in milliseconds. */
const WRITE_TIMEOUT = 2_000

const failureText =
  (timeout: number) =>
  (failure: ExchangeFailure): string => {
    switch (failure._tag) {
      case 'PathTooLong':
        return `the path of its socket has ${failure.bytes} bytes: at most ${failure.most} are allowed`
      case 'Unreachable':
        return `the plugin cannot be reached: ${failure.cause.message}`
      case 'NotAccepted':
      case 'NoAnswer':
        return `no answer within ${timeout / 1_000} s`
      case 'Closed':
        return 'the plugin closed the connection without an answer'
      case 'Malformed':
        return `what came is no answer: ${failure.error.message}`
      case 'Aborted':
        return 'the client left before the answer came'
    }
  }
