import { execFileSync } from 'node:child_process'
import { constants, openSync, readdirSync, readSync, writeSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import { build } from 'esbuild'
import { Plugin } from '../../../decorators/index.js'
import { METADATA, problemsOf } from '../../dispatch/harness.js'
import { connectHost, tell } from '../../support/host.js'
import { http, init } from '../../support/messages.js'
import {
  folder,
  type PluginProcess,
  pluginFile,
  startPlugin,
} from '../../support/plugin-process.js'
import { get, guardedPlugin, hostedPlugin } from '../hosted-plugin.js'

const KILLED = { code: null, signal: 'SIGKILL' }

/** Sends a request whose answer nobody waits for. */
const block = async (t: ExecutionContext, path: string, way: string): Promise<void> => {
  const host = await connectHost(path)
  t.teardown(() => host.destroy())
  host.send(http('tagged', 'b', { path: `/block/${way}` }))
}

for (const [way, stack] of [
  ['loop', /^blocked:\n {4}at spinForEver \(file:.*\/stuck\.js:\d+:\d+\)\n {4}at .*block.*\(file:/],
  ['regexp', /^blocked:\n {4}at .*regexp \(file:.*\/stuck\.js:\d+:\d+\)\n {4}at .*block.*\(file:/],
  [
    'atomics',
    /^blocked:\n {4}at .*atomics \(file:.*\/stuck\.js:\d+:\d+\)\n {4}at .*block.*\(file:/,
  ],
  ['microtasks', /^blocked:\n {4}at .*again \(file:.*\/stuck\.js:\d+:\d+\)/],
  [
    'child',
    /^no stack: it is blocked outside of JavaScript, for example by a synchronous child process$/,
  ],
] as const) {
  test(`a blocked event loop (${way}) is logged with its stack and killed`, async t => {
    const plugin = await startPlugin(t, 'stuck')
    await block(t, plugin.path, way)
    t.deepEqual(await plugin.exited, KILLED)
    const { timestamp, message, error, ...rest } = await plugin.entry('the event loop was blocked')
    t.deepEqual(rest, { level: 'Error', plugin: 'stuck', pid: plugin.child.pid })
    t.regex(String(timestamp), /^\d{4}-\d\d-\d\dT.*Z$/)
    t.regex(
      String(message),
      /^the event loop was blocked for 1\.\d s: this process is killed \(SIGKILL, exit code 137\)$/,
    )
    t.regex(String(error), stack)
  })
}

test('an @OnInit that blocks is noticed', async t => {
  const plugin = await startPlugin(t, 'stuck', { env: { START: 'loop' } })
  await tell(plugin.path, init('one'))
  t.deepEqual(await plugin.exited, KILLED)
  t.regex(String((await plugin.entry('the event loop was blocked')).error), /at begin \(/)
})

test('a plugin in one minified CommonJS file is watched, too', async t => {
  const file = join(folder(), 'stuck.cjs')
  await build({
    entryPoints: [pluginFile('stuck')],
    bundle: true,
    minify: true,
    platform: 'node',
    format: 'cjs',
    outfile: file,
  })
  const plugin = await startPlugin(t, 'stuck', { file })
  await block(t, plugin.path, 'loop')
  t.deepEqual(await plugin.exited, KILLED)
  t.regex(
    String((await plugin.entry('the event loop was blocked')).error),
    /^blocked:\n {4}at .*stuck\.cjs:\d+:\d+/,
  )
})

/** A pipe with a name, whose reading end is never closed. */
const namedPipe = (): number => {
  const path = join(folder(), 'stderr')
  execFileSync('mkfifo', [path])
  return openSync(path, constants.O_RDWR | constants.O_NONBLOCK)
}

test('on a pipe the last entry fills one read of the host', async t => {
  const fd = namedPipe()
  const plugin = await startPlugin(t, 'stuck', { stdio: ['ignore', 'ignore', fd] })
  await block(t, plugin.path, 'loop')
  t.deepEqual(await plugin.exited, KILLED)
  const bytes = Buffer.alloc(65_536)
  const length = readSync(fd, bytes)
  t.is(length % 4096, 0)
  const last = bytes.toString('utf8', length - 4096, length)
  t.true(last.endsWith(' \n'))
  t.regex(String(JSON.parse(last).message), /^the event loop was blocked/)
})

test('a full pipe does not delay the end', async t => {
  const fd = namedPipe()
  const plugin = await startPlugin(t, 'stuck', { stdio: ['ignore', 'ignore', fd] })
  t.throws(
    () => {
      for (;;) writeSync(fd, Buffer.alloc(4096, 'x'))
    },
    { code: 'EAGAIN' },
  )
  await block(t, plugin.path, 'loop')
  t.deepEqual(await plugin.exited, KILLED)
})

test('a process that was stopped is not blocked', async t => {
  const plugin = await startPlugin(t, 'stuck')
  const before = await get(plugin.path)
  plugin.child.kill('SIGSTOP')
  await pause(2500)
  plugin.child.kill('SIGCONT')
  t.deepEqual(await get(plugin.path), before)
  t.deepEqual(await get(plugin.path, '/wait/600'), { waited: 600 })
})

test('a busy event loop that still turns is not blocked', async t => {
  const plugin = await startPlugin(t, 'stuck', { env: { STALL: '2000' } })
  for (let turn = 0; turn < 6; turn += 1)
    t.deepEqual(await get(plugin.path, '/busy/400'), { busy: 400 })
})

test('a process that is debugged is not killed', async t => {
  const plugin = await startPlugin(t, 'stuck')
  t.deepEqual(await get(plugin.path, '/debug'), { debugged: true })
  // The event loop says so with its next beat.
  t.deepEqual(await get(plugin.path, '/wait/300'), { waited: 300 })
  t.deepEqual(await get(plugin.path, '/busy/2000'), { busy: 2000 })
})

test('nor is one that a debugger enters once it is blocked', async t => {
  const plugin = await startPlugin(t, 'stuck', { env: { NODE_OPTIONS: '--inspect-port=0' } })
  await get(plugin.path)
  t.deepEqual(await get(plugin.path, '/entered/2500'), { busy: 2500 })
  t.regex(plugin.stderr(), /Debugger listening/)
})

const threads = ({ child }: PluginProcess): number => readdirSync(`/proc/${child.pid}/task`).length

test('stallTimeout is 1 s to 10 minutes, or 0', t => {
  const problems = (stallTimeout: number): ReadonlyArray<string> => {
    @Plugin(METADATA, { stallTimeout })
    class Notes {}
    return problemsOf(new Notes()).map(({ place, cause }) => `${place}: ${cause}`)
  }
  t.deepEqual([0, 1_000, 600_000].flatMap(problems), [])
  t.deepEqual(
    [1, 999, 600_001, -1, Number.NaN].flatMap(problems),
    ['1', '999', '600001', '-1', 'NaN'].map(
      got =>
        `Notes @Plugin stallTimeout: expected an integer from 1000 to 600000 (milliseconds, or 0 for no watchdog), got ${got}`,
    ),
  )
})

test('stallTimeout 0 starts no thread', async t => {
  const [watched, unwatched] = await Promise.all([
    startPlugin(t, 'stuck'),
    startPlugin(t, 'stuck', { env: { STALL: '0' } }),
  ])
  await Promise.all([get(watched.path), get(unwatched.path)])
  t.is(threads(watched), threads(unwatched) + 1)
})

test('a blocked event loop does not outlive the host', async t => {
  const plugin = hostedPlugin(t, 'stuck', { env: { STALL: '60000' } })
  await plugin.listening()
  const host = await connectHost(plugin.path)
  host.send(http('tagged', 'b', { path: '/busy/60000' }))
  await plugin.entry('busy')
  plugin.child.kill('SIGKILL')
  await plugin.exited
  const { message, error } = await plugin.entry('the host is gone and the event loop was blocked')
  t.regex(String(message), / for [34]\.\d s: this process is killed/)
  t.regex(String(error), /at busy \(/)
})

test('nor does one with a guardian, which ends with it', async t => {
  const plugin = guardedPlugin(t, 'stuck', { env: { STALL: '60000' } })
  await plugin.listening()
  const host = await connectHost(plugin.path)
  t.teardown(() => host.destroy())
  host.send(http('tagged', 'b', { path: '/busy/60000' }))
  // Only now it is blocked: before that it would notice by itself.
  await plugin.entry('busy')
  plugin.child.kill('SIGKILL')
  t.deepEqual(await plugin.exited, KILLED)
  await plugin.entry('the host is gone and the event loop was blocked')
  await plugin.entry('started again: the process before this one ended with exit code 137')
  await plugin.entry('stopping: the host that started this plugin is gone')
})

test('a plugin without a thread logs that, and runs', async t => {
  const permission = process.version.startsWith('v20.')
    ? '--experimental-permission'
    : '--permission'
  // From Node.js 25 on sockets want a permission, too.
  const sockets = process.allowedNodeEnvironmentFlags.has('--allow-net') ? ' --allow-net' : ''
  const plugin = await startPlugin(t, 'stuck', {
    env: { NODE_OPTIONS: `${permission} --allow-fs-read=* --allow-fs-write=*${sockets}` },
  })
  t.deepEqual(await get(plugin.path), { pid: plugin.child.pid })
  t.is((await plugin.entry('the event loop is not watched: ')).level, 'Warn')
  t.deepEqual(await get(plugin.path, '/busy/1500'), { busy: 1500 })
})
