import { connect, type Socket } from 'node:net'
import * as E from 'fp-ts/lib/Either.js'
import { describeBytes, type Taken, takeFrame } from './frame.js'
import { nothing, type Reply, replyIn } from './reply.js'

/** A connection to a plugin that reads bytes, and the frames in them. */
export interface RawConnection {
  /** How often it was refused because the plugin's backlog was full. */
  readonly refusals: number
  /** Writes bytes. Resolves when the system has taken them, or the connection is over. */
  readonly write: (bytes: Uint8Array) => Promise<void>
  /** The next message, or what came instead, within so many milliseconds. */
  readonly next: (ms?: number) => Promise<Reply>
  /**
   * The bytes that are not part of a message that `next` has yielded: once they are `enough`, or
   * after so many milliseconds, or at the end of the connection.
   */
  readonly bytes: (ms: number, enough?: (bytes: Buffer) => boolean) => Promise<Buffer>
  /** Stops reading. */
  readonly pause: () => void
  readonly close: () => void
}

const RETRY_AFTER = 5
const MORE: Taken = { _tag: 'More' }

/** Connects to a plugin's socket, again and again while its backlog is full. */
export const dial = async (
  path: string,
  timeout: number,
): Promise<E.Either<Reply & { readonly _tag: 'Nothing' }, RawConnection>> => {
  const deadline = performance.now() + timeout
  for (let refusals = 0; ; refusals++) {
    const socket = await connected(path, deadline - performance.now())
    if (E.isRight(socket)) return E.right(connectionOver(socket.right, timeout, refusals))
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

const connectionOver = (socket: Socket, timeout: number, refusals: number): RawConnection => {
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

  /** Waits until something comes, or until a time. */
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
    return nothing(bytes.length === 0 ? how : `${describeBytes(bytes)}; then ${how}`)
  }
  return {
    refusals,
    write: bytes => new Promise(resolve => void socket.write(bytes, () => resolve())),
    next: async (ms = timeout) => {
      const deadline = performance.now() + ms
      // A long frame is joined once, when all of it is there.
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
