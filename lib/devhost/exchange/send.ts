import { E, O, pipe } from '../../fp.js'
import { type ExchangeFailure, exchange } from '../../plugin-process/exchange.js'
import { type DialectName, dialects, framings, type HostMessage } from '../../protocol.js'
import type { Recorded } from './traffic.js'

/** Where messages go, and their dialect. */
export interface Destination {
  readonly plugin: string
  readonly path: string
  readonly dialect: DialectName
  /** Records what went over the connection. */
  readonly record: (recorded: Recorded) => void
}

type Rest = Pick<Recorded, 'kind' | 'title' | 'method' | 'path' | 'status' | 'error'>

/** The result of sending a message. */
export interface Sent {
  /** The payload of the answer; empty if none was expected. */
  readonly payload: E.Either<string, Buffer>
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
      payload: E.left(frame.left.message),
      record: rest => to.record({ ...nothing, ...rest }),
    }
  }
  const { answer, received, total } = await exchange({
    path: to.path,
    message: frame.right,
    framing: framings.frames,
    timeout: timeout ?? WRITE_TIMEOUT,
    refusedTimeout: REFUSED_TIMEOUT,
    ...(timeout === undefined ? { closeTimeout: 0 } : {}),
    ...(signal === undefined ? {} : { signal }),
  })
  return {
    payload: pipe(
      answer,
      E.bimap(
        failureText(timeout ?? WRITE_TIMEOUT),
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
