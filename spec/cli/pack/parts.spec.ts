import { readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import test from 'ava'
import { requestOnce } from '../../../lib/protocol.js'
import { packed, pluginText, project, right, started } from '../../support/packing.js'

// What a packed plugin imports later stands in comments until then.

const LATER = `
import { createRequire } from 'node:module'
import { count, increase } from './counted.js'
export const text = 'the end */ of a comment, /* and a beginning, *~/ and \\u{1F331}'
export const stars = /a*/.test('aa')
export const places = () => [import.meta.url, __filename, __dirname, createRequire(import.meta.url).resolve('node:fs')]
export const counted = () => { increase(); increase(); return count }
export default class Later {}
`

const FAILS = `
import { increase } from './counted.js'
increase()
throw new Error('it cannot be loaded')
`

const COUNTED = 'export let count = 0\nexport const increase = () => { count++ }'

const BODY = `
@Get('/later') async later() {
  const { text, stars, places, counted, default: Later } = await import('./later.js')
  return { text, stars, places: places(), counted: counted(), name: Later.name, same: (await import('./later.js')).default === Later }
}
@Get('/fails') async fails() {
  const why = () => import('./fails.js').then(() => 'nothing', error => error)
  const [first, second] = [await why(), await why()]
  return { message: first.message, same: first === second, count: (await import('./counted.js')).count }
}`

const files = {
  'main.ts': pluginText({}, BODY),
  'later.ts': LATER,
  'fails.ts': FAILS,
  'counted.ts': COUNTED,
}

test('what is imported later is what it was: its text, its place, its live bindings, its failure', async t => {
  const { file } = await packed(project(files), '--no-sqlite')
  t.false(readFileSync(file, 'utf8').includes('the end */ of a comment'))
  const plugin = await started(t, file, { env: { TORU_KV: 'memory' } })
  const got = async (path: string): Promise<unknown> =>
    JSON.parse((await right(requestOnce(plugin.path, { method: 'GET', path }))).body ?? '')
  t.deepEqual(await got('/fails'), { message: 'it cannot be loaded', same: true, count: 1 })
  t.deepEqual(await got('/later'), {
    text: 'the end */ of a comment, /* and a beginning, *~/ and 🌱',
    stars: true,
    places: [`file://${file}`, file, dirname(file), 'node:fs'],
    counted: 3,
    name: 'Later',
    same: true,
  })
  await plugin.stop()
})

test('all of a packed file is ASCII, whatever the plugin says of itself and in its code', async t => {
  const { file } = await packed(
    project({
      'main.ts': pluginText({ name: 'Grüße 🌱' }, "@Get('/') hello() { return 'ÄÖÜ 漢字' }"),
    }),
    '--no-sqlite',
  )
  t.true(readFileSync(file).every(byte => byte < 0x80))
  const plugin = await started(t, file, { env: { TORU_KV: 'memory' } })
  t.is((await right(requestOnce(plugin.path, { method: 'GET', path: '/' }))).body, '"ÄÖÜ 漢字"')
  await plugin.stop()
})

test('the name of a function that fails is in the log, with the part of the file that it is in', async t => {
  const body = "@Get('/') async fails() { (await import('./later.js')).breakOff() }"
  const { file } = await packed(
    project({
      'main.ts': pluginText({}, body),
      'later.ts': "export const breakOff = () => { throw new Error('broken') }",
    }),
    '--no-sqlite',
  )
  const plugin = await started(t, file, { env: { TORU_KV: 'memory' } })
  t.is((await right(requestOnce(plugin.path, { method: 'GET', path: '/' }))).status, 500)
  await plugin.stop()
  t.regex(plugin.stderr(), /breakOff \([^)]*small\.binary#\d+:\d+:\d+\)/)
})
