import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { frame } from '../../support/bytes.js'
import { ask, connectHost, type Host } from '../../support/host.js'
import {
  bodyIn,
  http,
  httpAnswer,
  isObject,
  jsonResponse,
  timeless,
} from '../../support/messages.js'
import {
  folder,
  type PluginProcess,
  pluginFile,
  socketAt,
  startPlugin,
} from '../../support/plugin-process.js'

// Many connections, slow ones, greedy ones: each must cost itself only.

const start = (t: ExecutionContext, env: NodeJS.ProcessEnv = {}): Promise<PluginProcess> =>
  startPlugin(t, 'crowded', { env: { CROWDED_TOKEN: 'hunter2-hunter2', ...env } })
const get = (path: string) => http('tagged', 'r', { path })
const slow = timeless(httpAnswer('tagged', 'r', jsonResponse('slow')))
const served = async (t: ExecutionContext, { path }: PluginProcess): Promise<void> => {
  t.deepEqual(timeless(await ask(path, get('/slow'))), slow)
}
const state = async ({ path }: PluginProcess): Promise<Readonly<Record<string, unknown>>> => {
  const body = bodyIn(await ask(path, get('/state')))
  return isObject(body) ? body : {}
}
const descriptors = ({ child }: PluginProcess): number =>
  readdirSync(`/proc/${child.pid}/fd`).length

test.serial(
  'a thousand connections that send one byte and wait: the plugin keeps as many as it may, and serves all the while',
  async t => {
    const plugin = await start(t)
    await served(t, plugin)
    const before = descriptors(plugin)
    const waiting: Host[] = []
    for (let i = 0; i < 1_000; i++) {
      const host = await connectHost(plugin.path)
      host.raw(Buffer.from([0]))
      waiting.push(host)
      if (i % 100 === 99) {
        await served(t, plugin)
        t.true(descriptors(plugin) <= before + 64 + 2)
      }
    }
    // Nobody hangs on: those that were let in are closed in time, too.
    await Promise.all(waiting.map(host => host.rest()))
    await served(t, plugin)
    await plugin.entry('too many connections')
    await plugin.entry('no message in time')
  },
)

test.serial(
  'a first message must arrive in time, and a connection on which nothing happens is closed',
  async t => {
    const plugin = await start(t)
    const [half, silent, idle] = await Promise.all([
      connectHost(plugin.path),
      connectHost(plugin.path),
      connectHost(plugin.path),
    ])
    half.raw(frame(get('/slow')).subarray(0, 20))
    idle.send(get('/slow'))
    t.deepEqual(timeless(await idle.answer()), slow)
    t.deepEqual(await Promise.all([half.rest(), silent.rest()]), [[], []])
    await plugin.entry('no message in time')
    t.deepEqual(await idle.rest(), [])
    await plugin.entry('idle')
  },
)

test.serial(
  'requests that come faster than answers are taken as far as the bound, and all are answered',
  async t => {
    const plugin = await start(t)
    const host = await connectHost(plugin.path)
    const all = Array.from({ length: 300 }, (_, i) => http('tagged', `r${i}`, { path: '/slow' }))
    host.send(...all)
    const answers = await host.answers(300)
    t.is(new Set(answers.map(answer => isObject(answer) && answer.request_id)).size, 300)
    t.is((await state(plugin)).most, 8)
  },
)

test.serial(
  'the answers of a reader that does not read do not pile up, and others are served',
  async t => {
    const plugin = await start(t, { IDLE_TIMEOUT: '60000' })
    const before = Number((await state(plugin)).rss)
    const lazy = await connectHost(plugin.path)
    lazy.socket.pause()
    // 120 answers of 1 MB each are asked for, and nobody reads one of them.
    lazy.raw(Buffer.concat(Array.from({ length: 120 }, () => frame(get('/large')))))
    for (let i = 0; i < 20; i++) await served(t, plugin)
    const after = Number((await state(plugin)).rss)
    t.true(after - before < 80_000_000, `${after - before} bytes more`)
    // Had they piled up, the bound of 20 MiB would have cost it its connection.
    lazy.socket.resume()
    t.is((await lazy.answers(120)).length, 120)
    lazy.destroy()
  },
)

test.serial(
  'half messages past the bound of bytes go, the longest first, and those who behave are served',
  async t => {
    const plugin = await start(t, { FRAME_TIMEOUT: '60000' })
    const declared = Buffer.alloc(4)
    declared.writeUInt32BE(16_000_000)
    const greedy = await Promise.all([1, 2, 3].map(() => connectHost(plugin.path)))
    for (const host of greedy) host.raw(Buffer.concat([declared, Buffer.alloc(9_000_000, 0x20)]))
    // One of the three is over the bound of 20 MiB: it goes, and the two others may go on.
    await Promise.race(greedy.map(host => host.rest()))
    await plugin.entry('1 too much memory')
    await served(t, plugin)
    for (const host of greedy) host.destroy()
  },
)

test.serial(
  'answers that nobody reads count against that bound, too, and those who read are served',
  async t => {
    const plugin = await start(t)
    const lazy = await Promise.all(Array.from({ length: 40 }, () => connectHost(plugin.path)))
    for (const host of lazy) {
      host.socket.pause()
      host.send(get('/large'))
    }
    await plugin.entry('too much memory')
    await served(t, plugin)
    for (const host of lazy) host.destroy()
  },
)

test.serial(
  'a careless plugin answers the rest: it prints, throws, hangs and forgets promises, and does not grow',
  async t => {
    const plugin = await start(t)
    const before = Number((await state(plugin)).rss)
    const kinds = [
      'fine',
      'throw',
      'stray',
      'throw',
      'fine',
      'throw',
      'fine',
      'throw',
      'fine',
      'hang',
    ]
    for (let i = 0; i < 300; i++) {
      const kind = kinds[i % kinds.length] ?? 'fine'
      const asked = ask(
        plugin.path,
        http('tagged', 'r', { method: 'POST', path: '/careless', body: kind }),
      )
      if (kind === 'hang') {
        // Others are served while it hangs.
        await served(t, plugin)
        if (i < 20) t.is(statusOf(await asked), 504)
        else asked.catch(() => undefined)
      } else t.is(statusOf(await asked), kind === 'throw' ? 500 : 200)
    }
    await plugin.entry('unhandled rejection')
    t.is(plugin.stdout(), '')
    const after = Number((await state(plugin)).rss)
    t.true(after - before < 60_000_000, `${after - before} bytes more`)
  },
)

const statusOf = (answer: unknown): unknown => {
  const payload =
    isObject(answer) && isObject(answer.payload) && isObject(answer.payload.payload)
      ? answer.payload.payload
      : {}
  const inner: unknown = JSON.parse(String(payload.body))
  return isObject(inner) ? inner.status : undefined
}

test.serial(
  'a promise that a handler forgot is logged with its route when it is rejected, after the answer',
  async t => {
    const plugin = await start(t)
    t.is(
      statusOf(
        await ask(
          plugin.path,
          http('tagged', 'r', { method: 'POST', path: '/careless', body: 'forgotten' }),
        ),
      ),
      200,
    )
    await plugin.entry('unhandled rejection, from Crowded.careless (POST /careless): forgotten')
    await served(t, plugin)
  },
)

test.serial(
  'an exception after the answer is logged with the route where its error was made, and others are served',
  async t => {
    const plugin = await start(t)
    t.is(
      statusOf(
        await ask(
          plugin.path,
          http('tagged', 'r', { method: 'POST', path: '/careless', body: 'later' }),
        ),
      ),
      200,
    )
    await plugin.entry('uncaught exception, from Crowded.careless (POST /careless): thrown later')
    await served(t, plugin)
  },
)

test.serial('what is secret stands in no line of the log and in no answer', async t => {
  const plugin = await start(t)
  const headers = {
    authorization: 'Bearer abcdef123456',
    cookie: 'session_id=feedface1234; theme=dark-mode-cookie',
  }
  const answer = await ask(plugin.path, http('tagged', 'r', { path: '/secrets', headers }))
  t.is(statusOf(answer), 500)
  await plugin.entry('it broke with')
  plugin.child.kill('SIGTERM')
  await once(plugin.child, 'close')
  for (const text of ['hunter2-hunter2', 'abcdef123456', 'feedface1234', 'dark-mode-cookie']) {
    t.false(plugin.stderr().includes(text), text)
    t.false(JSON.stringify(answer).includes(text), text)
  }
  t.true(plugin.stderr().includes('the token is [secret]'))
})

test.serial(
  'work in the background repeats beside requests, whatever becomes of one run',
  async t => {
    const plugin = await start(t)
    await served(t, plugin)
    await plugin.entry('every second tick fails')
    const ticks = Number((await state(plugin)).ticks)
    await plugin.entry('Crowded.tick, every 50 ms, failed')
    t.true(ticks >= 1)
    let later = ticks
    for (let i = 0; i < 2_000 && later < ticks + 4; i++) later = Number((await state(plugin)).ticks)
    t.true(later >= ticks + 4, `${ticks}, then ${later}`)
  },
)

test.serial(
  'work in the background begins no more once the plugin stops, while a request is still answered',
  async t => {
    const plugin = await start(t)
    await plugin.entry('Crowded.tick, every 50 ms, failed')
    const host = await connectHost(plugin.path)
    host.send(http('tagged', 'r', { method: 'POST', path: '/careless', body: 'hang' }))
    await plugin.entry('noise')
    plugin.child.kill('SIGTERM')
    // It takes 300 ms to give the request up: time for three ticks that fail.
    t.deepEqual((await host.rest()).map(statusOf), [504])
    await plugin.exited
    const messages = plugin.entries().map(({ message }) => String(message))
    const stopping = messages.findIndex(message => message.startsWith('stopping: '))
    t.true(stopping >= 0)
    t.deepEqual(
      messages.slice(stopping).filter(message => message.startsWith('Crowded.tick')),
      [],
    )
  },
)

test.serial(
  'without free descriptors it goes on, and takes connections again when there are some',
  async t => {
    // The shell lowers the limit for the plugin alone; each connection takes one.
    const path = join(folder(), 'plugin.sock')
    const env = {
      ...process.env,
      TORU_PLUGIN_SOCKET: path,
      TORU_DATA_DIR: folder(),
      TORU_KV: 'memory',
    }
    const child = spawn(
      'sh',
      ['-c', 'ulimit -n 60; exec "$0" "$1"', process.execPath, pluginFile('workshop')],
      { env, stdio: 'ignore' },
    )
    t.teardown(() => void child.kill('SIGKILL'))
    await socketAt(path)
    const answer = async () => statusOf(await ask(path, http('tagged', 'r')))
    t.is(await answer(), 200)
    const early = await connectHost(path)
    const held = await Promise.all(Array.from({ length: 80 }, () => connectHost(path)))
    let used = 0
    for (let i = 0; i < 200 && used < 59; i++) {
      early.send(http('tagged', 'r'))
      t.is(statusOf(await early.answer()), 200)
      used = readdirSync(`/proc/${child.pid}/fd`).length
    }
    t.true(used >= 59, `${used}`)
    for (const host of held) host.destroy()
    await Promise.all(held.map(host => host.rest()))
    let status: unknown
    for (let i = 0; i < 200 && status !== 200; i++)
      status = await answer().catch(() => new Promise(resolve => setTimeout(resolve, 20)))
    t.is(status, 200)
    t.is(child.exitCode, null)
  },
)
