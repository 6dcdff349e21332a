import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import { ask } from '../support/host.js'
import { bodyIn, http, isObject, kv, kvAnswer, responseIn, timeless } from '../support/messages.js'
import { folder, type PluginProcess, startPlugin } from '../support/plugin-process.js'

const file = fileURLToPath(new URL('../../samples/notes/main.js', import.meta.url))

const start = (t: ExecutionContext, data = folder()): Promise<PluginProcess> =>
  startPlugin(t, 'notes', { file, env: { TORU_DATA_DIR: data } })

/** Sends a request and yields its status and its parsed body. */
const call = async ({ path }: PluginProcess, method: string, url: string, body?: unknown): Promise<readonly [unknown, unknown]> => {
  const sent = body === undefined ? {} : { body: JSON.stringify(body) }
  const answer = await ask(path, http('tagged', 'r', { method, path: url, ...sent }))
  const response = responseIn(answer)
  return [isObject(response) ? response.status : undefined, isObject(response) && response.body === null ? null : bodyIn(answer)]
}

const idOf = (note: unknown): string => (isObject(note) ? String(note.id) : '')

test('a note is created, read, replaced and deleted', async t => {
  const plugin = await start(t)
  const [status, created] = await call(plugin, 'POST', '/', { title: 'Milk', tags: ['shop'] })
  t.is(status, 201)
  const id = idOf(created)
  t.like(created, { title: 'Milk', text: '', tags: ['shop'] })
  t.deepEqual(await call(plugin, 'GET', `/${id}`), [200, created])

  const [replacedStatus, replaced] = await call(plugin, 'PUT', `/${id}`, { title: 'Bread', text: 'brown' })
  t.is(replacedStatus, 200)
  t.like(replaced, { id, title: 'Bread', text: 'brown', tags: [] })
  t.deepEqual(await call(plugin, 'GET', `/${id}`), [200, replaced])

  t.deepEqual(await call(plugin, 'DELETE', `/${id}`), [204, null])
  const gone = [404, { error: 'InvalidRequest', message: `there is no note "${id}"` }] as const
  t.deepEqual(await call(plugin, 'GET', `/${id}`), gone)
  t.deepEqual(await call(plugin, 'PUT', `/${id}`, { title: 'Bread' }), gone)
  t.deepEqual(await call(plugin, 'DELETE', `/${id}`), gone)
})

test('the list is searched by words and by tags', async t => {
  const plugin = await start(t)
  await call(plugin, 'POST', '/', { title: 'Milk', text: 'two bottles', tags: ['shop', 'today'] })
  await call(plugin, 'POST', '/', { title: 'Bread', tags: ['shop'] })
  await call(plugin, 'POST', '/', { title: 'Call Zoë' })
  const titles = async (query: string): Promise<ReadonlyArray<unknown>> => {
    const [status, notes] = await call(plugin, 'GET', `/${query}`)
    t.is(status, 200)
    return Array.isArray(notes) ? notes.map((note: { title: string }) => note.title).sort() : []
  }
  t.deepEqual(await titles(''), ['Bread', 'Call Zoë', 'Milk'])
  t.deepEqual(await titles('?q=BOTTLES'), ['Milk'])
  t.deepEqual(await titles('?q=zo%C3%AB'), ['Call Zoë'])
  t.deepEqual(await titles('?tag=shop'), ['Bread', 'Milk'])
  t.deepEqual(await titles('?tag=shop&tag=today'), ['Milk'])
  t.deepEqual(await titles('?tag=nothing'), [])
})

test('a note that does not fit is refused with every reason, and nothing is stored', async t => {
  const plugin = await start(t)
  t.deepEqual(await call(plugin, 'POST', '/', { title: ' ', tags: [1] }), [
    400,
    {
      error: 'InvalidRequest',
      message: 'body.title: expected a title that is not empty, got " "; body.tags.0: expected string, got 1',
      details: [
        { path: 'body.title', expected: 'a title that is not empty', got: '" "' },
        { path: 'body.tags.0', expected: 'string', got: '1' },
      ],
    },
  ])
  t.deepEqual(await call(plugin, 'GET', '/'), [200, []])
})

test('settings are KV keys: what does not fit is refused and what was set before stays', async t => {
  const { path } = await start(t)
  const set = (key: string, value: string) => ask(path, kv('tagged', 'k', 'set', key, value))
  const get = async (key: string) => timeless(await ask(path, kv('tagged', 'k', 'get', key)))
  t.deepEqual(await get('theme'), kvAnswer('tagged', 'k', 'light'))
  await set('theme', 'dark')
  await set('theme', 'purple')
  t.deepEqual(await get('theme'), kvAnswer('tagged', 'k', 'dark'))
  await ask(path, kv('tagged', 'k', 'delete', 'theme'))
  t.deepEqual(await get('theme'), kvAnswer('tagged', 'k', 'light'))

  t.deepEqual(await get('page-size'), kvAnswer('tagged', 'k', null))
  await set('page-size', '25')
  await set('page-size', '1000')
  await set('page-size', 'many')
  t.deepEqual(await get('page-size'), kvAnswer('tagged', 'k', '25'))
})

test('notes and settings are still there after a kill -9', async t => {
  const data = folder()
  const first = await start(t, data)
  const [, created] = await call(first, 'POST', '/', { title: 'Milk' })
  await ask(first.path, kv('tagged', 'k', 'set', 'theme', 'dark'))
  first.child.kill('SIGKILL')
  await first.exited
  const second = await start(t, data)
  t.deepEqual(await call(second, 'GET', '/'), [200, [created]])
  t.deepEqual(timeless(await ask(second.path, kv('tagged', 'k', 'get', 'theme'))), kvAnswer('tagged', 'k', 'dark'))
})
