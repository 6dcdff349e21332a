// The patterns of load. Requests are made beforehand; answers are counted, not read, and all go
// into one buffer.
import { connect, type Socket } from 'node:net'
import { encode, idOf } from '../protocols.js'
import { quantile } from '../statistics.js'
import { EXCHANGES, FLOWS } from '../work.js'
import type { Job, Slice } from './job.js'
import { splitterOf } from './splitter.js'
import { type Usage, usageOf, usedBetween } from './usage.js'

const INCOMING = Buffer.alloc(262_144)

/** Runs one slice of load. */
export const run = (job: Job): Promise<Slice> => {
  const flow = FLOWS[job.pattern]
  return flow === undefined ? fresh(job) : flowing(job, flow.connections, flow.depth)
}

/** A connection for every request, one at a time: what today's host does. */
const fresh = (job: Job): Promise<Slice> =>
  new Promise((resolve, reject) => {
    const requests = requestsOf(job, 1)
    const meter = new Meter(job)
    const next = (): void => {
      const begun = performance.now()
      const splitter = splitterOf(job.protocol)
      const socket = connecting(job.path, (bytes, length) => {
        if (splitter.count(bytes, length) === 0) return
        socket.destroy()
        if (meter.answered(1, performance.now() - begun)) resolve(meter.slice())
        else next()
      })
      socket.on('error', reject)
      socket.write(requests.take(1))
    }
    next()
  })

/** Connections that stay open, with so many requests under way on each. */
const flowing = async (job: Job, connections: number, depth: number): Promise<Slice> => {
  const alone = connections === 1 && depth === 1
  let meter: Meter | undefined
  let waiting = 0
  let over: Slice | undefined
  let done = (): void => undefined
  let failed = (_reason: unknown): void => undefined
  const lines = await Promise.all(
    Array.from({ length: connections }, async () => {
      const splitter = splitterOf(job.protocol)
      const requests = requestsOf(job, depth)
      let begun = 0
      const socket = connecting(job.path, (bytes, length) => {
        const answers = splitter.count(bytes, length)
        if (answers === 0) return
        waiting -= answers
        const now = alone ? performance.now() : 0
        if (over === undefined && meter?.answered(answers, alone ? now - begun : undefined))
          over = meter.slice()
        if (over === undefined) send(answers)
        // Requests that are under way at the end must not load the server that is measured next.
        else if (waiting === 0) done()
      })
      const send = (count: number): void => {
        waiting += count
        if (alone) begun = performance.now()
        socket.write(requests.take(count))
      }
      await new Promise((resolve, reject) => {
        socket.once('connect', resolve)
        socket.once('error', reject)
      })
      socket.on('error', reason => failed(reason))
      socket.on('close', () => failed(new Error('the server closed a connection')))
      return { socket, send }
    }),
  )
  const ended = new Promise<void>((resolve, reject) => {
    done = resolve
    failed = reject
  })
  meter = new Meter(job)
  for (const { send } of lines) send(depth)
  await ended
  for (const { socket } of lines) socket.destroy()
  if (over === undefined) throw new Error('a slice ended before its time')
  return over
}

const connecting = (path: string, read: (bytes: Buffer, length: number) => void): Socket =>
  connect({
    path,
    onread: {
      buffer: INCOMING,
      callback: length => {
        read(INCOMING, length)
        return true
      },
    },
  })

/**
 * The requests of a job, one after another in one buffer, so that consecutive ones can be sent at
 * once.
 */
const requestsOf = (
  { protocol, work }: Job,
  depth: number,
): { readonly take: (count: number) => Buffer } => {
  // Requests that are under way at once have different ids: some servers keep requests by id.
  const exchanges = EXCHANGES[work]
  const length = exchanges.length * depth
  const cycle = Array.from({ length }, (_, i) => exchanges[i % exchanges.length]).flatMap(
    (exchange, i) => (exchange === undefined ? [] : [encode[protocol](exchange.request, idOf(i))]),
  )
  const all = [...cycle, ...cycle.slice(0, depth - 1)]
  const ends = [0]
  for (const { length } of all) ends.push((ends.at(-1) ?? 0) + length)
  const bytes = Buffer.concat(all)
  let at = 0
  return {
    take: count => {
      const piece = bytes.subarray(ends[at], ends[at + count])
      at = (at + count) % length
      return piece
    },
  }
}

/** Counts the answers of a slice, and reports the times at its end. */
class Meter {
  readonly #job: Job
  readonly #latencies: number[] = []
  readonly #driverCpu = process.cpuUsage()
  readonly #serverUsage: Usage
  readonly #begun: number
  readonly #until: number
  #requests = 0

  constructor(job: Job) {
    this.#job = job
    this.#serverUsage = usageOf(job.pid)
    this.#begun = performance.now()
    this.#until = this.#begun + (job.ms ?? 0)
  }

  /**
   * Counts answers; `latency` is the milliseconds that a single one took. True at the end of the
   * slice.
   */
  answered(count: number, latency?: number): boolean {
    this.#requests += count
    if (latency !== undefined) this.#latencies.push(latency)
    return this.#job.requests === undefined
      ? performance.now() >= this.#until
      : this.#requests >= this.#job.requests
  }

  slice(): Slice {
    const seconds = (performance.now() - this.#begun) / 1_000
    const { user, system } = process.cpuUsage(this.#driverCpu)
    const figures = {
      requests: this.#requests,
      seconds,
      driverCpu: (user + system) / 1e6,
      serverCpu: usedBetween(this.#serverUsage, usageOf(this.#job.pid)),
    }
    if (this.#latencies.length === 0) return figures
    return {
      ...figures,
      p50: quantile(this.#latencies, 0.5) * 1_000,
      p99: quantile(this.#latencies, 0.99) * 1_000,
    }
  }
}
