import { connect, createServer } from 'node:net'
import { PassThrough, Readable, Writable } from 'node:stream'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { ioError, protocolError, serializationError } from '../../../lib/domain/plugin-error.js'
import {
  messageReader,
  readMessage,
  writeMessage,
} from '../../../lib/transport/stream/stream-messages.js'
import type { Message } from '../../../lib/wire/codecs.js'
import { lines } from '../../../lib/wire/framing.js'
import { wireError } from '../../../lib/wire/wire-error.js'
import { frameOf } from '../../wire/decoding.js'

const message = (n: number): Message => ({
  type: 'kv',
  timestamp: '2026-01-15T10:00:00Z',
  request_id: `r${n}`,
  payload: { value: `é🔌 ${n}` },
})
const some = (n: number) => E.right(O.some(message(n)))
const END = E.right(O.none)

test('what was written is read, and several messages that come together are all read', async t => {
  const stream = new PassThrough()
  for (const n of [1, 2, 3])
    t.deepEqual(await writeMessage(stream, message(n))(), E.right(undefined))
  stream.end()
  t.deepEqual(
    [
      await readMessage(stream)(),
      await readMessage(stream)(),
      await readMessage(stream)(),
      await readMessage(stream)(),
    ],
    [some(1), some(2), some(3), END],
  )
  t.deepEqual(await readMessage(stream)(), END)
})

test('reads that overlap get one message each, in order', async t => {
  const stream = new PassThrough()
  const reads = Promise.all([1, 2, 3, 4].map(() => readMessage(stream)()))
  for (const n of [1, 2, 3]) await writeMessage(stream, message(n))()
  stream.end()
  t.deepEqual(await reads, [some(1), some(2), some(3), END])
})

test('a message in pieces, and lines', async t => {
  const bytes = frameOf(JSON.stringify(message(1)))
  const pieces = Readable.from(
    [...bytes].map(byte => Buffer.of(byte)),
    { objectMode: false },
  )
  t.deepEqual([await readMessage(pieces)(), await readMessage(pieces)()], [some(1), END])

  const typed = new PassThrough()
  const reader = messageReader(typed)
  t.deepEqual(reader.framing(), O.none)
  await writeMessage(typed, message(1), lines)()
  typed.end(JSON.stringify(message(2)))
  t.deepEqual(
    [await reader.next(), await reader.next(), await reader.next()],
    [some(1), some(2), END],
  )
  t.deepEqual(reader.framing(), O.some(lines))
})

test('behind a message that is none the next one is read', async t => {
  const stream = new PassThrough()
  stream.end(Buffer.concat([frameOf('{}'), frameOf(JSON.stringify(message(1)))]))
  const explanation =
    'not a message of the protocol: type: expected "lifecycle", "http" or "kv", got nothing; timestamp: expected an RFC 3339 timestamp, got nothing; ' +
    'payload: expected UnknownRecord, got nothing'
  t.deepEqual(
    await readMessage(stream)(),
    E.left(protocolError(explanation, wireError('InvalidMessage', explanation))),
  )
  t.deepEqual(await readMessage(stream)(), some(1))
})

test('where the end of a message cannot be known every further read fails', async t => {
  const tooLong = 'a frame of 4294967295 bytes: at most 16777216 bytes are allowed'
  const endless = new PassThrough()
  endless.write(Buffer.from([0xff, 0xff, 0xff, 0xff]))
  for (const _ of [1, 2])
    t.deepEqual(
      await readMessage(endless)(),
      E.left(protocolError(tooLong, wireError('FrameTooLong', tooLong))),
    )

  const cut = 'the connection ended within the length of a message: 2 of 4 bytes came'
  const short = Readable.from([Buffer.from([0, 0])], { objectMode: false })
  for (const _ of [1, 2])
    t.deepEqual(await readMessage(short)(), E.left(protocolError(cut, wireError('FrameCut', cut))))
})

test('a stream that fails is an Io error, also where it failed before it was read', async t => {
  const cause = new Error('gone')
  const failing = new PassThrough()
  const reading = readMessage(failing)()
  failing.destroy(cause)
  t.deepEqual(await reading, E.left(ioError('the stream failed: gone', cause)))
  t.deepEqual(await readMessage(failing)(), E.left(ioError('the stream failed: gone', cause)))

  const closed = new PassThrough()
  closed.destroy()
  t.deepEqual(await readMessage(closed)(), E.left(ioError('the stream was closed before its end')))
})

test('a stream that decodes text is refused, for a length is no text', async t => {
  const stream = new PassThrough({ encoding: 'utf8' })
  stream.end(frameOf('{}'))
  t.deepEqual(
    await readMessage(stream)(),
    E.left(
      ioError('the stream gives strings: bytes are needed, without setEncoding and object mode'),
    ),
  )
})

test('a socket can be answered after its sender has ended', async t => {
  const server = createServer({ allowHalfOpen: true }, async socket => {
    const reader = messageReader(socket)
    await reader.next()
    t.deepEqual(await reader.next(), END)
    t.deepEqual(await writeMessage(socket, message(2))(), E.right(undefined))
    socket.end()
  })
  t.teardown(() => server.close())
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  if (address === null || typeof address === 'string') return t.fail()
  const socket = connect({ port: address.port, host: '127.0.0.1', allowHalfOpen: true })
  await writeMessage(socket, message(1))()
  socket.end()
  t.deepEqual(await readMessage(socket)(), some(2))
})

test('what cannot be written is a left, and no uncaught exception', async t => {
  const cause = new Error('full')
  const failing = new Writable({ write: (_chunk, _encoding, done) => done(cause) })
  t.deepEqual(
    await writeMessage(failing, message(1))(),
    E.left(ioError('the message could not be written: full', cause)),
  )
  t.deepEqual(
    await writeMessage(failing, message(1))(),
    E.left(ioError('the stream is closed: nothing can be written to it')),
  )
})

test('a message without JSON text is a Serialization error', async t => {
  const cyclic: Record<string, unknown> = {}
  cyclic.self = cyclic
  const written = await writeMessage(new PassThrough(), { ...message(1), payload: cyclic })()
  t.true(E.isLeft(written) && written.left._tag === serializationError('')._tag)
})

test('a message over 16 MiB is not written', async t => {
  const stream = new PassThrough()
  const written = await writeMessage(stream, {
    ...message(1),
    payload: { value: 'x'.repeat(16_777_216) },
  })()
  t.true(
    E.isLeft(written) &&
      written.left._tag === 'Protocol' &&
      /at most 16777216 bytes/.test(written.left.message),
  )
  t.is(stream.readableLength, 0)
})

test('lone surrogates are replaced, which a host could not read', async t => {
  const stream = new PassThrough()
  await writeMessage(stream, { ...message(1), payload: { 'a\ud800': '\udc00' } })()
  t.deepEqual(
    await readMessage(stream)(),
    E.right(O.some({ ...message(1), payload: { 'a\ufffd': '\ufffd' } })),
  )
})
