/// <reference types="node" preserve="true" />
import { connect, type Socket } from 'node:net'
import { maxSocketPath } from '../domain/host.js'
import { E, O } from '../fp.js'
import type { Framing, WireError } from '../protocol.js'

/** One message for a plugin on a connection of its own. Times are in milliseconds. */
export interface ExchangeOptions {
  /** The path of the plugin's socket. */
  readonly path: string
  /** The message, framed. */
  readonly message: Buffer
  /** How the answer is framed. */
  readonly framing: Framing
  /** For all of it. */
  readonly timeout: number
  /**
   * For a message that has no answer: how long the plugin may take to close its end. It closes once
   * it has read the message.
   */
  readonly closeTimeout?: number
  /**
   * How long a refused connection is tried again; 0 unless said. Of some languages the name of a
   * socket is there a moment before it accepts connections.
   */
  readonly refusedTimeout?: number
  /** Ends the exchange: nobody wants the answer any more. */
  readonly signal?: AbortSignal
}

/** Why an exchange failed. */
export type ExchangeFailure =
  | { readonly _tag: 'PathTooLong'; readonly bytes: number; readonly most: number }
  | { readonly _tag: 'Unreachable'; readonly cause: NodeJS.ErrnoException }
  | { readonly _tag: 'NotAccepted' }
  | { readonly _tag: 'NoAnswer' }
  | { readonly _tag: 'Closed' }
  | { readonly _tag: 'Malformed'; readonly error: WireError }
  | { readonly _tag: 'Aborted' }

/** What came of an exchange. Times are in milliseconds from its beginning. */
export interface Exchanged {
  /** The text of the answer; none for a message that has none. */
  readonly answer: E.Either<ExchangeFailure, O.Option<Buffer>>
  /** Everything that came, with its frames. */
  readonly received: Buffer
  /** When the connection was accepted; 0 where it was not. */
  readonly connected: number
  /** When the first byte came; the same as `total` where none did. */
  readonly firstByte: number
  readonly total: number
}

/**
 * Sends one message to a plugin on a connection of its own, as the host sends each, and waits for
 * one answer. With `closeTimeout` there is none to wait for, as after a lifecycle message. Never
 * rejects.
 */
export const exchange = ({
  path,
  message,
  framing,
  timeout,
  closeTimeout,
  refusedTimeout = 0,
  signal,
}: ExchangeOptions): Promise<Exchanged> =>
  new Promise(resolve => {
    const begun = performance.now()
    const since = (): number => performance.now() - begun
    const decoder = framing.decoder()
    const chunks: Buffer[] = []
    const times = { connected: 0, firstByte: 0 }
    let socket: Socket | undefined
    let closing: NodeJS.Timeout | undefined
    let isOver = false

    const settle = (answer: Exchanged['answer']): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      clearTimeout(closing)
      signal?.removeEventListener('abort', abort)
      socket?.destroy()
      const total = since()
      const received = Buffer.concat(chunks)
      const firstByte = received.length === 0 ? total : times.firstByte
      resolve({ answer, received, connected: times.connected, firstByte, total })
    }
    const fail = (failure: ExchangeFailure): void => settle(E.left(failure))
    const take = (taken: E.Either<WireError, O.Option<Buffer>>): void => {
      if (E.isLeft(taken)) fail({ _tag: 'Malformed', error: taken.left })
      else if (O.isSome(taken.right)) settle(taken)
    }
    const abort = (): void => fail({ _tag: 'Aborted' })
    const timer = setTimeout(
      () => fail({ _tag: times.connected === 0 ? 'NotAccepted' : 'NoAnswer' }),
      timeout,
    )

    const dial = (): void => {
      if (isOver) return
      const dialled = connect({ path })
      socket = dialled
      dialled.on('error', (cause: NodeJS.ErrnoException) => {
        if (cause.code === 'ECONNREFUSED' && since() < refusedTimeout) setTimeout(dial, DIAL_AGAIN)
        else fail({ _tag: 'Unreachable', cause })
      })
      dialled.once('connect', () => talk(dialled))
    }
    const talk = (dialled: Socket): void => {
      times.connected = since()
      dialled.on('data', (chunk: Buffer) => {
        if (chunks.length === 0) times.firstByte = since()
        chunks.push(chunk)
        decoder.append(chunk)
        take(decoder.take())
      })
      dialled.on('end', () => take(decoder.end()))
      dialled.on('close', () =>
        closeTimeout === undefined ? fail({ _tag: 'Closed' }) : settle(E.right(O.none)),
      )
      if (closeTimeout === undefined) dialled.write(message)
      else
        dialled.end(message, () => {
          closing = setTimeout(() => settle(E.right(O.none)), closeTimeout)
        })
    }

    const bytes = Buffer.byteLength(path)
    const most = maxSocketPath(process.platform)
    signal?.addEventListener('abort', abort)
    if (bytes > most) fail({ _tag: 'PathTooLong', bytes, most })
    else if (signal?.aborted === true) abort()
    else dial()
  })

/** How often a refused connection is tried again, in milliseconds. */
const DIAL_AGAIN = 5
