// A million mixed requests against one plugin: `npm run soak` (`-- 100000` for fewer). Its memory,
// descriptors and timers must not grow after the warm-up.
import { http, kv, MIB, type PluginState, showState, startCrowded, stateHeader } from './crowded.js'
import { askingOn } from './process.js'

const TOTAL = Number(process.argv[2] ?? 1_000_000)
const WORKERS = 8
const PARTS = 10
/**
 * How much more memory the last parts may use than the third: V8's garbage collector varies this
 * much.
 */
const ALLOWED_GROWTH = 25 * MIB

const plugin = await startCrowded({ NOISE: '20' })
const { path } = plugin

/** What is sent, and how often in a thousand. */
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

/** A small random number generator with a seed, so that a run can be repeated. */
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

/**
 * Sends its share. Now and then it leaves the connection in the middle of a request, or sends
 * something that is no message.
 */
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

const rows: Array<PluginState> = [await plugin.state()]
const begun = performance.now()
console.log(stateHeader('requests'))
for (const row of rows) console.log(showState(0, row))
for (let part = 1; part <= PARTS; part++) {
  await Promise.all(
    Array.from({ length: WORKERS }, (_, i) =>
      worker(Math.ceil(TOTAL / PARTS / WORKERS), random(part * 100 + i)),
    ),
  )
  const row = await plugin.state()
  rows.push(row)
  console.log(showState(Math.round((TOTAL / PARTS) * part), row))
}
const seconds = (performance.now() - begun) / 1000
plugin.end()

const [warm, last] = [rows[3], rows.at(-1)]
const growth = (last?.rss ?? 0) - (warm?.rss ?? 0)
const leaks =
  (last?.descriptors ?? 0) - (warm?.descriptors ?? 0) > 5 ||
  (last?.timers ?? 0) - (warm?.timers ?? 0) > 5
console.log(
  `\n${TOTAL} requests in ${seconds.toFixed(0)} s on Node.js ${process.version}; ${(growth / MIB).toFixed(1)} MiB more than after 30 % of them`,
)
if (growth > ALLOWED_GROWTH || leaks) {
  console.error('the plugin grew')
  process.exitCode = 1
}
