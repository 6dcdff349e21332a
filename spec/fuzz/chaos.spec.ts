import test from 'ava'
import { frame, line } from '../support/bytes.js'
import { ask, connectHost, type Host } from '../support/host.js'
import {
  http,
  httpAnswer,
  init,
  jsonResponse,
  kv,
  kvAnswer,
  lifecycle,
  timeless,
} from '../support/messages.js'
import { type PluginProcess, startPlugin } from '../support/plugin-process.js'
import { FACTOR, SEED } from '../support/properties.js'

// Everything at once, at random: and a client that behaves gets every one of its answers, right.

const ACTS = 200 * FACTOR

const generator = (seed: number): (() => number) => {
  let x = seed >>> 0
  return () => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return x / 4_294_967_296
  }
}

type Mischief = (
  plugin: PluginProcess,
  random: () => number,
  keep: (host: Host) => void,
) => Promise<void>

const careless = (kind: string) =>
  http('tagged', 'c', { method: 'POST', path: '/careless', body: kind })
const large = http('tagged', 'l', { path: '/large' })

const MISCHIEF: Readonly<Record<string, Mischief>> = {
  'noise in the place of a message': async ({ path }, random, keep) => {
    const host = await connectHost(path)
    host.raw(
      Buffer.from(
        Array.from({ length: 1 + Math.floor(random() * 200) }, () => Math.floor(random() * 256)),
      ),
    )
    keep(host)
  },
  'half a message': async ({ path }, random, keep) => {
    const host = await connectHost(path)
    const whole = frame(careless('fine'))
    host.raw(whole.subarray(0, 1 + Math.floor(random() * (whole.length - 1))))
    keep(host)
  },
  'a message with one byte changed': async ({ path }, random, keep) => {
    const host = await connectHost(path)
    const bytes = frame(careless('fine'))
    bytes[Math.floor(random() * bytes.length)] = Math.floor(random() * 256)
    host.raw(bytes)
    keep(host)
  },
  'many that send one byte': async ({ path }, _random, keep) => {
    for (let i = 0; i < 30; i++) {
      const host = await connectHost(path)
      host.raw(Buffer.from([0]))
      keep(host)
    }
  },
  'a reader that does not read': async ({ path }, _random, keep) => {
    const host = await connectHost(path)
    host.socket.pause()
    host.send(large, large, large, large, large)
    keep(host)
  },
  'one that leaves at once': async ({ path }) => {
    const host = await connectHost(path)
    host.send(careless('fine'), careless('hang'), large)
    host.destroy()
  },
  'nesting without end': async ({ path }, _random, keep) => {
    const host = await connectHost(path)
    host.raw(line('['.repeat(1_000)).subarray(0, 900))
    host.send(http('tagged', 'd', { method: 'POST', path: '/careless', body: '['.repeat(100_000) }))
    keep(host)
  },
  'handlers that throw, hang and forget promises': async ({ path }, random) => {
    const kind = ['throw', 'hang', 'stray'][Math.floor(random() * 3)] ?? 'throw'
    const host = await connectHost(path)
    host.send(careless(kind))
    await Promise.race([host.answer(), new Promise(resolve => setTimeout(resolve, 50))]).catch(
      () => undefined,
    )
    host.destroy()
  },
  'lifecycle messages again and again': async ({ path }, _random, keep) => {
    const host = await connectHost(path)
    host.send(
      init('chaos'),
      lifecycle('tagged', { action: 'ping' }),
      lifecycle('documented', { action: 'dance' }),
    )
    keep(host)
  },
  'a process that is stopped for a moment': async ({ child }) => {
    child.kill('SIGSTOP')
    await new Promise(resolve => setTimeout(resolve, 30))
    child.kill('SIGCONT')
  },
}

test.serial(`whatever others do, who behaves is served (FUZZ_SEED=${SEED})`, async t => {
  t.timeout(60_000 + 500 * ACTS)
  const random = generator(SEED)
  const plugin = await startPlugin(t, 'crowded', {
    env: { CROWDED_TOKEN: 'chaos-chaos', NOISE: '50', FRAME_TIMEOUT: '1000', HTTP_TIMEOUT: '5000' },
  })
  const kept: Host[] = []
  const keep = (host: Host): void => {
    kept.push(host)
    // Old ones leave, so that the test itself does not run out of descriptors.
    if (kept.length > 150) kept.shift()?.destroy()
  }
  const names = Object.keys(MISCHIEF)
  let done = 0
  const mischief = async (): Promise<void> => {
    while (done < ACTS) {
      done++
      const name = names[Math.floor(random() * names.length)] ?? ''
      await MISCHIEF[name]?.(plugin, random, keep).catch(() => undefined)
      // Without a breath it would only be overload.
      await new Promise(resolve => setTimeout(resolve, 10 * random()))
    }
  }
  let served = 0
  const behaves = async (): Promise<void> => {
    const expected = [
      timeless(httpAnswer('tagged', 'r', jsonResponse('slow'))),
      kvAnswer('tagged', 'k', null),
      kvAnswer('tagged', 'k', 'value'),
    ]
    while (served === 0 || done < ACTS) {
      // A connection for each, as today's host does it.
      const answers = [
        await ask(plugin.path, http('tagged', 'r', { path: '/slow' })),
        await ask(plugin.path, kv('tagged', 'k', 'set', 'key', 'value')),
        await ask(plugin.path, kv('tagged', 'k', 'get', 'key')),
      ]
      t.deepEqual(answers.map(timeless), expected)
      served += answers.length
    }
  }
  await Promise.all([mischief(), mischief(), behaves()])
  for (const host of kept) host.destroy()
  t.is(plugin.stdout(), '')
  t.is(plugin.child.exitCode, null)
})
