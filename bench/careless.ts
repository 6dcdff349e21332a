// An hour with a plugin that prints a GB to stdout, throws in every second handler and hangs in
// every tenth: `npm run soak:careless` (`-- 5` for five minutes). Everybody must get the answer
// that is due (200, 500, or 504 if the handler hangs), and the plugin must not grow after the first
// sixth.
import { setTimeout as pause } from 'node:timers/promises'
import {
  http,
  MIB,
  type PluginState,
  responseOf,
  showState,
  startCrowded,
  stateHeader,
} from './crowded.js'
import { askingOn } from './process.js'

const MINUTES = Number(process.argv[2] ?? 60)
const PARTS = 12
const WORKERS = 8
const PER_SECOND = 200
const PRINTED = 1024 * MIB
const ALLOWED_GROWTH = 25 * MIB

// The fixture prints so many times six bytes and a line feed in each of these requests.
const noise = Math.ceil(PRINTED / (MINUTES * 60 * PER_SECOND) / 6)
const plugin = await startCrowded({ NOISE: String(noise) })

/** Ten requests: what is sent, and the status that is due. */
const ROUND = [
  ['throw', 500],
  ['fine', 200],
  ['throw', 500],
  ['fine', 200],
  ['throw', 500],
  ['hang', 504],
  ['throw', 500],
  ['fine', 200],
  ['throw', 500],
  ['fine', 200],
] as const

let requests = 0
const wrong = new Map<string, number>()

/** A new connection for each request, as today's host makes it, at a steady pace. */
const worker = async (until: number, first: number): Promise<void> => {
  let due = performance.now()
  for (let i = first; performance.now() < until; i++) {
    const [body, status] = ROUND[i % ROUND.length] ?? ['fine', 200]
    const { ask, socket } = askingOn(plugin.path)
    const got = responseOf(await ask(http('POST', '/careless', body))).status
    socket.destroy()
    requests++
    if (got !== status)
      wrong.set(
        `${status} was due, ${got} came`,
        (wrong.get(`${status} was due, ${got} came`) ?? 0) + 1,
      )
    due += (1_000 * WORKERS) / PER_SECOND
    await pause(Math.max(0, due - performance.now()))
  }
}

const rows: Array<PluginState> = []
const begun = performance.now()
console.log(stateHeader('requests'))
for (let part = 1; part <= PARTS; part++) {
  const until = begun + (MINUTES * 60_000 * part) / PARTS
  await Promise.all(Array.from({ length: WORKERS }, (_, i) => worker(until, i)))
  const row = await plugin.state()
  rows.push(row)
  console.log(showState(requests, row))
}
plugin.end()

const [warm, last] = [rows[1], rows.at(-1)]
const growth = (last?.rss ?? 0) - (warm?.rss ?? 0)
const more = (key: 'descriptors' | 'timers'): number => (last?.[key] ?? 0) - (warm?.[key] ?? 0)
console.log(
  `\n${requests} requests in ${((performance.now() - begun) / 60_000).toFixed(1)} minutes on Node.js ${process.version}, ${((requests * (noise * 6 + 1)) / MIB).toFixed(0)} MiB printed; ${(growth / MIB).toFixed(1)} MiB more than after a sixth of the time`,
)
for (const [what, times] of wrong) console.error(`${what}: ${times} times`)
if (growth > ALLOWED_GROWTH || more('descriptors') > 5 || more('timers') > 5)
  console.error('the plugin grew')
if (growth > ALLOWED_GROWTH || more('descriptors') > 5 || more('timers') > 5 || wrong.size > 0)
  process.exitCode = 1
