import test from 'ava'
import { makeTraffic, type Recorded } from '../../../lib/devhost/exchange/traffic.js'

const recorded = (sent: Buffer, received: Buffer | null = null): Recorded => ({
  plugin: 'notes',
  at: 5,
  kind: 'http',
  dialect: 'tagged',
  title: 'GET /',
  method: 'GET',
  path: '/',
  status: 200,
  error: null,
  took: 1,
  sent,
  received,
})

const frame = (text: string): Buffer => {
  const bytes = Buffer.from(text)
  const header = Buffer.alloc(4)
  header.writeUInt32BE(bytes.length)
  return Buffer.concat([header, bytes])
}

test('an exchange is numbered, with the bytes of its frames, and the frames can be read', t => {
  const traffic = makeTraffic()
  const exchange = traffic.add(recorded(frame('{"a":"ü"}'), frame('{}')))
  t.like(exchange, { n: 1, sent: 14, received: 6 })
  t.deepEqual(traffic.list(), [exchange])
  t.deepEqual(traffic.raw(1), {
    n: 1,
    sent: { length: 10, header: '0000000a', text: '{"a":"ü"}', cut: false },
    received: { length: 2, header: '00000002', text: '{}', cut: false },
  })
  t.is(traffic.add(recorded(frame(''))).n, 2)
  t.deepEqual(traffic.raw(2)?.received, null)
})

test('a long frame is cut, and the oldest exchanges are forgotten by number and by bytes', t => {
  const traffic = makeTraffic()
  traffic.add(recorded(frame('x'.repeat(300 * 1_024))))
  t.like(traffic.raw(1)?.sent, { length: 300 * 1_024, cut: true })
  t.is(traffic.raw(1)?.sent.text.length, 256 * 1_024)
  for (let n = 0; n < 1_000; n++) traffic.add(recorded(frame('small')))
  t.is(traffic.raw(1), undefined)
  t.is(traffic.list().length, 1_000)
  for (let n = 0; n < 200; n++) traffic.add(recorded(frame('x'.repeat(300 * 1_024))))
  t.true(traffic.list().length < 200)
})
