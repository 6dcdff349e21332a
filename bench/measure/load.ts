// Requests a second, in interleaved rounds: the slices of all servers alternate.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Driver, startDriver } from '../driver/index.js'
import type { Slice } from '../driver/job.js'
import {
  isThere,
  type RunningServer,
  SERVERS,
  type ServerName,
  startServer,
} from '../servers/index.js'
import { type PatternName, patternsOf, WORKS, type WorkName } from '../work.js'

/** What is measured, and how long. */
export interface LoadPlan {
  /** The Node.js of the servers. */
  readonly node: string
  readonly rounds: number
  /** Milliseconds of one slice. */
  readonly ms: number
  /** How much of the usual warm-up a server gets: by default all of it. */
  readonly warmUp?: (server: ServerName) => number
  readonly servers: ReadonlyArray<ServerName>
  /** Which work in which pattern. */
  readonly wanted: (work: WorkName, pattern: PatternName) => boolean
  /** In which rounds a server takes part: the two whose ratio counts take part in all. */
  readonly takesPart?: (server: ServerName, work: WorkName, round: number) => boolean
  readonly say?: (progress: string) => void
}

/** One kind of work in one pattern on one server: a slice for every round in which it took part. */
export interface Cell {
  readonly work: WorkName
  readonly pattern: PatternName
  readonly server: ServerName
  readonly slices: Map<number, Slice>
}

/** Measures the servers side by side. */
export const measureLoad = async (plan: LoadPlan): Promise<ReadonlyArray<Cell>> => {
  const folder = mkdtempSync(join(tmpdir(), 'toru-bench-'))
  const driver = startDriver()
  const servers: RunningServer[] = []
  try {
    for (const server of SERVERS.filter(
      each => plan.servers.includes(each.name) && isThere(each),
    )) {
      servers.push(await startServer(server, plan.node, join(folder, `${server.name}.sock`)))
    }
    const cells: ReadonlyArray<Cell> = WORKS.flatMap(work =>
      patternsOf(work)
        .filter(pattern => plan.wanted(work, pattern))
        .flatMap(pattern =>
          servers
            .filter(({ works }) => works.includes(work))
            .map(({ name }): Cell => ({ work, pattern, server: name, slices: new Map() })),
        ),
    )
    plan.say?.('warming up')
    for (const server of servers) await warmUp(driver, server, (plan.warmUp ?? whole)(server.name))
    for (let round = 1; round <= plan.rounds; round++) {
      plan.say?.(`round ${round} of ${plan.rounds}`)
      for (const row of rows(cells)) {
        // The first server of one round is the last of the next.
        for (const { work, pattern, server, slices } of round % 2 === 0
          ? row
          : [...row].reverse()) {
          const running = servers.find(({ name }) => name === server)
          if (running === undefined || !(plan.takesPart ?? always)(server, work, round)) continue
          const { path, pid, protocol } = running
          slices.set(round, await driver.run({ path, pid, protocol, work, pattern, ms: plan.ms }))
        }
      }
    }
    return cells
  } finally {
    for (const server of servers) server.end()
    driver.end()
    rmSync(folder, { recursive: true, force: true })
  }
}

const always = (): boolean => true
const whole = (): number => 1

/**
 * The warm-up of a server. It does not depend on what is measured afterwards, so that one pattern
 * alone and all of them are measured on the same compiled code. It counts requests and not time,
 * since a busy machine would do little in that time. V8 needs thousands of connections until it has
 * compiled the code that accepts one for good.
 */
const WARM_UP: ReadonlyArray<{
  readonly work: WorkName
  readonly pattern: PatternName
  readonly requests: number
}> = [
  { work: 'hello', pattern: 'fresh', requests: 4_000 },
  { work: 'hello', pattern: 'pipelined', requests: 20_000 },
  { work: 'post', pattern: 'pipelined', requests: 10_000 },
  { work: 'kv', pattern: 'pipelined', requests: 10_000 },
  { work: 'large', pattern: 'keep', requests: 20 },
]

const warmUp = async (
  driver: Driver,
  { path, pid, protocol, works }: RunningServer,
  share: number,
): Promise<void> => {
  for (const { work, pattern, requests } of WARM_UP.filter(each => works.includes(each.work))) {
    await driver.run({ path, pid, protocol, work, pattern, requests: Math.ceil(requests * share) })
  }
}

/** The cells in groups of the same work in the same pattern. */
export const rows = (cells: ReadonlyArray<Cell>): ReadonlyArray<ReadonlyArray<Cell>> =>
  WORKS.flatMap(work =>
    patternsOf(work).map(pattern =>
      cells.filter(cell => cell.work === work && cell.pattern === pattern),
    ),
  ).filter(row => row.length > 0)
