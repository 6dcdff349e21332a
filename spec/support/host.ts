import { connect, type Socket } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'
import { frame, frameReader, line, lineReader } from './bytes.js'

/** One connection of a host that knows nothing but bytes. */
export interface Host {
  readonly socket: Socket
  /** Writes messages in one write, each in a frame (or a line). */
  send(...messages: ReadonlyArray<unknown>): void
  /** Writes bytes as they are. */
  raw(bytes: Buffer | string): void
  /** The next message that came; rejects if the connection ends before. */
  answer(): Promise<unknown>
  /** The next so many messages, in the order in which they came. */
  answers(count: number): Promise<ReadonlyArray<unknown>>
  /** Closes the writing half. */
  end(): void
  /** Closes both halves at once. */
  destroy(): void
  /**
   * Everything that was not asked for when the other end has closed; an error of the connection is
   * its end.
   */
  rest(): Promise<ReadonlyArray<unknown>>
}

/**
 * A connected socket. Where as many wait as the system lets wait (EAGAIN), it is tried again: then
 * nobody was refused by the plugin.
 */
const connected = async (path: string): Promise<Socket> => {
  for (;;) {
    const socket = connect({ path, allowHalfOpen: true })
    const error = await new Promise<NodeJS.ErrnoException | undefined>(resolve => {
      socket.once('connect', () => resolve(undefined)).once('error', resolve)
    })
    if (error === undefined) return socket
    if (error.code !== 'EAGAIN') throw error
    await pause(5)
  }
}

/** Connects to a plugin's socket. */
export const connectHost = async (
  path: string,
  framing: 'frames' | 'lines' = 'frames',
): Promise<Host> => {
  const socket = await connected(path)
  const read = framing === 'frames' ? frameReader() : lineReader()
  const came: unknown[] = []
  let over = false
  let wake = (): void => undefined
  const change = (): Promise<void> =>
    new Promise(resolve => {
      wake = resolve
    })
  const finish = (): void => {
    over = true
    wake()
  }
  socket.on('data', (chunk: Buffer) => {
    came.push(...read(chunk))
    wake()
  })
  socket.on('end', () => {
    socket.end()
    finish()
  })
  socket.on('error', finish)
  socket.on('close', finish)

  const answer = async (): Promise<unknown> => {
    while (came.length === 0) {
      if (over) throw new Error('the plugin closed the connection without an answer')
      await change()
    }
    return came.shift()
  }
  return {
    socket,
    send: (...messages) =>
      void socket.write(Buffer.concat(messages.map(framing === 'frames' ? frame : line))),
    raw: bytes => void socket.write(bytes),
    answer,
    answers: async count => {
      const all: unknown[] = []
      while (all.length < count) all.push(await answer())
      return all
    },
    end: () => void socket.end(),
    destroy: () => void socket.destroy(),
    rest: async () => {
      while (!over) await change()
      return came.splice(0)
    },
  }
}

/** One message on a connection of its own and its answer, as today's host does it. */
export const ask = async (path: string, message: unknown): Promise<unknown> => {
  const host = await connectHost(path)
  host.send(message)
  const answer = await host.answer()
  host.destroy()
  return answer
}

/**
 * One message to which there is no answer: connect, write, close at once, as today's host does with
 * `init`.
 */
export const tell = async (path: string, message: unknown): Promise<void> => {
  const host = await connectHost(path)
  const closed = new Promise(resolve => host.socket.once('close', resolve))
  host.socket.end(frame(message), () => host.destroy())
  await closed
}
