import * as E from 'fp-ts/lib/Either.js'
import { type TaskQueue, taskQueue } from '../../../domain/task-queue.js'
import { type Talk, talkTo } from '../protocol/client.js'
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
import type { Tidy } from './cleanup.js'
import { makeStage, type Stage } from './file-contexts.js'
import { endInWords } from './plugin-process.js'

/** What is run, against what, and how. */
export interface Plan {
  readonly target: Target
  readonly profile: Profile
  /** How long an answer may take, in milliseconds. */
  readonly patience: number
  readonly cases: ReadonlyArray<Case>
  /** Is told of each case as soon as it is over. */
  readonly onResult: (result: CaseResult) => void
}

/** Processes that are checked at the same time, beside the shared one. */
const AT_A_TIME = 2
/** No case of a plugin that answers comes near it. */
const DEADLINE = 60_000
/**
 * A process that dies of what it was sent may take a moment to: twice the time of its start, and so
 * many milliseconds at least.
 */
const DEATH = 300

/** The dialect that a profile is about: the one in which it is an error not to be answered. */
export const dialectOf = (profile: Profile): Dialect =>
  profile === 'host' ? 'tagged' : 'documented'

/**
 * Runs cases, those that do not disturb each other at the same time, and yields what became of
 * each, in their order.
 */
export const runCases = (plan: Plan, tidy: Tidy): Promise<ReadonlyArray<CaseResult>> => {
  const perform =
    plan.target._tag === 'File'
      ? onFile(plan, plan.target.file, tidy)
      : onSocket(plan, plan.target.path)
  const results = new Map<string, Promise<CaseResult>>()
  const resultOf = async (one: Case): Promise<CaseResult> => {
    const before = await Promise.all(one.after.flatMap(id => results.get(id) ?? []))
    const blocked = before.find(isInTheWay)
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
  for (const one of inOrder(plan.cases)) {
    const result = resultOf(one)
    results.set(one.id, result)
    void result.then(plan.onResult)
  }
  return Promise.all(plan.cases.flatMap(({ id }) => results.get(id) ?? []))
}

const NEEDS_FILE =
  'it starts or ends the plugin, and the target is the socket of a live one: give the file'

/** What follows from a fault would only say it again. */
const isInTheWay = ({ status, reason, findings }: CaseResult): boolean =>
  status === 'failed' ||
  (status === 'skipped' && reason !== NEEDS_FILE) ||
  findings.some(({ level }) => level === 'warning')

/** Each after those that it needs, whatever their order in the report. */
const inOrder = (cases: ReadonlyArray<Case>): ReadonlyArray<Case> => {
  const placed = new Set<Case>()
  const place = (one: Case): void => {
    if (placed.has(one)) return
    for (const other of cases) if (one.after.includes(other.id)) place(other)
    placed.add(one)
  }
  cases.forEach(place)
  return [...placed]
}

interface Done {
  readonly faults: ReadonlyArray<Fault>
  readonly ms: number
}

/** Runs a case; `undefined` where it cannot be run against this target. */
type Perform = (one: Case) => Promise<Done | undefined>

const onSocket = ({ profile, patience }: Plan, path: string): Perform => {
  const one = taskQueue(1)
  return async ({ needs, run }) => {
    if (needs === 'file') return undefined
    return one(() => {
      const talk = talkTo(path, dialectOf(profile), patience)
      return timed(() => run(talk)).finally(talk.closeAll)
    })
  }
}

const onFile = ({ profile, patience }: Plan, file: string, tidy: Tidy): Perform => {
  const stage = makeStage({ file, profile, dialect: dialectOf(profile), patience }, tidy)
  const several = taskQueue(AT_A_TIME)
  const talkOf = (plugin: StartedPlugin): Talk => talkTo(plugin.path, dialectOf(profile), patience)
  const shared = sharing(stage, talkOf, taskQueue(1))
  return async one => {
    if (one.needs === 'file') {
      const { run } = one
      return several(async () => {
        const { scene, close } = stage.scene()
        const done = await timed(() => run(scene))
        await close()
        return done
      })
    }
    if (one.needs === 'shared') return shared(one.run)
    return several(async () => {
      const plugin = await stage.serving()
      if (E.isLeft(plugin)) return { faults: [plugin.left], ms: 0 }
      const done = await timed(() => talking(plugin.right, talkOf, one.run))
      await plugin.right.stop()
      return done
    })
  }
}

type Run = (talk: Talk) => Promise<ReadonlyArray<Fault>>

/**
 * One plugin for all cases that leave it as it was; another one after a case that found a fault.
 */
const sharing = (
  stage: Stage,
  talkOf: (plugin: StartedPlugin) => Talk,
  one: TaskQueue,
): ((run: Run) => Promise<Done>) => {
  let current: StartedPlugin | undefined
  return run =>
    one(async () => {
      const plugin =
        current === undefined || current.end() !== undefined
          ? await stage.serving()
          : E.right(current)
      if (E.isLeft(plugin)) return { faults: [plugin.left], ms: 0 }
      const done = await timed(() => talking(plugin.right, talkOf, run))
      current = done.faults.length === 0 ? plugin.right : undefined
      if (current === undefined) await plugin.right.stop()
      return done
    })
}

/** A case that only talks; that the plugin is still there after it is part of every one. */
const talking = async (
  plugin: StartedPlugin,
  talkOf: (plugin: StartedPlugin) => Talk,
  run: Run,
): Promise<ReadonlyArray<Fault>> => {
  const talk = talkOf(plugin)
  const before = plugin.stderr()
  const faults = await run(talk)
  talk.closeAll()
  const end =
    faults.length > 0
      ? await plugin.endWithin(Math.max(DEATH, 2 * plugin.socketAfter))
      : plugin.end()
  if (end === undefined) return faults
  const [first] = faults
  // Of a shared process only what it wrote in this case.
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

const timed = async (run: () => Promise<ReadonlyArray<Fault>>): Promise<Done> => {
  const begun = performance.now()
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<ReadonlyArray<Fault>>(resolve => {
    timer = setTimeout(
      () =>
        resolve(
          fault(
            'an end of the case',
            `none within ${DEADLINE / 1000} s`,
            'look at what the plugin does meanwhile; --timeout shortens what is waited for',
          ),
        ),
      DEADLINE,
    )
  })
  const faults = await Promise.race([run(), late]).finally(() => clearTimeout(timer))
  return { faults, ms: performance.now() - begun }
}
