import test from 'ava'
import { pythonTest } from '../../fixtures/python.js'
import { ask } from '../../support/host.js'
import {
  DIALECTS,
  http,
  httpAnswer,
  jsonResponse,
  type Response,
  timeless,
} from '../../support/messages.js'
import { pythonHost } from '../../support/python-host.js'
import { sharedPlugin } from '../../support/shared-plugin.js'

const plugin = sharedPlugin('limits')

const empty = (headers: Readonly<Record<string, string>>): Response => ({
  status: 200,
  headers,
  body: null,
})
const text = (body: string, headers: Readonly<Record<string, string>> = {}): Response => ({
  status: 200,
  headers: { 'Content-Type': 'text/plain; charset=utf-8', ...headers },
  body,
})

const CARRIED: Readonly<Record<string, Response>> = {
  'surrogate-body': text('a\ufffdb\ufffdc'),
  'surrogate-json': {
    status: 200,
    headers: { 'Content-Type': 'application/json' },
    body: '{"broken":"x\\ud83d","whole":"🔌"}',
  },
  'surrogate-header': empty({ 'X-Odd': 'a\ufffdb' }),
  'text-bytes': { status: 200, headers: {}, body: 'grüße' },
  'hop-by-hop': text('four', { 'X-Kept': '1' }),
  numbers: empty({ 'X-Number': '1.5' }),
  twice: empty({ 'X-A': 'second' }),
}

const REFUSED: Readonly<Record<string, string>> = {
  'line-break':
    'the response header "X-Two-Lines" has a line break or another control character in its value',
  nul: 'the response header "X-Nul" has a line break or another control character in its value',
  name: 'the response header "X Space" has a name that HTTP does not allow',
  'status-99': 'the status of a response must be an integer from 200 to 599, not 99',
  'status-700': 'the status of a response must be an integer from 200 to 599, not 700',
  'status-100': 'the status of a response must be an integer from 200 to 599, not 100',
  'status-text': 'the status of a response must be an integer from 200 to 599, not NaN',
}

const UNCARRIED: Readonly<Record<string, string>> = {
  bytes:
    'a body must be text: these bytes are not UTF-8, and the protocol carries nothing else (base64 would do)',
  cycle: 'JSON cannot carry answer.self, which is answer again: ',
}

for (const dialect of DIALECTS) {
  for (const [name, response] of Object.entries(CARRIED)) {
    test(`${dialect}: what the host can carry of ${name} is sent`, async t => {
      t.deepEqual(
        timeless(await ask(plugin().path, http(dialect, name, { path: `/${name}` }))),
        httpAnswer(dialect, name, response),
      )
    })
  }
}

const HIDDEN = jsonResponse(
  { error: 'Internal', message: 'the plugin failed to answer; its log has the reason' },
  500,
)

for (const [name, reason] of Object.entries(REFUSED)) {
  test(`${name} becomes a 500, and the log says what is wrong and where`, async t => {
    t.deepEqual(
      timeless(await ask(plugin().path, http('tagged', name, { path: `/${name}` }))),
      httpAnswer('tagged', name, HIDDEN),
    )
    const { level, handler } = await plugin().entry(`GET /${name} answered 500: ${reason}`)
    t.deepEqual({ level, handler }, { level: 'Error', handler: 'Limits.answer' })
  })
}

for (const [name, reason] of Object.entries(UNCARRIED)) {
  test(`${name} becomes a 500 that says why`, async t => {
    const answer = JSON.stringify(
      await ask(plugin().path, http('documented', name, { path: `/${name}` })),
    )
    t.true(
      answer.includes('"status":500') &&
        answer.includes(`Serialization\\",\\"message\\":\\"${reason}`),
      answer,
    )
    await plugin().entry(`GET /${name} answered 500: ${reason}`)
  })
}

pythonTest('no answer has a lone surrogate on the wire, whatever the handler sent', async t => {
  const program = `
out = []
for name in ['surrogate-body', 'surrogate-header', 'surrogate-json']:
    for message in [tagged(name, where='/' + name), documented(name, where='/' + name)]:
        s = dial(); s.sendall(frame(message))
        answer = receive(s)
        json.dumps(answer, ensure_ascii=False).encode('utf-8')
        out.append(answer['request_id'])
tell(out)
`
  const names = ['surrogate-body', 'surrogate-header', 'surrogate-json']
  t.deepEqual(
    await pythonHost(plugin().path, program),
    names.flatMap(name => [name, name]),
  )
})
