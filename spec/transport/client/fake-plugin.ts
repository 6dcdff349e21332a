import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Answer, HostMessage } from '../../../lib/domain/message.js'
import { decodeBytes, type Incoming } from '../../../lib/wire/dialects.js'
import { framingOf } from '../../../lib/wire/framing.js'

/** Sends an answer to the request that it belongs to. */
export type Respond = (answer: Answer) => void

/** What a fake plugin does with a message. */
export type OnMessage = (message: HostMessage, respond: Respond, socket: Socket) => void

/**
 * A process-free plugin on a real socket: it reads messages, in any dialect and framing, and leaves
 * the answering to the test. Yields its path.
 */
export const fakePlugin = async (t: ExecutionContext, onMessage: OnMessage): Promise<string> => {
  const folder = mkdtempSync(join(tmpdir(), 'toru-'))
  const path = join(folder, 'plugin.sock')
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {})
    serve(socket, onMessage)
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
    rmSync(folder, { recursive: true, force: true })
  })
  return path
}

const serve = (socket: Socket, onMessage: OnMessage): void => {
  socket.once('data', (first: Buffer) => {
    const framing = framingOf(first[0] ?? 0)
    const decoder = framing.decoder()
    const read = (chunk: Uint8Array): void => {
      decoder.append(chunk)
      for (
        let taken = decoder.take();
        E.isRight(taken) && O.isSome(taken.right);
        taken = decoder.take()
      ) {
        const incoming = decodeBytes(taken.right.value)
        if (E.isRight(incoming))
          onMessage(incoming.right.message, respondTo(incoming.right), socket)
      }
    }
    const respondTo =
      ({ dialect, message }: Incoming): Respond =>
      answer => {
        const requestId = 'requestId' in message ? message.requestId : null
        const bytes = framing.encode(
          dialect.encodeAnswer(requestId, answer, '2026-01-15T10:00:00Z'),
        )
        if (E.isRight(bytes)) socket.write(bytes.right)
      }
    socket.on('data', read)
    read(first)
  })
}
