import test from 'ava'
import { splitterOf } from '../../bench/driver/splitter.js'
import { decode, encode, idOf, type Protocol } from '../../bench/protocols.js'
import { EXCHANGES } from '../../bench/work.js'

const bytesOf = (protocol: Protocol): Buffer =>
  Buffer.concat(EXCHANGES.kv.map(({ request }, i) => encode[protocol](request, idOf(i))))

for (const protocol of ['tagged', 'http', 'jsonrpc'] as const) {
  test(`messages in ${protocol} are counted, wherever the pieces are cut`, t => {
    const bytes = bytesOf(protocol)
    const whole = splitterOf(protocol).count(bytes, bytes.length)
    const single = splitterOf(protocol)
    const each = [...bytes].reduce((sum, byte) => sum + single.count(Buffer.of(byte), 1), 0)
    t.deepEqual([whole, each], [EXCHANGES.kv.length, EXCHANGES.kv.length])
  })
}

test('an answer to another request is no answer', t => {
  const answer = Buffer.from(
    `....${JSON.stringify({ type: 'kv', request_id: 'x', payload: { request_id: 'x', value: null } })}`,
  )
  t.throws(() => decode.tagged(answer, idOf(0)), {
    message: 'an answer does not carry the id of its request',
  })
})
