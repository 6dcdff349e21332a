import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import * as io from 'io-ts'
import { jsonAs, testPlugin } from '../../lib/testing/index.js'
import { Note } from '../../samples/notes/note.js'
import { Notes } from '../../samples/notes/plugin.js'
import { ask } from '../support/host.js'
import { bodyIn, http, kv, kvAnswer, timeless } from '../support/messages.js'
import { folder, type PluginProcess, startPlugin } from '../support/plugin-process.js'

const NOTES = io.array(Note)

test('a note is created, read, replaced and deleted', async t => {
  const notes = testPlugin(new Notes())
  const created = await notes.post('/', { title: 'Milk', tags: ['shop'] })
  const note = await jsonAs(Note)(created)
  const path = `/${note.id}`
  t.like(created, { status: 201, headers: { location: `/notes${path}` } })
  t.like(note, { title: 'Milk', text: '', tags: ['shop'] })
  t.like(await notes.get(path), { status: 200, json: note })

  const replaced = await notes.put(path, { title: 'Bread', text: 'brown' })
  t.is(replaced.status, 200)
  t.like(replaced.json, { id: note.id, title: 'Bread', text: 'brown', tags: [] })
  t.deepEqual((await notes.get(path)).json, replaced.json)

  t.like(await notes.delete(path), { status: 204, body: null })
  for (const gone of [
    await notes.get(path),
    await notes.put(path, { title: 'Bread' }),
    await notes.delete(path),
  ]) {
    t.like(gone, { status: 404, error: { message: `there is no note "${note.id}"` } })
  }
})

test('the list is searched by words and by tags', async t => {
  const notes = testPlugin(new Notes())
  await notes.post('/', { title: 'Milk', text: 'two bottles', tags: ['shop', 'today'] })
  await notes.post('/', { title: 'Bread', tags: ['shop'] })
  await notes.post('/', { title: 'Call Zoë' })
  const titles = async (query: string): Promise<ReadonlyArray<string>> => {
    const found = await notes.get(`/${query}`).then(jsonAs(NOTES))
    return found.map(({ title }) => title).sort()
  }
  t.deepEqual(await titles(''), ['Bread', 'Call Zoë', 'Milk'])
  t.deepEqual(await titles('?q=BOTTLES'), ['Milk'])
  t.deepEqual(await titles('?q=zo%C3%AB'), ['Call Zoë'])
  t.deepEqual(await titles('?tag=shop'), ['Bread', 'Milk'])
  t.deepEqual(await titles('?tag=shop&tag=today'), ['Milk'])
  t.deepEqual(await titles('?tag=nothing'), [])
})

test('a note that does not fit is refused with every reason, and nothing is stored', async t => {
  const notes = testPlugin(new Notes())
  const { status, json } = await notes.post('/', { title: ' ', tags: [1] })
  t.is(status, 400)
  t.deepEqual(json, {
    error: 'InvalidRequest',
    message:
      'body.title: expected a title that is not empty, got " "; body.tags.0: expected string, got 1',
    details: [
      { path: 'body.title', expected: 'a title that is not empty', got: '" "' },
      { path: 'body.tags.0', expected: 'string', got: '1' },
    ],
  })
  t.deepEqual(await notes.stored(), {})
})

test('settings are KV keys: what does not fit is refused and what was set before stays', async t => {
  const { kv: settings } = testPlugin(new Notes())
  t.is(await settings.get('theme'), 'light')
  await settings.set('theme', 'dark')
  await t.throwsAsync(settings.set('theme', 'purple'), { message: /expected Theme/ })
  t.is(await settings.get('theme'), 'dark')
  await settings.delete('theme')
  t.is(await settings.get('theme'), 'light')

  t.is(await settings.get('page-size'), null)
  await settings.set('page-size', '25')
  for (const wrong of ['1000', 'many'])
    await t.throwsAsync(settings.set('page-size', wrong), {
      message: /expected a number from 1 to 100/,
    })
  t.is(await settings.get('page-size'), '25')
})

const start = (t: ExecutionContext, data: string): Promise<PluginProcess> =>
  startPlugin(t, 'notes', {
    file: fileURLToPath(new URL('../../samples/notes/main.js', import.meta.url)),
    env: { TORU_DATA_DIR: data },
  })

test('notes and settings are still there after a kill -9', async t => {
  const data = folder()
  const first = await start(t, data)
  const created = bodyIn(
    await ask(first.path, http('tagged', 'r', { method: 'POST', body: '{"title":"Milk"}' })),
  )
  await ask(first.path, kv('tagged', 'k', 'set', 'theme', 'dark'))
  first.child.kill('SIGKILL')
  await first.exited
  const second = await start(t, data)
  t.deepEqual(bodyIn(await ask(second.path, http('tagged', 'r'))), [created])
  t.deepEqual(
    timeless(await ask(second.path, kv('tagged', 'k', 'get', 'theme'))),
    kvAnswer('tagged', 'k', 'dark'),
  )
})
