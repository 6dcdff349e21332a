import { linkSync, renameSync } from 'node:fs'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { type ExchangeOptions, exchange } from '../../lib/plugin-process/exchange.js'
import { framings } from '../../lib/protocol.js'
import { folder } from '../support/plugin-process.js'

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

const sent = (path: string, options: Partial<ExchangeOptions> = {}) =>
  exchange({ path, message: frame, framing: framings.frames, timeout: 20_000, ...options })

const failureOf = async (...args: Parameters<typeof sent>): Promise<unknown> => {
  const { answer } = await sent(...args)
  return E.isLeft(answer) ? answer.left : undefined
}

test('a message goes there, and the first whole frame comes back, in whatever pieces', async t => {
  const answer = Buffer.concat([frame, Buffer.from('more')])
  const path = await behind(t, socket => {
    socket.once('data', came => {
      t.deepEqual(came, frame)
      for (const byte of answer) socket.write(Buffer.from([byte]))
    })
  })
  const exchanged = await sent(path)
  t.deepEqual(exchanged.answer, E.right(O.some(Buffer.from('{}'))))
  t.deepEqual(exchanged.received.subarray(0, frame.length), frame)
  const { connected, firstByte, total } = exchanged
  t.true(0 < connected && connected <= firstByte && firstByte <= total)
})

test('with lines an answer is one line', async t => {
  const path = await behind(t, socket => void socket.once('data', () => socket.write('{} \n{}\n')))
  const { answer } = await sent(path, { framing: framings.lines })
  t.deepEqual(E.map(O.map(String))(answer), E.right(O.some('{} ')))
})

test('a refused connection is tried again for as long as it is told to', async t => {
  const live = await behind(t, socket => void socket.once('data', () => socket.write(frame)))
  const name = join(folder(), 'early.sock')
  const dead = createServer()
  await new Promise<void>(resolve => dead.listen(`${name}.dead`, resolve))
  linkSync(`${name}.dead`, name)
  await new Promise(resolve => dead.close(resolve))
  t.like(await failureOf(name), { _tag: 'Unreachable', cause: { code: 'ECONNREFUSED' } })
  const exchanged = sent(name, { refusedTimeout: 10_000 })
  setImmediate(() => renameSync(live, name))
  t.deepEqual((await exchanged).answer, E.right(O.some(Buffer.from('{}'))))
})

test('who does not answer is waited for only so long', async t => {
  const { answer, received, connected } = await sent(await behind(t, () => undefined), {
    timeout: 500,
  })
  t.deepEqual([answer, received.length], [E.left({ _tag: 'NoAnswer' }), 0])
  t.true(connected > 0)
})

test('who closes, cuts, or announces too much has not answered, and nobody may be there at all', async t => {
  const failure = async (act: (socket: Socket) => void): Promise<unknown> =>
    failureOf(await behind(t, act))
  t.deepEqual(await failure(socket => socket.end()), { _tag: 'Closed' })
  t.like(await failure(socket => socket.end(frame.subarray(0, 5))), {
    _tag: 'Malformed',
    error: { _tag: 'FrameCut' },
  })
  t.like(await failure(socket => void socket.write(Buffer.from([1, 0, 0, 1]))), {
    _tag: 'Malformed',
    error: { _tag: 'FrameTooLong' },
  })
  t.like(await failureOf(join(folder(), 'nobody.sock')), {
    _tag: 'Unreachable',
    cause: { code: 'ENOENT' },
  })
  const long = `/${'x'.repeat(200)}`
  t.like(await failureOf(long), { _tag: 'PathTooLong', bytes: 201 })
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

test('an abort ends the connection', async t => {
  const left = new AbortController()
  const { path, heard } = await listener(t, () => left.abort())
  t.deepEqual(await failureOf(path, { signal: left.signal }), { _tag: 'Aborted' })
  t.deepEqual(await heard, frame)
  t.deepEqual(await failureOf(path, { signal: left.signal }), { _tag: 'Aborted' })
})

test('after a message without an answer the connection is closed, once the plugin has closed its end or soon', async t => {
  const { path, heard } = await listener(t, () => undefined)
  t.deepEqual((await sent(path, { closeTimeout: 20_000 })).answer, E.right(O.none))
  t.deepEqual(await heard, frame)
  const open = await behind(t, () => undefined)
  t.deepEqual((await sent(open, { closeTimeout: 10 })).answer, E.right(O.none))
})
