// The host's pattern: a connection for every request, one at a time. The hello sample against the floor, in interleaved rounds.
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DIST, frameOf, median, startAt } from './process.js'

const ROUNDS = 15
const REQUESTS = 1_500
const folder = mkdtempSync(join(tmpdir(), 'toru-bench-'))

const frame = (): Buffer => {
  const request_id = crypto.randomUUID()
  const payload = { method: 'GET', path: '/', headers: {}, body: null }
  return frameOf({ type: 'http', timestamp: new Date().toISOString(), request_id, payload: { type: 'http', request_id, payload } })
}

const start = async (name: string, file: string) => {
  const path = join(folder, `${name}.sock`)
  const times: number[] = []
  return { name, path, times, child: await startAt(join(DIST, file), path, { TORU_DATA_DIR: folder }) }
}

const once = (path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let got = Buffer.alloc(0)
    const socket = connect(path, () => socket.write(frame()))
    socket.on('error', reject)
    socket.on('data', (chunk: Buffer) => {
      got = Buffer.concat([got, chunk])
      if (got.length >= 4 && got.length >= 4 + got.readUInt32BE(0)) socket.destroy()
    })
    socket.on('close', () => resolve())
  })

const round = async (path: string): Promise<number> => {
  const begun = performance.now()
  for (let i = 0; i < REQUESTS; i++) await once(path)
  return ((performance.now() - begun) * 1000) / REQUESTS
}

const servers = [await start('floor', 'bench/floor.js'), await start('ours', 'samples/hello/main.js')]
for (const { path } of servers) await round(path)
for (let i = 0; i < ROUNDS; i++) {
  for (const { path, times } of i % 2 === 0 ? servers : [...servers].reverse()) times.push(await round(path))
}
for (const { name, times, child } of servers) {
  console.log(
    `${name}: ${median(times).toFixed(1)} µs a request (median of ${ROUNDS} rounds of ${REQUESTS}; ${Math.min(...times).toFixed(1)} to ${Math.max(...times).toFixed(1)})`,
  )
  child.kill('SIGKILL')
}
const [floor, ours] = servers.map(server => median(server.times))
const ratios = servers[0]?.times.map((time, i) => (servers[1]?.times[i] ?? Number.NaN) / time) ?? []
console.log(
  `ours / floor: ${((ours ?? Number.NaN) / (floor ?? Number.NaN)).toFixed(3)} of the medians, ${median(ratios).toFixed(3)} median of the rounds`,
)
rmSync(folder, { recursive: true, force: true })
