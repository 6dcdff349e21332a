import test from 'ava'
import { packed, pluginText, project } from '../support/packing.js'
import { startRealHost } from './real-host.js'

// A packed plugin that shares its keys with the panel, in the database of the running host.

const MAIN = pluginText(
  {},
  `
  @Get('/:key') get(req, ctx) { return ctx.kv.get(req.params.key)().then(E.map(O.toNullable)) }
  @Put('/:key') set(req, ctx) { return ctx.kv.set(req.params.key, JSON.parse(req.body)) }`,
  `{ kv: hostKv({ driver: 'libsql' }) }`,
)
  .replace('{ Get,', '{ Get, hostKv, Put,')
  .replace("import * as t from 'io-ts'", "import { E, O } from 'toru-plugin-api/fp'")

test('the SQLite that a file carries and that of the host use one file at the same time', async t => {
  const { file } = await packed(project({ 'main.js': MAIN }))
  const host = await startRealHost(t, [file])
  const inPanel = (action: string, key: string, value?: string) =>
    host.ask('POST', '/api/plugins/small/kv', {
      action,
      key,
      ...(value === undefined ? {} : { value }),
    })

  t.like(await host.route('PUT', '/small/ours', 'from the plugin'), { status: 204 })
  t.deepEqual(await inPanel('get', 'ours'), { status: 200, json: { value: 'from the plugin' } })
  t.is((await inPanel('set', 'theirs', 'from the panel')).status, 200)
  t.deepEqual(await host.route('GET', '/small/theirs'), { status: 200, json: 'from the panel' })

  const both = await Promise.all(
    Array.from({ length: 25 }, (_, n) => [
      inPanel('set', `panel-${n}`, 'value'),
      host.route('PUT', `/small/plugin-${n}`, 'value'),
    ]).flat(),
  )
  t.deepEqual([...new Set(both.map(({ status }) => status))].sort(), [200, 204])
  for (const key of ['panel-0', 'panel-24', 'plugin-0', 'plugin-24']) {
    t.deepEqual(await inPanel('get', key), { status: 200, json: { value: 'value' } })
    t.deepEqual(await host.route('GET', `/small/${key}`), { status: 200, json: 'value' })
  }
})
