import { mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { dirname, join } from 'node:path'
import test from 'ava'
import type { ConsolePlugin } from '../../../lib/devhost/console-api.js'
import { type Dev, pluginThat, startDev } from '../../devhost/dev-host.js'
import { ROOT } from '../../support/packed-project.js'
import { pluginText, tscProject } from '../../support/packing.js'
import { until } from '../../support/processes.js'
import { toruPlugin } from '../../support/terminal.js'

// `dev` with projects that are edited while it runs. The tests wait for events of the console's
// stream.

const write = (root: string, name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true })
  writeFileSync(join(root, name), text)
}

const freePort = (): Promise<number> =>
  new Promise(resolve => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const address = server.address()
      server.close(() =>
        resolve(typeof address === 'object' && address !== null ? address.port : 0),
      )
    })
  })

const built =
  (version: string) =>
  (shown: ConsolePlugin): boolean =>
    shown.version === version && shown.state === 'running' && shown.build.state === 'ok'
const answer = async (dev: Dev): Promise<unknown> => dev.json('/api/plugins/route/small/')
const text = (version: string, hello = 'world'): string =>
  pluginText({ version }, `@Get('/') hello() { return { hello: '${hello}' } }`)

test('a change of the backend is live, the old version is ended, and what does not build or start leaves it up', async t => {
  const root = tscProject({ 'main.ts': text('1.0.0') })
  const dev = await startDev(t, [root])
  const events = await dev.events()
  const first = await pluginThat(events, built('1.0.0'))
  t.deepEqual(await answer(dev), { hello: 'world' })

  // A new file replaces the old one, as editors do it.
  write(root, 'greeting.ts', `export const greeting = 'there'`)
  write(
    root,
    'next.ts',
    `import { greeting } from './greeting.js'\n${text('1.1.0').replace("'world'", 'greeting')}`,
  )
  renameSync(join(root, 'next.ts'), join(root, 'main.ts'))
  const second = await events.until('plugin', built('1.1.0'))
  t.not(second.pid, first.pid)
  t.is(second.restarts, 0)
  t.deepEqual(await answer(dev), { hello: 'there' })

  write(root, 'greeting.ts', `export const greeting = 'there'\nimport './missing.js'`)
  const failed = await events.until('plugin', ({ build }) => build.state === 'failed')
  t.like(failed, { state: 'running', pid: second.pid })
  t.regex(failed.build.errors[0]?.text ?? '', /Cannot find module .*missing\.js/)
  t.like(failed.build.errors[1], {
    half: 'backend',
    line: 2,
    column: 7,
    lineText: "import './missing.js'",
  })
  t.regex(failed.build.errors[1]?.file ?? '', /greeting\.ts$/)
  t.deepEqual(await answer(dev), { hello: 'there' })

  // The missing file repairs the build.
  write(root, 'missing.ts', `export {}`)
  write(root, 'greeting.ts', `import './missing.js'\nexport const greeting = 'again'`)
  await events.until(
    'plugin',
    ({ pid, build }) => pid !== first.pid && pid !== second.pid && build.state === 'ok',
  )
  t.deepEqual(await answer(dev), { hello: 'again' })

  write(root, 'main.ts', text('1.2.0').replace("@Get('/')", "@Get('no-slash')"))
  const refused = await events.until('plugin', ({ build }) =>
    /no-slash/.test(build.errors[0]?.text ?? ''),
  )
  t.is(refused.version, '1.1.0')
  t.deepEqual(await answer(dev), { hello: 'again' })

  write(root, 'main.ts', `process.argv.length > 2 || process.exit(9)\n${text('1.3.0')}`)
  const dead = await events.until('plugin', ({ build }) =>
    /does not start/.test(build.errors[0]?.text ?? ''),
  )
  t.regex(dead.build.errors[0]?.text ?? '', /exit code 9/)
  t.is(dead.version, '1.1.0')
  t.deepEqual(await answer(dev), { hello: 'again' })

  // With another id it is another plugin, and the old one is removed.
  write(root, 'main.ts', text('2.0.0').replace('"id":"small"', '"id":"other"'))
  await events.until('gone', ({ id }) => id === 'small')
  await pluginThat(events, ({ id, build }) => id === 'other' && build.state === 'ok')
  t.is((await dev.ask('/api/plugins/small')).status, 404)
  t.like(await dev.json('/api/plugins/other'), { version: '2.0.0', health: 'healthy' })
})

test('from the line with the address on no request fails, however often the source is saved', async t => {
  const root = tscProject({
    'main.ts': text('1.0.0', '0'),
    'frontend/main.ts': `console.log('one')`,
  })
  const dev = await startDev(t, [root])
  const failures: string[] = []
  let isOver = false
  let latest = ''
  const poll = async (path: string): Promise<void> => {
    while (!isOver) {
      const { status, body } = await dev.ask(path)
      if (status !== 200) failures.push(`${path}: ${status} ${body}`)
      else if (path.endsWith('/small/')) latest = JSON.parse(body).hello
    }
  }
  const polls = ['route/small/', 'small', 'small/bundle.js'].map(path =>
    poll(`/api/plugins/${path}`),
  )
  for (let n = 1; n <= 5; n++) {
    write(root, 'main.ts', text('1.0.0', String(n)))
    await until(() => latest === String(n))
  }
  isOver = true
  await Promise.all(polls)
  t.deepEqual(failures, [])
})

test('a change of the frontend is a new bundle, and an error leaves the old one', async t => {
  const root = tscProject({
    'main.ts': text('1.0.0'),
    'frontend/main.ts': `console.log('one')`,
    'frontend/extra.ts': `export const extra = 1`,
  })
  const dev = await startDev(t, [root])
  const events = await dev.events()
  const { frontend } = await pluginThat(
    events,
    shown => built('1.0.0')(shown) && shown.frontend !== null,
  )
  const bundle = async () => dev.ask('/api/plugins/small/bundle.js')
  const first = await bundle()
  t.deepEqual(
    [first.status, first.headers['content-type'], first.headers['cache-control']],
    [200, 'application/javascript', 'no-store'],
  )
  t.regex(first.body, /one/)
  const pid = ((await dev.json('/api/plugins/small')) as { pid: number }).pid

  write(root, 'frontend/main.ts', `import { extra } from './extra.js'\nconsole.log('two', extra)`)
  await events.until('plugin', shown => shown.frontend !== null && shown.frontend !== frontend)
  t.regex((await bundle()).body, /two/)

  write(root, 'frontend/extra.ts', `export const extra = `)
  const failed = await events.until('plugin', ({ build }) => build.state === 'failed')
  t.like(failed.build.errors[0], { half: 'frontend', line: 1 })
  t.regex(failed.build.errors[0]?.file ?? '', /extra\.ts$/)
  t.regex((await bundle()).body, /two/)

  write(root, 'frontend/extra.ts', `export const extra = 'mended'`)
  await events.until(
    'plugin',
    ({ build, frontend: now }) =>
      build.state === 'ok' && now !== null && now !== frontend && now !== failed.frontend,
  )
  t.regex((await bundle()).body, /mended/)
  t.is(((await dev.json('/api/plugins/small')) as { pid: number }).pid, pid)
  t.is((await dev.ask('/api/plugins/small/disable', { method: 'POST' })).status, 200)
  t.is((await bundle()).status, 404)
})

test('the typed client of a frontend follows the routes, and a file that somebody wrote by hand stays', async t => {
  const route = (path: string): string =>
    `@Get('${path}', { response: t.array(t.string) }) hello(): string[] { return ['a'] }`
  const root = tscProject({
    'main.ts': pluginText({}, route('/')),
    'frontend/main.ts': `console.log('one')`,
  })
  const client = join(root, 'frontend/client.ts')
  t.is((await toruPlugin('routes', join(root, 'main.ts'), '--client', client)).code, 0)
  t.regex(readFileSync(client, 'utf8'), /'\/': \{ answer: Array<string> \}/)
  const dev = await startDev(t, [root])
  await pluginThat(await dev.events(), built('1.0.0'))
  write(root, 'main.ts', pluginText({}, route('/names')))
  await dev.says(/wrote .*frontend\/client\.ts: the routes have changed/)
  t.regex(readFileSync(client, 'utf8'), /'\/names': \{ answer: Array<string> \}/)

  write(root, 'frontend/client.ts', '// mine')
  write(root, 'main.ts', pluginText({ version: '2.0.0' }, route('/all')))
  await dev.says(/the new version is up[\s\S]*the new version is up/)
  write(root, 'main.ts', pluginText({ version: '3.0.0' }, route('/more')))
  await dev.says(/(the new version is up[\s\S]*){3}/)
  t.is(readFileSync(client, 'utf8'), '// mine')
})

test('an entry that never built is shown with its error, and is a plugin once it is mended', async t => {
  const root = tscProject({ 'main.ts': 'const = 1' })
  const dev = await startDev(t, [root])
  const events = await dev.events()
  const pending = await pluginThat(events, ({ build }) => build.state === 'failed')
  t.like(pending, { state: 'failed', version: '', pid: null })
  t.deepEqual(await dev.json('/api/plugins'), [])
  write(root, 'main.ts', text('1.0.0'))
  await events.until('gone', ({ id }) => id === pending.id)
  await pluginThat(events, built('1.0.0'))
  t.deepEqual(await answer(dev), { hello: 'world' })
})

test('each line of the log is an entry, stacks show the lines of the TypeScript, a debugger can attach, and the host’s table is hostKv()', async t => {
  const body = `
@Get('/fail') fail() {
  throw new Error('on purpose')
}
@Get('/log') log(_req: unknown, ctx: PluginContext) { for (const n of [1, 2, 3, 4, 5]) ctx.log.info('line ' + n); return null }
@Get('/kv') kv(_req: unknown, ctx: PluginContext) { return ctx.kv.get('theme') }`
  const root = tscProject({
    'main.ts': `import { hostKv, type PluginContext } from 'toru-plugin-api'\n${pluginText({}, body, '{ kv: hostKv() }')}`,
  })
  const dev = await startDev(t, [root, '--inspect', String(await freePort())])
  const events = await dev.events()
  const { pid } = await pluginThat(events, built('1.0.0'))
  t.is((await dev.ask('/api/plugins/route/small/fail')).status, 500)
  const line =
    1 +
    `import { hostKv, type PluginContext } from 'toru-plugin-api'\n${pluginText({}, body, '')}`
      .split('\n')
      .findIndex(one => one.includes('throw'))
  t.regex(
    (await events.until('log', ({ error }) => error?.includes('on purpose') === true)).error ?? '',
    new RegExp(`main\\.ts:${line}:`),
  )
  await dev.ask('/api/plugins/route/small/log')
  await events.until('log', ({ message }) => message === 'line 5')
  const { logs } = (await dev.json('/api/plugins/small/logs')) as {
    logs: ReadonlyArray<{ message: string }>
  }
  t.deepEqual(
    logs.map(({ message }) => message).filter(message => message.startsWith('line')),
    [5, 4, 3, 2, 1].map(n => `line ${n}`),
  )
  await dev.says(/Debugger listening on ws:\/\/127\.0\.0\.1:\d+/)
  await dev.post('/api/plugins/small/kv', { action: 'set', key: 'theme', value: 'dark' })
  t.like(await dev.json('/api/plugins/route/small/kv'), { value: 'dark' })
  write(root, 'main.ts', text('1.1.0'))
  t.not((await events.until('plugin', built('1.1.0'))).pid, pid)
  await dev.says(/Debugger listening[\s\S]*Debugger listening/)
})

test('npm start runs the samples', async t => {
  const dev = await startDev(
    t,
    ['hello', 'notes', 'services'].map(name => join(ROOT, 'samples', name)),
  )
  const events = await dev.events()
  await Promise.all(
    ['my-plugin', 'notes'].map(id =>
      pluginThat(events, shown => shown.id === id && built('1.0.0')(shown)),
    ),
  )
  t.deepEqual(await dev.json('/api/plugins/route/my-plugin/'), {
    status: 'ok',
    message: 'Hello from plugin!',
  })
  t.deepEqual(await dev.json('/api/plugins/route/notes/'), [])
  await pluginThat(
    events,
    shown => shown.id === 'systemd' && built(shown.version)(shown) && shown.frontend !== null,
  )
  t.regex((await dev.ask('/api/plugins/systemd/bundle.js')).body, /definePluginView/)
  t.deepEqual(await dev.json('/api/plugins/route/systemd/services'), [])
  const page = await dev.ask('/')
  t.is(page.headers['content-type'], 'text/html; charset=utf-8')
  t.regex(String(page.headers['content-security-policy']), /^default-src 'none'; script-src 'self'/)
  t.is(
    (await dev.ask('/console/vendor/preact.js')).headers['content-type'],
    'text/javascript; charset=utf-8',
  )
  t.is((await dev.ask('/console/..%2f..%2f..%2fpackage.json')).status, 404)
  for (const path of ['/console/../../../package.json', '/console/vendor/nothing.js', '/nowhere'])
    t.is((await dev.ask(path)).status, 404)
})
