import { linkSync, renameSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { exchange, payloadOf } from '../../../lib/devhost/exchange/exchange.js'
import { folder } from '../../support/plugin-process.js'

/** A socket behind which something is done with every connection. */
const behind = (t: ExecutionContext, act: (socket: Socket) => void): Promise<string> =>
  new Promise(resolve => {
    const path = join(folder(), 'plugin.sock')
    const server = createServer({ allowHalfOpen: true }, socket => {
      socket.on('error', () => undefined)
      act(socket)
    }).listen(path, () => resolve(path))
    t.teardown(() => void server.close())
  })

const frame = Buffer.from([0, 0, 0, 2, 0x7b, 0x7d])

test('a frame goes there, and the first whole frame comes back, in whatever pieces, and nothing behind it', async t => {
  const path = await behind(t, socket => {
    socket.once('data', came => {
      t.deepEqual(came, frame)
      for (const byte of Buffer.concat([frame, Buffer.from('more')]))
        socket.write(Buffer.from([byte]))
    })
  })
  const { received, problem } = await exchange(path, frame, 20_000)
  t.is(problem, null)
  t.is(payloadOf(received ?? Buffer.alloc(4)).toString(), '{}')
})

test('a name behind which nobody accepts connections yet is tried again, for a moment', async t => {
  const live = await behind(t, socket => void socket.once('data', () => socket.write(frame)))
  const name = join(folder(), 'early.sock')
  const dead = createServer()
  await new Promise<void>(resolve => dead.listen(`${name}.dead`, resolve))
  linkSync(`${name}.dead`, name)
  await new Promise(resolve => dead.close(resolve))
  t.regex(
    (await exchange(name, frame, 20_000)).problem ?? '',
    /cannot be reached: connect ECONNREFUSED/,
  )
  const exchanged = exchange(name, frame, 20_000)
  setImmediate(() => renameSync(live, name))
  t.like(await exchanged, { received: frame, problem: null })
})

test('who does not answer is waited for only so long', async t => {
  const path = await behind(t, () => undefined)
  t.like(await exchange(path, frame, 50), { received: null, problem: 'no answer within 0.05 s' })
})

test('who closes, cuts, or announces too much has not answered, and nobody may be there at all', async t => {
  const problemOf = async (act: (socket: Socket) => void): Promise<string | null> =>
    (await exchange(await behind(t, act), frame, 20_000)).problem
  t.regex(
    (await problemOf(socket => socket.end())) ?? '',
    /closed the connection without an answer/,
  )
  t.regex((await problemOf(socket => socket.end(frame.subarray(0, 5)))) ?? '', /cut after 5 bytes/)
  t.regex(
    (await problemOf(socket => void socket.write(Buffer.from([1, 0, 0, 1])))) ?? '',
    /announces 16777217 bytes/,
  )
  t.regex(
    (await exchange(join(folder(), 'nobody.sock'), frame, 20_000)).problem ?? '',
    /cannot be reached/,
  )
})

/** A socket that tells what came on its first connection, once the other end has left. */
const listener = async (
  t: ExecutionContext,
  onData: () => void,
): Promise<{ readonly path: string; readonly heard: Promise<Buffer> }> => {
  let hear = (_: Buffer): void => undefined
  const heard = new Promise<Buffer>(resolve => {
    hear = resolve
  })
  const path = await behind(t, socket => {
    const chunks: Buffer[] = []
    socket.on('data', (chunk: Buffer) => {
      chunks.push(chunk)
      onData()
    })
    socket.once('end', () => {
      socket.end()
      hear(Buffer.concat(chunks))
    })
  })
  return { path, heard }
}

test('a client that leaves ends the connection', async t => {
  const left = new AbortController()
  const { path, heard } = await listener(t, () => left.abort())
  t.like(await exchange(path, frame, 20_000, left.signal), {
    received: null,
    problem: 'the client left before the answer came',
  })
  t.deepEqual(await heard, frame)
  t.regex((await exchange(path, frame, 20_000, left.signal)).problem ?? '', /client left/)
})

test('without an answer the connection is closed behind the frame', async t => {
  const { path, heard } = await listener(t, () => undefined)
  t.like(await exchange(path, frame, undefined), { received: null, problem: null })
  t.deepEqual(await heard, frame)
})
