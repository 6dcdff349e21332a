import { unlinkSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { makeDeferred } from '../../../lib/devhost/deferred.js'
import { type DevHost, startHost } from '../../../lib/devhost/host.js'
import { developmentPolicy } from '../../../lib/devhost/host-policy.js'
import { backendError } from '../../../lib/devhost/plugin/build-status.js'
import type { WatchedEntry } from '../../../lib/devhost/plugin/watched-entry.js'
import { folder } from '../../support/plugin-process.js'
import { until } from '../../support/processes.js'
import { pluginsFolder } from '../dev-host.js'

// A host in this process, with entries that are built by hand.

interface Setup {
  readonly plugins?: string
  readonly entries?: ReadonlyArray<WatchedEntry>
  readonly waitForStart?: number
}

const started = async (
  t: ExecutionContext,
  { plugins, entries = [], waitForStart = 60_000 }: Setup,
): Promise<{ readonly host: DevHost; readonly said: ReadonlyArray<string> }> => {
  const said: string[] = []
  const host = await startHost({
    version: '1.0.0',
    dialect: 'tagged',
    policy: { ...developmentPolicy, waitForStart },
    address: '127.0.0.1',
    token: undefined,
    ports: [0],
    data: join(folder(), 'data'),
    plugins,
    entries,
    say: ({ text }) => void said.push(text),
    onLog: () => undefined,
    onPlugin: () => undefined,
  })
  if (E.isLeft(host)) throw new Error(host.left)
  t.teardown(() => host.right.stop())
  return { host: host.right, said }
}

const script = (file: string, text: string): string => {
  const plugins = pluginsFolder({ [file]: `#!/bin/sh\n${text}\n` })
  return join(plugins, file)
}

type Events = Parameters<WatchedEntry['watch']>[0]

const entry = (
  source: string,
  begin: (on: Events) => Promise<unknown>,
  hasFrontend = false,
): WatchedEntry => ({
  source,
  inspected: false,
  hasFrontend,
  watch: on => {
    const running = begin(on)
    return { stop: async () => void (await running) }
  },
})

const built = (file: string) => (on: Events) =>
  on({ _tag: 'Backend', launch: { command: [file], source: file }, errors: [], took: 1 })

const metadata = (id: string): string =>
  `[ "$1" = --metadata ] && echo '{"id":"${id}","name":"X","version":"1","icon":"","route":"/${id}"}' && exit`

const statesOf = ({ context }: DevHost): Readonly<Record<string, string>> =>
  Object.fromEntries(context.state().plugins.map(({ id, state }) => [id, state]))

test('a host without plugins is ready at once', async t => {
  const { host } = await started(t, {})
  await host.ready
  t.deepEqual(await (await fetch(`${host.url}api/plugins`)).json(), [])
})

test('a host is ready when every plugin has started or failed, whatever is wrong with it', async t => {
  const { host, said } = await started(t, {
    waitForStart: 5_000,
    plugins: pluginsFolder({
      'puppet.binary': 'puppet',
      'silent.binary': `#!/bin/sh\n${metadata('silent')}\nexec sleep 600\n`,
      'crashing.binary': `#!/bin/sh\n${metadata('crashing')}\nexit 78\n`,
    }),
    entries: [
      entry('unbuilt.ts', on =>
        on({ _tag: 'Failed', half: 'backend', errors: [backendError('no')], took: 1 }),
      ),
      entry('endless.ts', built(script('endless', 'exec sleep 600'))),
    ],
  })
  const list = fetch(`${host.url}api/plugins`)
  t.is((await fetch(host.url)).status, 200, 'the console shows what happens meanwhile')
  await host.ready
  const listed = (await (await list).json()) as ReadonlyArray<{ readonly id: string }>
  t.deepEqual(
    listed.map(({ id }) => id),
    ['crashing', 'puppet', 'silent'],
  )
  t.deepEqual(statesOf(host), {
    puppet: 'running',
    silent: 'starting',
    crashing: 'failed',
    'building-unbuilt': 'failed',
    'building-endless': 'failed',
  })
  t.true(said.some(text => /^waiting for .*endless\.ts/.test(text)))

  const route = `${host.url}api/plugins/route`
  t.is((await fetch(`${route}/puppet/`)).status, 200)
  const answers = await Promise.all(
    ['silent', 'crashing'].map(async id => {
      const answer = await fetch(`${route}/${id}/`)
      return [answer.status, await answer.json()]
    }),
  )
  t.deepEqual(answers, [
    [503, { error: 'it has not started within 5 s: its socket was not there within 1 s' }],
    [502, { error: 'its configuration does not fit; it ended with exit code 78' }],
  ])
})

test('clients that leave while they wait for a plugin are forgotten', async t => {
  const place = folder()
  const [flag, puppet] = [join(place, 'flag'), join(pluginsFolder(), 'puppet.binary')]
  writeFileSync(flag, '')
  const late = `[ "$1" = --metadata ] || until [ -e ${flag} ]; do sleep 0.05; done`
  const { host } = await started(t, {
    plugins: pluginsFolder({ 'late.binary': `#!/bin/sh\n${late}\nexec ${puppet} "$@"\n` }),
  })
  await host.ready
  unlinkSync(flag)
  await host.context.plugins.get('puppet')?.managed.restart()
  const path = '/api/plugins/route/puppet/'
  const leave = (): Promise<void> =>
    new Promise(resolve => {
      const client = connect(host.port, '127.0.0.1')
      client.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n\r\n`)
      // The host has the request.
      client.once('data', () => client.destroy())
      client.once('close', () => resolve())
    })
  await Promise.all(Array.from({ length: 20 }, leave))
  const stays = fetch(`http://127.0.0.1:${host.port}${path}stays`)
  writeFileSync(flag, '')
  t.is((await stays).status, 200)
  t.deepEqual(
    host.context.traffic.list().map(({ title }) => title),
    ['init', 'shutdown', 'init', 'GET /stays'],
  )
})

test('a host is ready when the frontend is built, too', async t => {
  const frontend = makeDeferred()
  const file = join(pluginsFolder(), 'puppet.binary')
  const { host } = await started(t, {
    entries: [
      entry(
        'main.ts',
        async on => {
          await built(file)(on)
          await frontend.promise
          await on({ _tag: 'Frontend', code: 'bundle', took: 1 })
        },
        true,
      ),
    ],
  })
  const bundle = fetch(`${host.url}api/plugins/puppet/bundle.js`)
  await until(() => statesOf(host).puppet === 'running')
  frontend.resolve()
  t.is(await (await bundle).text(), 'bundle')
})

test('a host that ends while its plugins are asked and started does not wait for them', async t => {
  const { host, said } = await started(t, {
    plugins: pluginsFolder({ 'endless.binary': '#!/bin/sh\nexec sleep 600\n' }),
    entries: [entry('main.ts', built(script('endless', 'exec sleep 600')))],
  })
  await host.stop()
  await host.ready
  t.deepEqual(said, [])
  t.deepEqual(host.context.plugins.all(), [])
})
