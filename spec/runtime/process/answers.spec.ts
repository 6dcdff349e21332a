import test from 'ava'
import { ask } from '../../support/host.js'
import { http, jsonResponse, responseIn } from '../../support/messages.js'
import { startPlugin } from '../../support/plugin-process.js'

const PATH = '/wrong'

test('an answer is compared with its codec where TORU_CHECK_ANSWERS says so, and nowhere else', async t => {
  const [checked, unchecked] = await Promise.all([
    startPlugin(t, 'typed', { env: { TORU_CHECK_ANSWERS: '1' } }),
    startPlugin(t, 'typed'),
  ])
  const hidden = {
    error: 'Internal',
    message: 'the plugin failed to answer; its log has the reason',
  }
  t.deepEqual(
    responseIn(await ask(checked.path, http('tagged', 'r', { path: PATH }))),
    jsonResponse(hidden, 500),
  )
  const { level, handler, message } = await checked.entry('GET /wrong answered 500')
  t.deepEqual(
    { level, handler, message },
    {
      level: 'Error',
      handler: 'Typed.wrong',
      message:
        'GET /wrong answered 500: the answer does not fit its codec: answer.count: expected number, got "many"',
    },
  )
  t.deepEqual(
    responseIn(await ask(unchecked.path, http('tagged', 'r', { path: PATH }))),
    jsonResponse({ count: 'many' }),
  )
})
