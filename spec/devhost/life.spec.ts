import { existsSync, readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import test from 'ava'
import type { ConsolePlugin } from '../../lib/devhost/console-api.js'
import { ROOT } from '../support/packed-project.js'
import { folder } from '../support/plugin-process.js'
import { commandOf, isRunning, parentOf, until } from '../support/processes.js'
import { type Dev, pluginsFolder, pluginThat, spawnDev, startDev } from './dev-host.js'

const NOTES = join(ROOT, 'dist', 'samples', 'notes', 'main.js')
const route = '/api/plugins/route/puppet'

const up =
  (id: string, restarts = 0) =>
  (plugin: ConsolePlugin): boolean =>
    plugin.id === id && plugin.state === 'running' && plugin.restarts === restarts

const isGone = (pid: number): boolean => !isRunning(pid)

const cwdOf = (pid: string): string | undefined => {
  try {
    return readlinkSync(`/proc/${pid}/cwd`)
  } catch {
    return undefined
  }
}

/** The cleanup shells that a host has started. */
const guardsOf = ({ child }: Dev): ReadonlyArray<number> =>
  readdirSync('/proc')
    .map(Number)
    .filter(
      pid =>
        Number.isInteger(pid) &&
        isRunning(pid) &&
        parentOf(pid) === child.pid &&
        /groups=/.test(commandOf(pid)),
    )

/** Waits for the end: a killed process may take a moment, and so may a cleanup shell. */
const gone = (things: {
  readonly pids: ReadonlyArray<number>
  readonly folders: ReadonlyArray<string>
}): Promise<void> => until(() => things.pids.every(isGone) && !things.folders.some(existsSync))

const thingsOf = async (
  dev: Dev,
  ids: ReadonlyArray<string>,
): Promise<{ pids: ReadonlyArray<number>; folders: ReadonlyArray<string> }> => {
  const events = await dev.events()
  const plugins = await Promise.all(ids.map(id => pluginThat(events, up(id))))
  return {
    pids: plugins.map(({ pid }) => pid ?? 0),
    folders: [...new Set(plugins.map(({ socket_path }) => dirname(socket_path)))],
  }
}

test('a plugin that dies is started again, gets its init, and is said to have been restarted', async t => {
  const dev = await startDev(t, ['--plugins', pluginsFolder()])
  const events = await dev.events()
  await pluginThat(events, up('puppet'))
  await dev.ask(`${route}/die`, { method: 'POST', body: '3' })
  const dead = await events.until('plugin', ({ state }) => state === 'restarting')
  t.like(dead, { running: false, health: 'unhealthy', pid: null })
  t.regex(dead.reason ?? '', /exit code 3; it is started again in 1 s/)
  // A request waits for it.
  t.is(JSON.parse((await dev.ask(`${route}/lifecycle`)).body)[0].action, 'init')
  // One that it has not read when it is killed goes to the next process.
  process.kill((await pluginThat(events, up('puppet', 1))).pid ?? 0, 'SIGSTOP')
  const unread = dev.ask(`${route}/`)
  await dev.ask('/api/plugins')
  await dev.ask('/api/dev/plugins/puppet/kill', { method: 'POST' })
  t.regex(
    (
      await events.until(
        'plugin',
        ({ restarts, state }) => restarts === 1 && state === 'restarting',
      )
    ).reason ?? '',
    /SIGKILL.* in 2 s/,
  )
  t.deepEqual(
    JSON.parse((await dev.ask('/api/dev/plugins/puppet/restart', { method: 'POST' })).body),
    { success: true },
  )
  t.is((await unread).status, 200)
  await dev.ask(`${route}/die`, { method: 'POST', body: '78' })
  t.regex(
    (await events.until('plugin', ({ state }) => state === 'failed')).reason ?? '',
    /configuration does not fit/,
  )
})

test('Ctrl-C ends the plugins in order, and leaves no process and no socket', async t => {
  const dev = await startDev(t, [NOTES, '--plugins', pluginsFolder()])
  const things = await thingsOf(dev, ['notes', 'puppet'])
  dev.child.kill('SIGINT')
  t.is(await dev.exited, 0)
  t.true(things.pids.every(isGone))
  t.false(things.folders.some(existsSync))
  t.regex(dev.written(), /stopping: the host sent shutdown/)
})

test('Ctrl-C while a plugin is asked for its metadata, however long that takes, leaves nothing either', async t => {
  const data = join(folder(), 'data')
  const plugins = pluginsFolder({ 'endless.binary': '#!/bin/sh\nexec sleep 600\n' })
  const dev = spawnDev(t, [NOTES, '--plugins', plugins, '--data', data])
  // Every process that the host has started has its data as the working directory.
  const processes = (): ReadonlyArray<string> =>
    readdirSync('/proc').filter(name => /^\d+$/.test(name) && cwdOf(name) === data)
  await dev.says(/waiting for/)
  t.true(processes().length > 0)
  dev.child.kill('SIGINT')
  t.is(await dev.exited, 0)
  await until(() => processes().length === 0)
  t.notRegex(dev.written(), /http:/)
})

test('a plugin that stays gets SIGTERM, and a second Ctrl-C does not wait for it', async t => {
  const dev = await startDev(t, ['--plugins', pluginsFolder()], { PUPPET_STAYS: '1' })
  const things = await thingsOf(dev, ['puppet'])
  dev.child.kill('SIGINT')
  await dev.says('Ctrl-C again')
  dev.child.kill('SIGINT')
  t.is(await dev.exited, 130)
  await gone(things)
  t.false(/SIGTERM/.test(dev.written()))
})

test('kill -9 of the host leaves no process and no socket', async t => {
  const dev = await startDev(t, [NOTES, '--plugins', pluginsFolder()], { PUPPET_STAYS: '1' })
  const things = await thingsOf(dev, ['notes', 'puppet'])
  dev.child.kill('SIGKILL')
  t.is(await dev.exited, 'SIGKILL')
  await gone(things)
  t.true(things.pids.every(isGone))
})

test('where somebody has killed its guard as well, another one does the same', async t => {
  const dev = await startDev(t, [NOTES, '--plugins', pluginsFolder()], { PUPPET_STAYS: '1' })
  const things = await thingsOf(dev, ['notes', 'puppet'])
  const [guard = 0] = guardsOf(dev)
  process.kill(guard, 'SIGKILL')
  await until(() => guardsOf(dev).length === 1 && guardsOf(dev)[0] !== guard)
  dev.child.kill('SIGKILL')
  t.is(await dev.exited, 'SIGKILL')
  await gone(things)
  t.true(things.pids.every(isGone))
})

test('two hosts side by side do not collide, with one data directory and one plugin', async t => {
  const data = join(folder(), 'shared')
  const plugins = pluginsFolder()
  const [one, two] = await Promise.all([
    startDev(t, ['--plugins', plugins], {}, data),
    startDev(t, ['--plugins', plugins], {}, data),
  ])
  t.not(one.port, two.port)
  const kv = async (dev: Dev, operation: object): Promise<unknown> =>
    JSON.parse((await dev.post('/api/plugins/puppet/kv', operation)).body)
  await kv(one, { action: 'set', key: 'a', value: 'one' })
  t.deepEqual(await kv(two, { action: 'get', key: 'a' }), { value: 'one' })
  const [first, second] = await Promise.all([thingsOf(one, ['puppet']), thingsOf(two, ['puppet'])])
  t.not(first.pids[0], second.pids[0])
  t.not(first.folders[0], second.folders[0])
  one.child.kill('SIGTERM')
  t.is(await one.exited, 0)
  t.is((await two.ask(`${route}/`)).status, 200)
  t.is(readFileSync(join(data, '.gitignore'), 'utf8'), '*\n')
})

test('a port that is taken is said so, and ends the start', async t => {
  const server = createServer().listen(0, '127.0.0.1')
  t.teardown(() => server.close())
  await new Promise(resolve => server.once('listening', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const dev = spawnDev(t, [
    '--port',
    String(port),
    '--data',
    join(folder(), 'data'),
    '--plugins',
    pluginsFolder({}),
  ])
  await dev.ready().catch(() => undefined)
  t.is(await dev.exited, 1)
  t.regex(dev.written(), new RegExp(`port ${port} is taken`))
})

test('wrong arguments end with 2, and so does what is not there', async t => {
  const ended = async (...args: ReadonlyArray<string>): Promise<unknown> => {
    const dev = spawnDev(t, args)
    await dev.ready().catch(() => undefined)
    return dev.exited
  }
  t.deepEqual(
    await Promise.all([
      ended('--port', 'abc'),
      ended('--host', '0.0.0.0'),
      ended('--dialect', 'klingon'),
      ended('nowhere.ts'),
      ended('--plugins', '/nowhere'),
    ]),
    [2, 2, 2, 2, 2],
  )
})

test('pages of others are refused, also from the stream and from plugins', async t => {
  const dev = await startDev(t, ['--plugins', pluginsFolder()])
  for (const path of ['/', '/api/plugins', '/api/dev/events', '/api/dev/state', `${route}/`]) {
    for (const headers of [
      { host: 'evil.example' },
      { origin: 'http://evil.example' },
      { origin: `http://localhost:${dev.port + 1}` },
    ]) {
      const { status, body } = await dev.ask(path, {
        headers,
        method: path === '/' ? 'GET' : 'POST',
      })
      t.is(status, 403)
      t.regex(JSON.parse(body).error, /Host header|Origin header/)
    }
  }
  t.is(
    (
      await dev.ask('/api/plugins', {
        headers: { host: `localhost:${dev.port}`, origin: `http://localhost:${dev.port}` },
      })
    ).status,
    200,
  )
})

test('with a token: a cookie for the one who has it, and no plugin sees it', async t => {
  const dev = await startDev(t, [
    '--plugins',
    pluginsFolder(),
    '--token',
    'abc',
    '--host',
    '0.0.0.0',
  ])
  t.is((await dev.ask('/api/plugins')).status, 401)
  const welcome = await dev.ask('/?token=abc')
  t.deepEqual([welcome.status, welcome.headers.location], [302, '/'])
  const cookie = String(welcome.headers['set-cookie']?.[0]).split(';')[0] ?? ''
  t.is((await dev.ask('/', { headers: { cookie } })).status, 200)
  t.is((await dev.ask('/api/plugins', { headers: { authorization: 'Bearer abc' } })).status, 200)
  await until(async () => (await dev.ask(`${route}/`, { headers: { cookie } })).status === 200)
  const { headers } = JSON.parse(
    (await dev.ask(`${route}/`, { headers: { cookie: `a=1; ${cookie}`, 'x-a': 'b' } })).body,
  )
  t.deepEqual([headers.cookie, headers['x-a']], ['a=1', 'b'])
  t.is(dev.written().split('abc').length, 2)
})

test('faithful: one request at a time for all, no restart, no init when enabled, stdout unread, SIGKILL', async t => {
  const second = readFileSync(join(ROOT, 'spec', 'fixtures', 'devhost', 'puppet.py'), 'utf8')
    .replace("'/puppet'", "'/second'")
    .replace("'id': 'puppet'", "'id': 'second'")
  const dev = await startDev(
    t,
    [
      '--faithful',
      '--plugins',
      pluginsFolder({ 'puppet.binary': 'puppet', 'second.binary': second }),
    ],
    {
      PUPPET_STAYS: '1',
    },
  )
  const events = await dev.events()
  const { pid } = await pluginThat(events, up('puppet'))
  await pluginThat(events, up('second'))
  await dev.ask(`${route}/stdout`, { method: 'POST', body: 'printed' })
  await dev.ask(`${route}/stderr`, { method: 'POST', body: 'logged' })
  await events.until('log', ({ message }) => message === 'logged')
  t.false(JSON.stringify(await dev.json('/api/plugins/puppet/logs')).includes('printed'))
  const order: string[] = []
  const asked = async (path: string, name: string): Promise<void> => {
    await dev.ask(path)
    order.push(name)
  }
  const slow = asked(`${route}/wait`, 'slow')
  const second_ = asked('/api/plugins/route/second/', 'second')
  const list = asked('/api/plugins', 'list')
  // The two requests behind the slow one wait. The slow one is ended from outside the host.
  const { exchanges } = (await dev.json('/api/dev/traffic')) as {
    exchanges: ReadonlyArray<{ kind: string; path: string }>
  }
  t.deepEqual(
    exchanges.filter(({ kind }) => kind === 'http').map(({ path }) => path),
    ['/stdout', '/stderr'],
  )
  t.deepEqual(order, [])
  process.kill(pid ?? 0, 'SIGKILL')
  await Promise.all([slow, second_, list])
  t.deepEqual(order, ['slow', 'second', 'list'])
  t.is(
    (await events.until('plugin', ({ id, state }) => id === 'puppet' && state === 'failed'))
      .restarts,
    0,
  )
  t.like(await dev.json('/api/plugins/puppet'), { enabled: true, running: true, pid })
  const { status, body } = await dev.ask(`${route}/`)
  t.deepEqual([status, body], [502, ''])
  await dev.ask('/api/plugins/puppet/enable', { method: 'POST' })
  t.is((await dev.ask(`${route}/`)).status, 502)
  await dev.ask('/api/plugins/puppet/disable', { method: 'POST' })
  await dev.ask('/api/plugins/puppet/enable', { method: 'POST' })
  t.deepEqual(JSON.parse((await dev.ask(`${route}/lifecycle`)).body), [])
})
