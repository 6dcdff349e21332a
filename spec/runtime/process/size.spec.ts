import test from 'ava'
import { pythonTest } from '../../fixtures/python.js'
import { frame } from '../../support/bytes.js'
import { ask, connectHost } from '../../support/host.js'
import { DIALECTS, http, idIn, isObject, jsonResponse, responseIn } from '../../support/messages.js'
import { pythonHost } from '../../support/python-host.js'
import { sharedPlugin } from '../../support/shared-plugin.js'

const MIB = 1_048_576
const plugin = sharedPlugin('workshop')

for (const dialect of DIALECTS) {
  test.serial(`${dialect}: a body of 15 MiB arrives`, async t => {
    const body = 'ab\n"'.repeat(2_500_000)
    t.true(body.length * 1.5 > 14 * MIB)
    const answer = await ask(
      plugin().path,
      http(dialect, 'large', { method: 'POST', path: '/length', body }),
    )
    t.deepEqual(responseIn(answer), jsonResponse({ length: body.length }))
  })
}

test.serial('a frame of exactly 16 MiB is taken', async t => {
  const empty =
    frame(http('tagged', 'full', { method: 'POST', path: '/length', body: '' })).length - 4
  const room = 16 * MIB - empty
  const full = frame(
    http('tagged', 'full', { method: 'POST', path: '/length', body: 'x'.repeat(room) }),
  )
  t.is(full.readUInt32BE(), 16 * MIB)
  t.deepEqual(
    responseIn(await ask(plugin().path, full.subarray(4))),
    jsonResponse({ length: room }),
  )
})

pythonTest('an echo of megabytes comes back byte for byte', async t => {
  const program = `
text = ('grüße 🔌 \\n\\\\' * 300000)
s = dial()
s.sendall(frame(documented('e', 'POST', '/echo', {}, text)))
tell([receive(s)['payload']['body'] == text, len(text.encode())])
`
  t.deepEqual(await pythonHost(plugin().path, program), [true, 4_500_000])
})

const tooLarge = (bytes: number) =>
  jsonResponse(
    {
      error: 'Serialization',
      message: `a message of ${bytes} bytes: at most 16777216 bytes are allowed`,
    },
    500,
  )

const responseBytes = (response: unknown): number => {
  const body = isObject(response) && typeof response.body === 'string' ? response.body : ''
  return Number(/of (\d+) bytes/.exec(body)?.[1])
}

for (const [dialect, unit, count] of [
  ['tagged', '"', 4.2 * MIB],
  ['tagged', 'x', 16.1 * MIB],
  ['documented', '"', 8.2 * MIB],
  ['nested', 'ü', 8.2 * MIB],
] as const) {
  test.serial(
    `${dialect}: an answer of ${count / MIB} times ${unit} MiB is over the limit and becomes a small 500 that says so`,
    async t => {
      const host = await connectHost(plugin().path)
      const path = `/many?unit=${encodeURIComponent(unit)}&count=${Math.floor(count)}`
      host.send(http(dialect, 'over', { path }), http(dialect, 'next'))
      const [over, next] = await host.answers(2)
      host.destroy()
      const response = responseIn(over)
      t.deepEqual(response, tooLarge(responseBytes(response)))
      t.true(responseBytes(response) > 16 * MIB && responseBytes(response) < 18 * MIB)
      t.deepEqual([idIn(over), idIn(next)], ['over', 'next'])
      t.is(
        (
          await plugin().entry(
            `an answer could not be sent: a message of ${responseBytes(response)} bytes`,
          )
        ).level,
        'Error',
      )
      t.false(plugin().stderr().includes('a connection was closed'))
    },
  )
}

test.serial('tagged: an answer just under the limit is sent', async t => {
  const answer = await ask(
    plugin().path,
    http('tagged', 'under', { path: `/many?unit=%22&count=${Math.floor(3.9 * MIB)}` }),
  )
  const response = responseIn(answer)
  t.deepEqual(isObject(response) && [response.status, String(response.body).length], [
    200,
    Math.floor(3.9 * MIB),
  ])
})
