import test from 'ava'
import { makeTimestamps } from '../../lib/runtime/clock.js'
import { frame } from '../support/bytes.js'
import { ask, connectHost } from '../support/host.js'
import {
  bodyIn,
  http,
  httpAnswer,
  jsonResponse,
  kv,
  kvAnswer,
  timeless,
} from '../support/messages.js'
import { type PluginProcess, startPlugin } from '../support/plugin-process.js'

const get = (path: string): object => http('tagged', 'r', { path })
const TIMEOUT = httpAnswer(
  'tagged',
  'r',
  jsonResponse({ error: 'Timeout', message: 'no answer within 600 ms' }, 504),
)
const HOUR = 3_600_000

/** An answer, and after how many milliseconds it came. */
const timed = async (answer: Promise<unknown>): Promise<readonly [answer: unknown, ms: number]> => {
  const begun = performance.now()
  return [timeless(await answer), performance.now() - begun]
}

/** How many hours the plugin's time of day is from ours. */
const hoursAhead = async ({ path }: PluginProcess): Promise<number> =>
  Math.round((Date.parse(String(bodyIn(await ask(path, get('/date'))))) - Date.now()) / HOUR)

for (const hours of [5, -5]) {
  const direction = hours > 0 ? 'forwards' : 'backwards'

  test(`where the time of day jumps ${direction} while requests run, their deadlines come when they are due`, async t => {
    const plugin = await startPlugin(t, 'jumping')
    const [answer, ms] = await timed(ask(plugin.path, get(`/jump/${hours}`)))
    t.is(await hoursAhead(plugin), hours)
    t.deepEqual(answer, TIMEOUT)
    t.true(ms > 500 && ms < 20_000, `${ms}`)

    const [none, later] = await timed(ask(plugin.path, kv('tagged', 'k', 'get', `jump${hours}`)))
    t.is(await hoursAhead(plugin), 2 * hours)
    t.deepEqual(none, kvAnswer('tagged', 'k', null))
    t.true(later > 500 && later < 20_000, `${later}`)

    await ask(plugin.path, http('tagged', 'r', { method: 'POST', path: `/answer/${hours}` }))
    const { message } = await plugin.entry('when it had been given up')
    const took = Number(/ answered after (\d+) ms/.exec(String(message))?.[1])
    t.true(took > 500 && took < 60_000, String(message))
    t.deepEqual(
      timeless(await ask(plugin.path, get('/tick'))),
      httpAnswer('tagged', 'r', jsonResponse('ticked')),
    )
  })

  test(`where the time of day jumps ${direction}, connections are closed when they are due and not before`, async t => {
    const plugin = await startPlugin(t, 'jumping')
    const idle = await connectHost(plugin.path)
    idle.send(get('/date'))
    await idle.answer()
    const before = await connectHost(plugin.path)
    before.raw(Buffer.concat([frame(get('/date')), frame(get('/')).subarray(0, 20)]))
    await before.answer()
    await ask(plugin.path, get(`/jump/${hours}`))
    const after = await connectHost(plugin.path)
    after.raw(frame(get('/')).subarray(0, 20))
    // Both half messages had 400 ms, whatever the time of day; the idle one, which is looked at as
    // often, has minutes.
    t.deepEqual(await Promise.all([before.rest(), after.rest()]), [[], []])
    idle.send(get('/tick'))
    t.deepEqual(timeless(await idle.answer()), httpAnswer('tagged', 'r', jsonResponse('ticked')))
    idle.destroy()
  })
}

test('a time stamp is RFC 3339 in UTC, and follows the time of day forwards and backwards', t => {
  let now = 0
  const stamp = makeTimestamps(() => now)
  const stamps = [0, 0, 1, 5 * HOUR, 1].map(ms => {
    now = ms
    return stamp()
  })
  t.deepEqual(stamps, [
    '1970-01-01T00:00:00.000Z',
    '1970-01-01T00:00:00.000Z',
    '1970-01-01T00:00:00.001Z',
    '1970-01-01T05:00:00.000Z',
    '1970-01-01T00:00:00.001Z',
  ])
})
