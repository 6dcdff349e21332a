import test from 'ava'
import { testPlugin } from '../../lib/testing/index.js'
import { ask } from '../support/host.js'
import { http, isObject, responseIn } from '../support/messages.js'
import { sharedPlugin } from '../support/shared-plugin.js'
import { CASES, Reports, type Right } from './lost-answers.js'

// Each report three ways: in the process of a test, in a process over frames, and there with a
// response codec that takes everything.

interface Answer {
  readonly status: number
  readonly body: string | null
}

const isRight = ({ status, body }: Answer, right: Right): boolean => {
  const got: unknown = JSON.parse(body ?? 'null')
  const wanted =
    'says' in right ? { status: 500, body: { error: 'Serialization', message: right.says } } : right
  return (
    JSON.stringify({ status, body: got }) ===
    JSON.stringify({ status: wanted.status, body: wanted.body })
  )
}

test('what was reported of others is answered rightly in a test', async t => {
  const plugin = testPlugin(new Reports())
  for (const [index, [source, , right]] of CASES.entries()) {
    for (const path of [`/${index}`, `/coded/${index}`]) {
      const { status, body, error } = await plugin.get(path)
      t.true(isRight({ status, body }, right), `${source}: ${status} ${body} ${error?.message}`)
    }
  }
  t.true(CASES.length >= 40)
})

const checked = sharedPlugin('reports', { env: { TORU_CHECK_ANSWERS: '1' } })

test('and in a process, whose log names the place', async t => {
  const plugin = checked()
  for (const [index, [source, , right]] of CASES.entries()) {
    for (const path of [`/${index}`, `/coded/${index}`]) {
      const response = responseIn(await ask(plugin.path, http('tagged', 'r', { path })))
      const { status, body } = isObject(response) ? response : {}
      t.true(
        isRight({ status: Number(status), body: String(body) }, right),
        `${source}: ${status} ${body}`,
      )
      if ('says' in right) await plugin.entry(`GET ${path} answered 500: ${right.says}`)
    }
  }
})
