import { readdirSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { ask } from '../../support/host.js'
import { http, httpAnswer, jsonResponse, timeless } from '../../support/messages.js'
import { folder, spawnPlugin, startPlugin } from '../../support/plugin-process.js'

// lib/transport/socket-file has its own specs. These are about what a process makes of it.

const HOME = httpAnswer('tagged', 'h', jsonResponse({ status: 'ok' }))
const home = async (path: string): Promise<unknown> =>
  timeless(await ask(path, http('tagged', 'h')))

const mode = (path: string): string => (statSync(path).mode & 0o777).toString(8)

test('the socket is this user’s own, and so are the directories that are made for it', async t => {
  const root = folder()
  const path = join(root, 'a', 'b', 'plugin.sock')
  const plugin = spawnPlugin(t, 'workshop', { path })
  await plugin.entry(`listens on ${path}`)
  t.deepEqual(
    [mode(path), mode(join(root, 'a', 'b')), mode(join(root, 'a'))],
    ['600', '700', '700'],
  )
  t.deepEqual(readdirSync(join(root, 'a', 'b')), ['plugin.sock'])
  t.deepEqual(await home(path), HOME)
})

test('a socket that somebody answers on is not taken', async t => {
  const first = await startPlugin(t, 'workshop')
  const second = spawnPlugin(t, 'workshop', { path: first.path })
  t.deepEqual(await second.exited, { code: 1, signal: null })
  const { level } = await second.entry(`${first.path} is in use: a process answers there`)
  t.is(level, 'Error')
  t.deepEqual(await home(first.path), HOME)
})

test('of two plugins that are started at once for one name exactly one gets it', async t => {
  const path = join(folder(), 'plugin.sock')
  const plugins = [spawnPlugin(t, 'workshop', { path }), spawnPlugin(t, 'workshop', { path })]
  const loser = await Promise.race(plugins.map(({ exited }) => exited))
  t.deepEqual(loser, { code: 1, signal: null })
  t.deepEqual(await home(path), HOME)
  t.deepEqual(readdirSync(dirname(path)), ['plugin.sock'])
})
