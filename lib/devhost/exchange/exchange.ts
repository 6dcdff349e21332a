import { connect, type Socket } from 'node:net'
import { MAX_FRAME_BYTES } from '../../protocol.js'

/** What went over one connection to a plugin. */
export interface Exchanged {
  /** What came, with the four bytes of its length; `null` for nothing. */
  readonly received: Buffer | null
  /** Why no whole frame came, where one was waited for. */
  readonly problem: string | null
  /** From the connection to the end of it, in milliseconds. */
  readonly took: number
}

const HEADER_BYTES = 4

/**
 * Writes a frame on a new connection and waits for one frame back, so many milliseconds at most, as
 * the host does for every request. Without `patience` nothing is waited for: the connection is
 * closed behind the frame, as after a lifecycle message. Of some languages the name of a socket is
 * there a moment before anybody accepts connections: that moment is waited for. Never rejects. An
 * abort of `signal` ends the connection: nobody wants the answer any more.
 */
export const exchange = (
  path: string,
  frame: Buffer,
  patience: number | undefined,
  signal?: AbortSignal,
): Promise<Exchanged> =>
  new Promise(resolve => {
    const begun = performance.now()
    let socket: Socket | undefined
    const chunks: Buffer[] = []
    let length = 0
    let isOver = false
    const settle = (problem: string | null): void => {
      if (isOver) return
      isOver = true
      clearTimeout(timer)
      signal?.removeEventListener('abort', leave)
      socket?.destroy()
      resolve({
        received: length === 0 ? null : Buffer.concat(chunks, length),
        problem,
        took: performance.now() - begun,
      })
    }
    const leave = (): void => settle('the client left before the answer came')
    const timer = setTimeout(
      () => settle(`no answer within ${(patience ?? WRITE_PATIENCE) / 1_000} s`),
      patience ?? WRITE_PATIENCE,
    )
    if (signal?.aborted === true) return leave()
    signal?.addEventListener('abort', leave)
    const announced = announcement()
    const dial = (): void => {
      if (isOver) return
      const dialled = connect({ path })
      socket = dialled
      dialled.on('error', (cause: NodeJS.ErrnoException) => {
        if (cause.code !== 'ECONNREFUSED' || performance.now() - begun > ACCEPT_PATIENCE)
          settle(`the plugin cannot be reached: ${cause.message}`)
        else setTimeout(dial, DIAL_AGAIN)
      })
      dialled.once('connect', () => talk(dialled))
    }
    const talk = (dialled: Socket): void => {
      dialled.on('close', () => settle('the plugin closed the connection without an answer'))
      if (patience === undefined) {
        dialled.end(frame, () => settle(null))
        return
      }
      dialled.write(frame)
      dialled.on('data', (chunk: Buffer) => {
        chunks.push(chunk)
        length += chunk.length
        const expected = announced(chunk)
        if (expected === undefined) return
        if (expected > MAX_FRAME_BYTES)
          settle(`the answer announces ${expected} bytes: at most ${MAX_FRAME_BYTES} are allowed`)
        else if (length >= HEADER_BYTES + expected) settle(null)
      })
      dialled.on('end', () =>
        settle(
          length === 0
            ? 'the plugin closed the connection without an answer'
            : `the answer was cut after ${length} bytes`,
        ),
      )
    }
    dial()
  })

/**
 * How long a plugin may take from the name of its socket to accepting connections, and how often
 * that is tried, in milliseconds.
 */
const ACCEPT_PATIENCE = 500
const DIAL_AGAIN = 5

/** A plugin that does not even take a lifecycle message is not waited for. */
const WRITE_PATIENCE = 2_000

/**
 * Reads the length at the beginning of what comes in any pieces; `undefined` before all of it is
 * there.
 */
const announcement = (): ((chunk: Buffer) => number | undefined) => {
  let head = Buffer.alloc(0)
  return chunk => {
    if (head.length < HEADER_BYTES)
      head = Buffer.concat([head, chunk.subarray(0, HEADER_BYTES - head.length)])
    return head.length < HEADER_BYTES ? undefined : head.readUInt32BE()
  }
}

/** The text of a frame, without its length and without what came after it. */
export const payloadOf = (frame: Buffer): Buffer =>
  frame.subarray(HEADER_BYTES, HEADER_BYTES + frame.readUInt32BE())
