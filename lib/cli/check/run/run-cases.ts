import * as E from 'fp-ts/lib/Either.js'
import { type TaskQueue, taskQueue } from '../../../domain/task-queue.js'
import type { Cleanup } from '../../cleanup.js'
import { type Client, clientAt } from '../protocol/client.js'
import type { Dialect } from '../protocol/message.js'
import {
  type CaseResult,
  type Fault,
  type Finding,
  fault,
  type Profile,
} from '../report/finding.js'
import type { Target } from '../target.js'
import type { Case, StartedPlugin } from './case.js'
import { type FileContexts, fileContexts } from './file-contexts.js'
import { endInWords } from './launch.js'

/** What to run, and against what. */
export interface Plan {
  readonly target: Target
  readonly profile: Profile
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number
  readonly cases: ReadonlyArray<Case>
  /** Called with each result as soon as the case is over. */
  readonly onResult: (result: CaseResult) => void
}

/** How many processes are checked at the same time, beside the shared one. */
const CONCURRENCY = 2
/** How long a case may take, in milliseconds: far longer than one of a plugin that answers. */
const CASE_TIMEOUT = 60_000
/** The least time that a process is given to die of what it was sent, in milliseconds. */
const DEATH_TIME = 300

/** The dialect of a profile, in which every plugin must answer. */
export const dialectOf = (profile: Profile): Dialect =>
  profile === 'host' ? 'tagged' : 'documented'

/** Runs cases, several at a time where they do not disturb each other. Results keep the order. */
export const runCases = (plan: Plan, cleanup: Cleanup): Promise<ReadonlyArray<CaseResult>> => {
  const perform =
    plan.target._tag === 'File'
      ? onFile(plan, plan.target.file, cleanup)
      : onSocket(plan, plan.target.path)
  const results = new Map<string, Promise<CaseResult>>()
  const resultOf = async (one: Case): Promise<CaseResult> => {
    const before = await Promise.all(one.after.flatMap(id => results.get(id) ?? []))
    const blocked = before.find(isBlocking)
    const skipped = {
      id: one.id,
      title: one.title,
      findings: [],
      ms: 0,
      status: 'skipped' as const,
    }
    if (blocked !== undefined)
      return {
        ...skipped,
        reason: `needs ${blocked.id}, which ${blocked.status === 'skipped' ? 'was skipped' : 'found a fault'}`,
      }
    const done = await perform(one)
    if (done === undefined) return { ...skipped, reason: NEEDS_FILE }
    const findings = done.faults.map(
      (found): Finding => ({
        ...found,
        case: one.id,
        level: found.level ?? one.levels[plan.profile] ?? 'note',
      }),
    )
    const failed = findings.some(({ level }) => level === 'error')
    return {
      id: one.id,
      title: one.title,
      status: failed ? 'failed' : 'passed',
      findings,
      ms: Math.round(done.ms),
    }
  }
  for (const one of dependenciesFirst(plan.cases)) {
    const result = resultOf(one)
    results.set(one.id, result)
    void result.then(plan.onResult)
  }
  return Promise.all(plan.cases.flatMap(({ id }) => results.get(id) ?? []))
}

const NEEDS_FILE =
  'it starts or ends the plugin, and the target is the socket of a live one: name the file instead'

/** Whether a result keeps the cases after it from running: they would find the same fault. */
const isBlocking = ({ status, reason, findings }: CaseResult): boolean =>
  status === 'failed' ||
  (status === 'skipped' && reason !== NEEDS_FILE) ||
  findings.some(({ level }) => level === 'warning')

/** Orders cases so that each comes after those that it needs. */
const dependenciesFirst = (cases: ReadonlyArray<Case>): ReadonlyArray<Case> => {
  const placed = new Set<Case>()
  const place = (one: Case): void => {
    if (placed.has(one)) return
    for (const other of cases) if (one.after.includes(other.id)) place(other)
    placed.add(one)
  }
  cases.forEach(place)
  return [...placed]
}

interface CaseRun {
  readonly faults: ReadonlyArray<Fault>
  readonly ms: number
}

/** Runs a case. `undefined` where it needs the file of the plugin. */
type Perform = (one: Case) => Promise<CaseRun | undefined>

const onSocket = ({ profile, timeout }: Plan, path: string): Perform => {
  const inTurn = taskQueue(1)
  return async ({ needs, run }) => {
    if (needs === 'file') return undefined
    return inTurn(() => {
      const client = clientAt(path, dialectOf(profile), timeout)
      return timed(() => run(client)).finally(client.closeAll)
    })
  }
}

const onFile = ({ profile, timeout }: Plan, file: string, cleanup: Cleanup): Perform => {
  const contexts = fileContexts({ file, profile, dialect: dialectOf(profile), timeout }, cleanup)
  const inTurn = taskQueue(CONCURRENCY)
  const clientOf = (plugin: StartedPlugin): Client =>
    clientAt(plugin.path, dialectOf(profile), timeout)
  const shared = onSharedProcess(contexts, clientOf, taskQueue(1))
  return async one => {
    if (one.needs === 'file') {
      const { run } = one
      return inTurn(async () => {
        const { context, close } = contexts.open()
        const done = await timed(() => run(context))
        await close()
        return done
      })
    }
    if (one.needs === 'shared') return shared(one.run)
    return inTurn(async () => {
      const plugin = await contexts.startServing()
      if (E.isLeft(plugin)) return { faults: [plugin.left], ms: 0 }
      const done = await timed(() => withClient(plugin.right, clientOf, one.run))
      await plugin.right.stop()
      return done
    })
  }
}

type Run = (client: Client) => Promise<ReadonlyArray<Fault>>

/** Runs cases on one process, and starts another after a case that found a fault. */
const onSharedProcess = (
  contexts: FileContexts,
  clientOf: (plugin: StartedPlugin) => Client,
  inTurn: TaskQueue,
): ((run: Run) => Promise<CaseRun>) => {
  let current: StartedPlugin | undefined
  return run =>
    inTurn(async () => {
      const plugin =
        current === undefined || current.end() !== undefined
          ? await contexts.startServing()
          : E.right(current)
      if (E.isLeft(plugin)) return { faults: [plugin.left], ms: 0 }
      const done = await timed(() => withClient(plugin.right, clientOf, run))
      current = done.faults.length === 0 ? plugin.right : undefined
      if (current === undefined) await plugin.right.stop()
      return done
    })
}

/** Runs a case with a client. Every case also expects that the plugin still runs after it. */
const withClient = async (
  plugin: StartedPlugin,
  clientOf: (plugin: StartedPlugin) => Client,
  run: Run,
): Promise<ReadonlyArray<Fault>> => {
  const client = clientOf(plugin)
  const before = plugin.stderr()
  const faults = await run(client)
  client.closeAll()
  const end =
    faults.length > 0
      ? await plugin.endWithin(Math.max(DEATH_TIME, 2 * plugin.socketAfter))
      : plugin.end()
  if (end === undefined) return faults
  const [first] = faults
  // Of a shared process, only what it wrote during this case.
  const words = plugin.stderr().startsWith(before)
    ? plugin.stderr().slice(before.length)
    : plugin.stderr()
  const expected = first?.expected ?? 'a plugin that still runs'
  return fault(
    expected,
    endInWords(end, words),
    first?.advice ?? 'nothing that comes over the socket may end the process',
  )
}

const timed = async (run: () => Promise<ReadonlyArray<Fault>>): Promise<CaseRun> => {
  const begun = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<ReadonlyArray<Fault>>(resolve => {
    timer = setTimeout(
      () =>
        resolve(
          fault(
            'the end of the case',
            `none within ${CASE_TIMEOUT / 1_000} s`,
            'look at what the plugin does meanwhile; --timeout shortens how long answers ' +
              'are waited for',
          ),
        ),
      CASE_TIMEOUT,
    )
  })
  const faults = await Promise.race([run(), late]).finally(() => clearTimeout(timer))
  return { faults, ms: performance.now() - begun }
}
