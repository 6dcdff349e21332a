import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import test from 'ava'
import { pythonTest } from '../../fixtures/python.js'
import { ask } from '../../support/host.js'
import { http, httpAnswer, jsonResponse, timeless } from '../../support/messages.js'
import { folder, spawnPlugin, startPlugin } from '../../support/plugin-process.js'
import { pythonHost } from '../../support/python-host.js'

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

test('once the name is there connections are accepted, with the right mode', async t => {
  const plugins = await Promise.all(Array.from({ length: 3 }, () => startPlugin(t, 'workshop')))
  t.deepEqual(await Promise.all(plugins.map(({ path }) => home(path))), [HOME, HOME, HOME])
  t.deepEqual(
    plugins.map(({ path }) => mode(path)),
    ['600', '600', '600'],
  )
})

test('a relative path starts at the working directory', async t => {
  const cwd = folder()
  const plugin = spawnPlugin(t, 'workshop', { cwd, path: 'here.sock' })
  await plugin.entry('listens on ')
  t.deepEqual(await home(join(cwd, 'here.sock')), HOME)
})

test('after kill -9 in the middle of a request the next start replaces the socket', async t => {
  const first = await startPlugin(t, 'workshop')
  const waiting = ask(first.path, http('tagged', 'cut', { path: '/never' }))
  const failed = t.throwsAsync(waiting)
  await home(first.path)
  first.child.kill('SIGKILL')
  t.deepEqual(await first.exited, { code: null, signal: 'SIGKILL' })
  await failed
  t.true(existsSync(first.path))
  const second = spawnPlugin(t, 'workshop', { path: first.path })
  await second.entry('listens on')
  t.deepEqual(await home(first.path), HOME)
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
  for (let round = 0; round < 3; round++) {
    const path = join(folder(), 'plugin.sock')
    const plugins = [spawnPlugin(t, 'workshop', { path }), spawnPlugin(t, 'workshop', { path })]
    const loser = await Promise.race(
      plugins.map(plugin => plugin.exited.then(exit => ({ plugin, exit }))),
    )
    t.deepEqual(loser.exit, { code: 1, signal: null })
    t.deepEqual(await home(path), HOME)
    t.deepEqual(readdirSync(join(path, '..')), ['plugin.sock'])
    for (const { child } of plugins) child.kill('SIGKILL')
  }
})

test('what is no socket is never removed: a file, a directory, a link', async t => {
  const root = folder()
  const [file, directory, link] = [join(root, 'file'), join(root, 'directory'), join(root, 'link')]
  writeFileSync(file, 'precious')
  mkdirSync(directory)
  symlinkSync(file, link)
  for (const path of [file, directory, link]) {
    const plugin = spawnPlugin(t, 'workshop', { path })
    t.deepEqual(await plugin.exited, { code: 1, signal: null })
    t.true(plugin.stderr().includes(path), plugin.stderr())
  }
  t.is(readFileSync(file, 'utf8'), 'precious')
  t.deepEqual(readdirSync(root).sort(), ['directory', 'file', 'link'])
})

test('a path of 107 bytes is taken, one of 108 is refused with that number', async t => {
  const root = folder()
  const pathOf = (bytes: number): string =>
    join(root, 'ü'.repeat(5), 'x'.repeat(bytes - Buffer.byteLength(root) - 12))
  const longest = spawnPlugin(t, 'workshop', { path: pathOf(107) })
  await longest.entry('listens on')
  t.deepEqual(await home(pathOf(107)), HOME)
  const plugin = spawnPlugin(t, 'workshop', { path: pathOf(108) })
  t.deepEqual(await plugin.exited, { code: 1, signal: null })
  await plugin.entry(
    `The path of the socket is 108 bytes long, and a Unix socket takes at most 107: ${pathOf(108)}.`,
  )
})

test('a directory that every user may write to is refused with its mend', async t => {
  const root = folder()
  chmodSync(root, 0o777)
  const path = join(root, 'plugin.sock')
  const plugin = spawnPlugin(t, 'workshop', { path })
  t.deepEqual(await plugin.exited, { code: 1, signal: null })
  await plugin.entry(`Run \`chmod o-w ${root}\``)
  t.deepEqual(readdirSync(root), [])
})

test('a socket of another program that is not accepting is not stolen while it lives', async t => {
  const path = join(folder(), 'plugin.sock')
  const server = createServer().listen(path)
  await new Promise(resolve => server.once('listening', resolve))
  t.teardown(() => void server.close())
  const plugin = spawnPlugin(t, 'workshop', { path })
  t.deepEqual(await plugin.exited, { code: 1, signal: null })
  t.true(server.listening && existsSync(path))
})

pythonTest('a socket file that a dead process left, made elsewhere, is replaced', async t => {
  const path = join(folder(), 'plugin.sock')
  await pythonHost(
    path,
    's = socket.socket(socket.AF_UNIX); s.bind(path); s.listen(1); s.close(); tell(0)',
  )
  const plugin = spawnPlugin(t, 'workshop', { path })
  await plugin.entry('listens on')
  t.deepEqual(await home(path), HOME)
})
