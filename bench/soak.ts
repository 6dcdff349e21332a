// A million mixed requests against one plugin: `npm run soak` (`-- 100000` for fewer). Its memory, descriptors and timers must not grow after the warm-up.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askingOn, DIST, frameOf, startAt } from './process.js'

const TOTAL = Number(process.argv[2] ?? 1_000_000)
const WORKERS = 8
const PARTS = 10
/** How much more memory the last parts may use than the third: what the collector of V8 leaves to chance. */
const ALLOWED_GROWTH = 25 * 1024 * 1024

const folder = mkdtempSync(join(tmpdir(), 'toru-soak-'))
const path = join(folder, 'plugin.sock')
const child = await startAt(join(DIST, 'spec/fixtures/plugins/crowded.js'), path, {
  CROWDED_TOKEN: 'soaking',
  TORU_DATA_DIR: folder,
  TORU_LOG_LEVEL: 'error',
  NOISE: '20',
})

const http = (method: string, where: string, body: string | null = null): Buffer =>
  frameOf({
    type: 'http',
    timestamp: '2026-01-01T00:00:00Z',
    request_id: 'r',
    payload: { type: 'http', request_id: 'r', payload: { method, path: where, headers: {}, body } },
  })
const kv = (action: string, key: string, value?: string): Buffer =>
  frameOf({ type: 'kv', timestamp: '2026-01-01T00:00:00Z', request_id: 'r', payload: { type: 'kv', request_id: 'r', action, key, value } })

/** What is sent and how often, in a thousand. */
const MIX: ReadonlyArray<readonly [number, Buffer]> = [
  [600, http('POST', '/careless', 'fine')],
  [120, http('GET', '/nowhere')],
  [100, kv('Get', 'k')],
  [60, kv('Set', 'k', 'value')],
  [50, http('POST', '/careless', 'throw')],
  [50, http('PATCH', '/state')],
  [15, http('GET', '/slow')],
  [4, http('POST', '/careless', 'stray')],
  [1, http('GET', '/large')],
]

const state = async (): Promise<{ readonly rss: number; readonly descriptors: number; readonly timers: number }> => {
  const { ask, socket } = askingOn(path)
  const answer = JSON.parse((await ask(http('GET', '/state'))).toString())
  socket.destroy()
  return JSON.parse(JSON.parse(answer.payload.payload.body).body)
}

/** A small generator of numbers, so that a run can be repeated. */
const random = (seed: number): (() => number) => {
  let x = seed
  return () => {
    x = (Math.imul(x, 1_664_525) + 1_013_904_223) >>> 0
    return x / 4_294_967_296
  }
}

const pick = (roll: number): Buffer => {
  let rest = roll * 1_000
  for (const [weight, frame] of MIX) {
    rest -= weight
    if (rest < 0) return frame
  }
  return http('GET', '/nowhere')
}

/** Sends its share, on a connection that now and then is left in the midst of a request, or spoilt with what is no message. */
const worker = async (count: number, next: () => number): Promise<void> => {
  let asking = askingOn(path)
  for (let i = 0; i < count; i++) {
    const roll = next()
    if (roll < 0.001) {
      asking.socket.on('error', () => undefined)
      asking.socket.write(roll < 0.0005 ? 'GET / HTTP/1.1\r\n\r\n' : http('GET', '/slow'))
      asking.socket.destroy()
      asking = askingOn(path)
    } else if (roll < 0.01) {
      // A connection for one request, as today's host does it.
      const fresh = askingOn(path)
      await fresh.ask(pick(next()))
      fresh.socket.destroy()
    } else await asking.ask(pick(next()))
  }
  asking.socket.destroy()
}

const rows: Array<Awaited<ReturnType<typeof state>>> = [await state()]
const begun = performance.now()
console.log('| requests | resident memory, MiB | descriptors | timers |\n|---|---|---|---|')
const show = (requests: number, { rss, descriptors, timers }: Awaited<ReturnType<typeof state>>): void =>
  console.log(`| ${requests} | ${(rss / 1024 / 1024).toFixed(1)} | ${descriptors} | ${timers} |`)
show(0, await state())
for (let part = 1; part <= PARTS; part++) {
  await Promise.all(Array.from({ length: WORKERS }, (_, i) => worker(Math.ceil(TOTAL / PARTS / WORKERS), random(part * 100 + i))))
  const row = await state()
  rows.push(row)
  show(Math.round((TOTAL / PARTS) * part), row)
}
const seconds = (performance.now() - begun) / 1000
child.kill('SIGKILL')
rmSync(folder, { recursive: true, force: true })

const [warm, last] = [rows[3], rows.at(-1)]
const growth = (last?.rss ?? 0) - (warm?.rss ?? 0)
const leaks = (last?.descriptors ?? 0) - (warm?.descriptors ?? 0) > 5 || (last?.timers ?? 0) - (warm?.timers ?? 0) > 5
console.log(
  `\n${TOTAL} requests in ${seconds.toFixed(0)} s on Node.js ${process.version}; ${(growth / 1024 / 1024).toFixed(1)} MiB more than after 30 % of them`,
)
if (growth > ALLOWED_GROWTH || leaks) {
  console.error('the plugin grew')
  process.exitCode = 1
}
