// Resident memory at rest and after many requests.
import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { startDriver } from '../driver/index.js'
import { type RunningServer, SERVERS, type Server, startServer } from '../servers/index.js'
import type { PatternName } from '../work.js'
import { HELLO, writePrograms } from './programs.js'

/** The processes whose memory is measured. */
export const RESTING = ['empty', 'given', 'floor', 'unwatched', 'ours', 'hello', 'packed'] as const

/** A process whose memory is measured. */
export type RestingName = (typeof RESTING)[number]

/**
 * MiB, as the kernel counts: all pages of a process that are in memory, and those of them that are
 * not from a file, such as the program of Node.js itself.
 */
export interface Held {
  readonly resident: number
  readonly anonymous: number
}

/**
 * The memory of each process: at rest a figure for every round, and that of ours after so many
 * requests.
 */
export interface Memory {
  readonly rest: Readonly<Record<RestingName, ReadonlyArray<Held>>>
  readonly requests: number
  readonly before: Held
  readonly after: Held
}

/** How long a process is idle before it is measured, in milliseconds. */
const REST = 1_000

/** Measures memory: `rounds` times at rest, and once after `requests` requests. */
export const measureMemory = async (
  node: string,
  rounds: number,
  requests: number,
): Promise<Memory> => {
  const folder = mkdtempSync(join(tmpdir(), 'toru-bench-'))
  try {
    const { given, empty, bundle } = writePrograms(join(folder, 'programs'))
    const staying = (name: string, program: string): string => {
      const file = join(folder, `${name}.mjs`)
      writeFileSync(file, `${readFileSync(program, 'utf8')}setInterval(() => {}, 1e6)\n`)
      return file
    }
    const files = { empty: staying('empty', empty), given: staying('given', given), bundle }
    const found: Held[][] = []
    for (let round = 0; round < rounds; round++)
      found.push(await atRest(node, files, join(folder, `round-${round}`)))
    const of = (name: RestingName): ReadonlyArray<Held> =>
      found.flatMap(held => held[RESTING.indexOf(name)] ?? [])
    const rest = {
      empty: of('empty'),
      given: of('given'),
      floor: of('floor'),
      unwatched: of('unwatched'),
      ours: of('ours'),
      hello: of('hello'),
      packed: of('packed'),
    }
    return { rest, requests, ...(await afterRequests(node, requests, join(folder, 'after'))) }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

const server = (name: string): Server => {
  const found = SERVERS.find(each => each.name === name)
  if (found === undefined) throw new Error(`there is no server ${name}`)
  return found
}

/**
 * All of them side by side, in the order of {@link RESTING}. Each server has answered once, so what
 * it loads for that is included.
 */
const atRest = async (
  node: string,
  files: { readonly empty: string; readonly given: string; readonly bundle: string },
  folder: string,
): Promise<Held[]> => {
  mkdirSync(folder)
  const bare = [files.empty, files.given].map(file => spawn(node, [file], { stdio: 'ignore' }))
  const hello: Server = { ...server('ours'), command: () => [node, HELLO] }
  const at = (name: string): string => join(folder, `${name}.sock`)
  const servers = await Promise.all([
    startServer(server('floor'), node, at('floor')),
    startServer(server('ours'), node, at('unwatched'), { BENCH_STALL_TIMEOUT: '0' }),
    startServer(server('ours'), node, at('ours')),
    startServer(hello, node, at('hello')),
    startServer(
      { ...hello, command: () => [node, '-e', 'require(process.argv[1])', files.bundle] },
      node,
      at('packed'),
    ),
  ])
  for (const each of servers) await load(each, 1, 'keep')
  await new Promise(resolve => setTimeout(resolve, REST))
  const held = [...bare.map(({ pid = 0 }) => pid), ...servers.map(({ pid }) => pid)].map(heldBy)
  for (const child of bare) child.kill('SIGKILL')
  for (const each of servers) each.end()
  return held
}

const load = async (
  { path, pid, protocol }: RunningServer,
  requests: number,
  pattern: PatternName,
): Promise<void> => {
  const driver = startDriver()
  try {
    await driver.run({ path, pid, protocol, work: 'hello', pattern, requests })
  } finally {
    driver.end()
  }
}

const afterRequests = async (
  node: string,
  requests: number,
  folder: string,
): Promise<{ readonly before: Held; readonly after: Held }> => {
  mkdirSync(folder)
  const ours = await startServer(server('ours'), node, join(folder, 'ours.sock'))
  try {
    await load(ours, 1, 'keep')
    await new Promise(resolve => setTimeout(resolve, REST))
    const before = heldBy(ours.pid)
    await load(ours, requests, 'pipelined')
    await new Promise(resolve => setTimeout(resolve, REST))
    return { before, after: heldBy(ours.pid) }
  } finally {
    ours.end()
  }
}

const heldBy = (pid: number): Held => {
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  const mebibytes = (field: string): number =>
    Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(rollup)?.[1] ?? Number.NaN) / 1_024
  return { resident: mebibytes('Rss'), anonymous: mebibytes('Anonymous') }
}
