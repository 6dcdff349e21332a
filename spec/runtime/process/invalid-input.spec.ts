import { randomBytes } from 'node:crypto'
import test from 'ava'
import { pythonTest } from '../../fixtures/python.js'
import { frame } from '../../support/bytes.js'
import { ask, connectHost } from '../../support/host.js'
import { http, httpAnswer, idIn, jsonResponse, STAMP, timeless } from '../../support/messages.js'
import { startPlugin } from '../../support/plugin-process.js'
import { pythonHost } from '../../support/python-host.js'
import { sharedPlugin } from '../../support/shared-plugin.js'

const framed = (text: string): Buffer => frame(Buffer.from(text))
const message = (fields: object): Buffer =>
  frame({ type: 'http', timestamp: STAMP, request_id: '1', ...fields })
const payload = (fields: object): Buffer =>
  message({ payload: { method: 'GET', path: '/', headers: {}, body: null, ...fields } })
const deep = (depth: number): string => '['.repeat(depth) + ']'.repeat(depth)

const GARBAGE: ReadonlyArray<
  readonly [what: string, bytes: Buffer, fault: string, reason: string]
> = [
  [
    'a length of FFFFFFFF',
    Buffer.from('ffffffff00', 'hex'),
    'FrameTooLong',
    'a frame of 4294967295 bytes: at most 16777216 bytes are allowed',
  ],
  [
    'a length of 16 MiB and 1',
    Buffer.from('01000001', 'hex'),
    'FrameTooLong',
    'a frame of 16777217 bytes: at most 16777216 bytes are allowed',
  ],
  [
    'random bytes',
    Buffer.concat([Buffer.from([0xfe]), randomBytes(5000)]),
    'FrameTooLong',
    'a frame of ',
  ],
  [
    'the text of HTTP',
    Buffer.from('GET / HTTP/1.1\r\nHost: x\r\n\r\n'),
    'FrameTooLong',
    'its first four bytes are the text "GET ", no length',
  ],
  ['a TLS hello', Buffer.from('160301020001000', 'latin1'), 'FrameTooLong', 'a frame of '],
  [
    'invalid UTF-8',
    frame(Buffer.from('{"type":"\xff\xfe"}', 'latin1')),
    'InvalidUtf8',
    'a message of 13 bytes is not UTF-8',
  ],
  [
    'a message of no bytes',
    frame(Buffer.alloc(0)),
    'InvalidJson',
    'a message is not JSON: it is empty',
  ],
  ['NUL bytes', Buffer.alloc(64), 'InvalidJson', 'a message is not JSON: it is empty'],
  ['a framed NUL', framed('\0'), 'InvalidJson', 'a message is not JSON: '],
  ['half of a JSON text', framed('{"type":"http",'), 'InvalidJson', 'a message is not JSON: '],
  [
    'a byte order mark',
    framed('\ufeff{}'),
    'InvalidJson',
    'it begins with a byte order mark (U+FEFF)',
  ],
  [
    'JSON that is no message',
    framed('{"hello":"world"}'),
    'InvalidMessage',
    'not a message of the protocol: type: expected "lifecycle", "http" or "kv", got nothing',
  ],
  ['a JSON array', framed('[1,2,3]'), 'InvalidMessage', 'not a message of the protocol: '],
  [
    'a bare JSON array',
    Buffer.from('[1,2,3]\n'),
    'FrameTooLong',
    'its first four bytes are the text "[1,2", no length',
  ],
  ['null', framed('null'), 'InvalidMessage', 'not a message of the protocol: '],
  ['a number', framed('1e999'), 'InvalidMessage', 'not a message of the protocol: '],
  ['deep nesting', framed(deep(500_000)), 'InvalidMessage', 'not a message of the protocol: '],
  [
    'a payload nested deep',
    framed(`{"type":"http","timestamp":"${STAMP}","payload":${deep(500_000)}}`),
    'InvalidMessage',
    'not a message of the protocol: payload',
  ],
  [
    'an unknown type',
    frame({ type: 'event', timestamp: STAMP, payload: {} }),
    'InvalidMessage',
    'type: expected "lifecycle", "http" or "kv", got "event"',
  ],
  ['a missing payload', message({}), 'InvalidMessage', 'payload'],
  ['a payload that is text', message({ payload: '{}' }), 'InvalidMessage', 'payload'],
  [
    'a wrong time stamp',
    frame({ type: 'http', timestamp: 'now', payload: { method: 'GET', path: '/', headers: {} } }),
    'InvalidMessage',
    'timestamp: expected an RFC 3339 timestamp, got "now"',
  ],
  [
    'a request_id that is a number',
    message({ request_id: 5, payload: { method: 'GET', path: '/', headers: {} } }),
    'InvalidMessage',
    'request_id: expected string or null, got 5',
  ],
  [
    'a method that is a number',
    payload({ method: 5 }),
    'InvalidMessage',
    'payload.method: expected string, got 5',
  ],
  ['headers that are a list', payload({ headers: ['a'] }), 'InvalidMessage', 'payload.headers'],
  [
    'a header that is a number',
    payload({ headers: { a: 1 } }),
    'InvalidMessage',
    'payload.headers.a: expected string, got 1',
  ],
  [
    'a body that is an object',
    payload({ body: {} }),
    'InvalidMessage',
    'payload.body: expected string or null, got {}',
  ],
  [
    'an unknown KV action',
    frame({ type: 'kv', timestamp: STAMP, payload: { action: 'drop', key: 'a' } }),
    'InvalidMessage',
    'payload.action',
  ],
  [
    'an init without its fields',
    frame({ type: 'lifecycle', timestamp: STAMP, payload: { action: 'init' } }),
    'InvalidMessage',
    'payload.instance_id: expected string, got nothing',
  ],
  [
    'an answer',
    frame(httpAnswer('tagged', '1', jsonResponse(1))),
    'InvalidMessage',
    'not a message of the protocol: ',
  ],
  ['a line that is not JSON', Buffer.from('{hello}\n'), 'InvalidJson', 'a message is not JSON: '],
  ['a line of a person', Buffer.from('\nhello\n'), 'InvalidJson', 'a message is not JSON: '],
]

const plugin = sharedPlugin('workshop')

for (const [what, bytes, fault, reason] of GARBAGE) {
  test(`${what}: its own connection is closed and the reason logged, a good one beside it is served before, during and after`, async t => {
    const { path } = plugin()
    const good = await connectHost(path)
    const served = async (id: string): Promise<void> => {
      good.send(http('tagged', id))
      t.is(idIn(await good.answer()), id)
    }
    await served('before')
    const bad = await connectHost(path)
    bad.raw(bytes)
    await served('during')
    t.deepEqual(await bad.rest(), [])
    await served('after')
    good.destroy()
    const entry = await plugin().entry(reason)
    t.deepEqual([entry.level, entry.fault], ['Warn', fault])
    t.true(String(entry.message).startsWith('a connection was closed: '))
  })
}

test('a connection that ends within a message is closed and logged', async t => {
  const own = await startPlugin(t, 'workshop')
  const whole = frame(http('tagged', '1'))
  for (const length of [1, 4, 100]) {
    const host = await connectHost(own.path)
    host.raw(whole.subarray(0, length))
    host.end()
    t.deepEqual(await host.rest(), [])
  }
  await own.entry('within the length of a message: 1 of 4 bytes came')
  await own.entry(`within a message: 0 of ${whole.length - 4} bytes came`)
  await own.entry(`within a message: 96 of ${whole.length - 4} bytes came`)
})

test('answers to requests before the garbage still come, the slow ones too, and nothing behind it is looked at', async t => {
  const { path } = plugin()
  const host = await connectHost(path)
  const slow = frame(http('tagged', 'slow', { path: '/gate/garbage' }))
  host.raw(
    Buffer.concat([
      slow,
      frame(http('tagged', 'quick')),
      framed('garbage'),
      frame(http('tagged', 'behind')),
    ]),
  )
  t.is(idIn(await host.answer()), 'quick')
  await ask(path, http('tagged', 'open', { method: 'POST', path: '/gate/garbage' }))
  t.deepEqual((await host.rest()).map(timeless), [
    httpAnswer('tagged', 'slow', jsonResponse({ passed: 'garbage' })),
  ])
})

pythonTest(
  'a client in Python that sends a valid request and megabytes of garbage in one go reads its answer',
  async t => {
    const program = `
s = dial()
try: s.sendall(frame(tagged('valid')) + b'\\xff' * 8000000)
except (BrokenPipeError, ConnectionResetError): pass
answer = receive(s)
try: rest = s.recv(1)
except ConnectionResetError: rest = b''
tell([answer, len(rest)])
`
    const got = await pythonHost(plugin().path, program)
    t.deepEqual(Array.isArray(got) && got.map(timeless), [
      httpAnswer('tagged', 'valid', jsonResponse({ status: 'ok' })),
      0,
    ])
  },
)

test('200 connections of random bytes change nothing for the others', async t => {
  const { path } = await startPlugin(t, 'workshop')
  const good = await connectHost(path)
  const hosts = await Promise.all(Array.from({ length: 200 }, () => connectHost(path)))
  for (const host of hosts) {
    host.raw(randomBytes(Math.floor(1 + Math.random() * 3000)))
    host.end()
  }
  for (const host of hosts) t.deepEqual(await host.rest(), [])
  good.send(http('tagged', 'still'))
  t.is(idIn(await good.answer()), 'still')
  good.destroy()
})

test('a flood of garbage is no flood of log entries: the first are told in full, the rest are counted', async t => {
  const plugin = await startPlugin(t, 'workshop')
  for (let i = 0; i < 200; i++) {
    const host = await connectHost(plugin.path)
    host.raw(framed('garbage'))
    t.deepEqual(await host.rest(), [])
  }
  const { InvalidJson } = await plugin.entry('more connections were closed for what came on them: ')
  const inFull = plugin
    .entries()
    .filter(({ message }) =>
      String(message).startsWith('a connection was closed: a message is not JSON'),
    )
  t.true(inFull.length >= 50 && inFull.length < 200)
  t.true(Number(InvalidJson) > 0)
  t.deepEqual(
    timeless(await ask(plugin.path, http('tagged', 'r'))),
    httpAnswer('tagged', 'r', jsonResponse({ status: 'ok' })),
  )
})
