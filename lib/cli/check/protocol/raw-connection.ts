import { connect, type Socket } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import { strangeBytes, type Taken, takeFrame } from './frame.js'
import { nothing, type Reply, replyIn } from './reply.js'

/** A connection to a plugin, of bytes and of frames that are taken apart here. */
export interface RawConnection {
  /** How often the plugin's queue of new connections was full before this one was taken. */
  readonly refusals: number
  /** Writes bytes; the promise is fulfilled when the system has them, or the connection is over. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** The next message, or what came in its place, within so many milliseconds. */
  readonly next: (ms?: number) => Promise<Reply>
  /**
   * The bytes that came and were not taken as frames, once they are enough, or so many milliseconds
   * are over, or the connection is.
   */
  readonly bytes: (ms: number, enough?: (bytes: Buffer) => boolean) => Promise<Buffer>
  /** Stops reading. */
  readonly pause: () => void
  readonly close: () => void
}

const RETRY_AFTER = 5
const MORE: Taken = { _tag: 'More' }

/**
 * Connects to a plugin's socket. A full queue of connections is waited for; anything else that is
 * in the way is said.
 */
export const dial = async (
  path: string,
  patience: number,
): Promise<E.Either<Reply & { readonly _tag: 'Nothing' }, RawConnection>> => {
  const deadline = performance.now() + patience
  for (let refusals = 0; ; refusals++) {
    const socket = await connected(path, deadline - performance.now())
    if (E.isRight(socket)) return E.right(connectionOver(socket.right, patience, refusals))
    if (socket.left !== 'EAGAIN' || performance.now() > deadline)
      return E.left(nothing(`no connection: ${socket.left}`))
    await pause(RETRY_AFTER)
  }
}

/** Waits. */
export const pause = (ms: number): Promise<void> => new Promise(resolve => setTimeout(resolve, ms))

const connected = (path: string, ms: number): Promise<E.Either<string, Socket>> =>
  new Promise(resolve => {
    const socket = connect(path)
    const timer = setTimeout(() => {
      socket.destroy()
      resolve(E.left(`none was accepted within ${Math.round(ms)} ms`))
    }, ms)
    const settle = (result: E.Either<string, Socket>): void => {
      clearTimeout(timer)
      resolve(result)
    }
    socket.once('connect', () => settle(E.right(socket)))
    socket.on('error', (error: NodeJS.ErrnoException) =>
      settle(E.left(error.code ?? error.message)),
    )
  })

const connectionOver = (socket: Socket, patience: number, refusals: number): RawConnection => {
  let came: Buffer[] = []
  let held = 0
  let ended: string | undefined
  let wake = (): void => undefined
  const end = (how: string): void => {
    ended ??= how
    wake()
  }
  socket.on('data', chunk => {
    came.push(Buffer.from(chunk))
    held += chunk.length
    wake()
  })
  socket.on('error', (error: NodeJS.ErrnoException) =>
    end(`the connection was lost (${error.code ?? error.message})`),
  )
  socket.on('end', () => end('the connection was closed'))
  socket.on('close', () => end('the connection was closed'))

  /** Until something comes, or a time is reached. */
  const change = (deadline: number): Promise<void> =>
    new Promise(resolve => {
      const timer = setTimeout(resolve, Math.max(0, deadline - performance.now()))
      wake = () => {
        clearTimeout(timer)
        resolve()
      }
    })
  const joined = (): Buffer => {
    const [only] = came
    const bytes = only !== undefined && came.length === 1 ? only : Buffer.concat(came)
    came = [bytes]
    return bytes
  }
  const missing = (how: string): Reply => {
    const bytes = joined()
    return nothing(bytes.length === 0 ? how : `${strangeBytes(bytes)}; then ${how}`)
  }
  return {
    refusals,
    write: bytes => new Promise(resolve => void socket.write(bytes, () => resolve())),
    next: async (ms = patience) => {
      const deadline = performance.now() + ms
      // A long frame is put together once, when the last of it is there.
      for (let wanted = 4; ; ) {
        const taken: Taken = held < wanted ? MORE : takeFrame(joined())
        if (taken._tag === 'More' && wanted === 4 && held >= 4) wanted = 4 + joined().readUInt32BE()
        if (taken._tag === 'Frame') {
          came = [taken.rest]
          held = taken.rest.length
          return replyIn(taken.body)
        }
        if (taken._tag === 'Wrong') return nothing(taken.got)
        if (ended !== undefined) return missing(`${ended} without an answer`)
        if (performance.now() >= deadline) return missing(`nothing within ${ms / 1000} s`)
        await change(deadline)
      }
    },
    bytes: async (ms, enough = () => false) => {
      const deadline = performance.now() + ms
      while (ended === undefined && performance.now() < deadline && !enough(joined()))
        await change(deadline)
      return joined()
    },
    pause: () => void socket.pause(),
    close: () => void socket.destroy(),
  }
}
