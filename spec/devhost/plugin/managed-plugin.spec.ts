import { getEventListeners } from 'node:events'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import {
  developmentPolicy,
  faithfulPolicy,
  type HostPolicy,
} from '../../../lib/devhost/host-policy.js'
import {
  type ManagedPlugin,
  type Message,
  managePlugin,
} from '../../../lib/devhost/plugin/managed-plugin.js'
import type { Version } from '../../../lib/devhost/plugin/supervision.js'
import type { PluginProcess } from '../../../lib/devhost/process/plugin-process.js'
import type { Exchanged } from '../../../lib/plugin-process/exchange.js'
import type { ProcessEnd } from '../../../lib/plugin-process/spawn-process.js'
import { framings } from '../../../lib/protocol.js'

// The supervision of a plugin, with fake processes and a fake clock.

interface FakeProcess extends PluginProcess {
  readonly source: string
  /** Its socket is there now. */
  readonly listen: () => Promise<void>
  /** It dies, and its end is known. */
  readonly die: (code: number) => Promise<void>
  /** It takes no connections any more. */
  readonly refuse: () => void
  readonly refuses: () => boolean
  /** The requests that it has to answer: each function answers one. */
  readonly requests: Array<() => void>
  readonly signals: string[]
}

/** A socket that takes longer is late, in milliseconds. */
const LONGEST_START = 10_000

interface Setup {
  readonly plugin: ManagedPlugin
  readonly processes: FakeProcess[]
  readonly said: string[]
  readonly waits: number[]
  /** Advances the clock, unless said to the latest timer. */
  readonly elapse: (ms?: number) => Promise<void>
  readonly inits: string[]
  /** Timers that have not run down. */
  readonly timers: () => number
}

const metadata = {
  id: 'notes',
  name: 'Notes',
  version: '1.0.0',
  author: null,
  icon: '',
  route: '/notes',
}
const versionOf = (source: string, version = '1.0.0'): Version => ({
  launch: { command: [source], source },
  metadata: { ...metadata, version },
})
const settled = (): Promise<void> => new Promise(resolve => setImmediate(resolve))

const exchanged = (answer: Exchanged['answer'], connected: number): Exchanged => ({
  answer,
  received: Buffer.alloc(0),
  connected,
  firstByte: 1,
  total: 1,
})
const REFUSED = exchanged(E.left({ _tag: 'Unreachable', cause: new Error('refused') }), 0)
const answeredBy = ({ source, pid }: PluginProcess & { readonly source: string }): Exchanged =>
  exchanged(E.right(O.some(Buffer.from(`${source} ${pid}`))), 1)

const message = (signal?: AbortSignal): Message => ({
  message: Buffer.alloc(0),
  framing: framings.frames,
  timeout: 30_000,
  ...(signal === undefined ? {} : { signal }),
})

/** Who answered, or why nobody did. */
const outcomeOf = async (plugin: ManagedPlugin, signal?: AbortSignal): Promise<unknown> => {
  const result = await plugin.exchange(message(signal))
  if (E.isLeft(result)) return result.left
  const { answer } = result.right
  return E.isRight(answer) ? String(O.toUndefined(answer.right)) : answer.left._tag
}

const leaving = () => {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

const setup = (
  options: {
    readonly policy?: HostPolicy
    readonly listens?: (source: string) => boolean
    readonly obeys?: boolean
    readonly answers?: boolean
  } = {},
): Setup => {
  const { policy = developmentPolicy, listens = () => true, obeys = true, answers = true } = options
  const processes: FakeProcess[] = []
  const said: string[] = []
  const inits: string[] = []
  const waits: number[] = []
  const due = new Map<() => void, number>()
  let now = 0
  const fakeProcess = (source: string): FakeProcess => {
    let end: ProcessEnd | undefined
    let resolve = (_: ProcessEnd): void => undefined
    const ended = new Promise<ProcessEnd>(done => {
      resolve = done
    })
    const over = (how: ProcessEnd): void => {
      end ??= how
      resolve(end)
    }
    const signals: string[] = []
    let refuses = false
    let isListening = listens(source)
    let late = (): void => undefined
    const made: FakeProcess = {
      source,
      pid: 100 + processes.length,
      path: `/nowhere/${processes.length}.sock`,
      startedAt: now,
      ended,
      end: () => end,
      socketWithin: async ms => {
        if (end !== undefined || isListening || ms <= LONGEST_START)
          return end === undefined && isListening
        await new Promise<void>(resolve => {
          late = resolve
        })
        return true
      },
      listen: async () => {
        isListening = true
        late()
        await settled()
      },
      socketAfter: () => 5,
      lastWords: () => (end === undefined ? 'it runs' : `it ended with exit code ${end.code}`),
      signals,
      requests: [],
      refuse: () => {
        refuses = true
      },
      refuses: () => refuses || end !== undefined,
      signal: name => {
        signals.push(name)
        if (name === 'SIGKILL' || obeys) over({ code: null, signal: name })
      },
      endWithin: async () => {
        await settled()
        return end !== undefined
      },
      die: async code => {
        over({ code, signal: null })
        await settled()
        await settled()
      },
    }
    processes.push(made)
    return made
  }
  const plugin = managePlugin(versionOf('one'), {
    clock: {
      now: () => now,
      after: (ms, run) => {
        waits.push(ms)
        due.set(run, now + ms)
        return () => void due.delete(run)
      },
    },
    policy,
    spawn: ({ launch }) => fakeProcess(launch.source),
    exchange: async ({ path }) => {
      const process = processes.find(one => one.path === path)
      if (process === undefined || process.refuses()) return REFUSED
      if (!answers) await new Promise<void>(resolve => process.requests.push(resolve))
      return answeredBy(process)
    },
    init: async ({ path }) => void inits.push(path),
    shutdown: async ({ path }) => {
      if (obeys) await processes.find(one => one.path === path)?.die(0)
    },
    changed: () => undefined,
    say: (_, text) => void said.push(text),
  })
  return {
    plugin,
    processes,
    said,
    waits,
    inits,
    timers: () => due.size,
    elapse: async (ms = waits.at(-1) ?? 0) => {
      now += ms
      for (const [run, at] of [...due]) {
        if (at > now) continue
        due.delete(run)
        run()
      }
      for (let turn = 0; turn < 5; turn++) await settled()
    },
  }
}

test('a plugin that dies is started again with ever longer waits, and given up after ten restarts', async t => {
  const { plugin, processes, waits, elapse, inits } = setup()
  await plugin.start()
  t.like(plugin.status(), { state: 'running', enabled: true, running: true, pid: 100 })
  for (let n = 0; n < 10; n++) {
    await processes.at(-1)?.die(1)
    t.like(plugin.status(), { state: 'restarting', running: false, pid: null, restarts: n })
    await elapse()
  }
  t.deepEqual(
    waits,
    [1, 2, 4, 8, 16, 16, 16, 16, 16, 16].map(seconds => seconds * 1_000),
  )
  t.like(plugin.status(), { state: 'running', restarts: 10 })
  t.is(inits.length, 11)
  await processes.at(-1)?.die(1)
  t.like(plugin.status(), { state: 'failed', enabled: true })
  t.deepEqual(await outcomeOf(plugin), {
    _tag: 'Down',
    reason: 'it died 11 times in a row; it ended with exit code 1',
  })
  await plugin.enable()
  t.like(plugin.status(), { state: 'running', restarts: 0 })
})

test('one that is disabled while it waits is not started, and one that is enabled twice is started once', async t => {
  const { plugin, processes, elapse } = setup()
  await plugin.start()
  await processes[0]?.die(1)
  await plugin.disable()
  await elapse()
  t.is(processes.length, 1)
  t.like(plugin.status(), { state: 'disabled', health: 'disabled', enabled: false })
  await Promise.all([plugin.enable(), plugin.enable()])
  t.is(processes.length, 2)
})

test('a plugin is asked to end, told to, and killed', async t => {
  const stubborn = setup({ obeys: false })
  await stubborn.plugin.start()
  await stubborn.plugin.disable()
  t.deepEqual(stubborn.processes[0]?.signals, ['SIGTERM', 'SIGKILL'])
  const good = setup()
  await good.plugin.start()
  await good.plugin.disable()
  t.deepEqual(good.processes[0]?.signals, [])
  const faithful = setup({ policy: faithfulPolicy })
  await faithful.plugin.start()
  await faithful.plugin.disable()
  t.deepEqual(faithful.processes[0]?.signals, ['SIGKILL'])
})

test('a new version takes over once it listens, and leaves the old one up where it does not', async t => {
  const { plugin, processes } = setup({ listens: source => source !== 'bad' })
  await plugin.start()
  t.deepEqual(await plugin.replace(versionOf('two', '2'), 'new'), E.right(undefined))
  t.like(plugin.status(), { state: 'running', pid: 101, restarts: 0 })
  t.is(plugin.metadata().version, '2')
  t.truthy(processes[0]?.end())
  const refused = await plugin.replace(versionOf('bad', '3'), 'new')
  t.true(E.isLeft(refused))
  t.like(plugin.status(), { state: 'running', pid: 101 })
  t.is(plugin.metadata().version, '2')
  t.deepEqual(processes[2]?.signals, ['SIGKILL'])
})

test('where both want the same port the old version ends first, and comes back if the new one does not listen', async t => {
  const { plugin, processes } = setup({ listens: source => source !== 'bad' })
  await plugin.start()
  await plugin.replace(versionOf('two'), 'old')
  t.is(plugin.status().pid, 101)
  await plugin.replace(versionOf('bad'), 'old')
  t.deepEqual(
    processes.map(({ source }) => source),
    ['one', 'two', 'bad', 'two'],
  )
  t.like(plugin.status(), { state: 'running', pid: 103 })
})

test('a new version mends a plugin that was given up; of one that is disabled it waits', async t => {
  const { plugin, processes } = setup()
  await plugin.start()
  await processes[0]?.die(78)
  t.is(plugin.status().state, 'failed')
  await plugin.replace(versionOf('two'), 'new')
  t.is(plugin.status().state, 'running')
  await plugin.disable()
  await plugin.replace(versionOf('three'), 'new')
  t.is(processes.length, 2)
  await plugin.enable()
  t.is(processes.at(-1)?.source, 'three')
})

test('faithful: nobody notices that it died, until it is disabled and enabled, without an init', async t => {
  const { plugin, processes, inits } = setup({ policy: faithfulPolicy })
  await plugin.start()
  t.is(inits.length, 1)
  await processes[0]?.die(1)
  t.like(plugin.status(), { state: 'failed', enabled: true, running: true, pid: 100 })
  await plugin.enable()
  t.is(processes.length, 1)
  await plugin.disable()
  await plugin.enable()
  t.is(processes.length, 2)
  t.is(inits.length, 1)
})

test('a host that ends starts nothing any more', async t => {
  const { plugin, processes, elapse } = setup()
  await plugin.start()
  await processes[0]?.die(1)
  await plugin.stop()
  await elapse()
  t.true(E.isLeft(await plugin.enable()))
  t.true(E.isLeft(await plugin.replace(versionOf('two'), 'new')))
  t.is(processes.length, 1)
})

test('a message for a plugin that starts waits for it, however late it is', async t => {
  const { plugin, processes, timers } = setup({ listens: () => false })
  const starting = plugin.start()
  const early = outcomeOf(plugin)
  await starting
  const settling = plugin.settled()
  const late = outcomeOf(plugin)
  await processes[0]?.listen()
  t.deepEqual(await Promise.all([early, late, settling]), ['one 100', 'one 100', undefined])
  t.is(timers(), 0)
})

test('a message for a plugin that never listens is told why after 10 s, and so is the host', async t => {
  const { plugin, waits, elapse, timers } = setup({ listens: () => false })
  await plugin.start()
  const told = outcomeOf(plugin)
  const settling = plugin.settled()
  await elapse()
  t.deepEqual(await Promise.all([told, settling]), [
    {
      _tag: 'Starting',
      reason: 'it has not started within 10 s: its socket was not there within 1 s',
    },
    undefined,
  ])
  t.deepEqual([waits, timers()], [[10_000, 10_000], 0])
})

test('a message for a plugin that has died waits for its next process', async t => {
  const { plugin, processes, elapse } = setup()
  await plugin.start()
  await processes[0]?.die(1)
  const waiting = outcomeOf(plugin)
  await plugin.settled()
  await elapse(1_000)
  t.is(await waiting, 'one 101')
})

test('a message that a process did not take since it is dying goes to the next one', async t => {
  const { plugin, processes, waits, elapse } = setup()
  await plugin.start()
  processes[0]?.refuse()
  const waiting = outcomeOf(plugin)
  await settled()
  await processes[0]?.die(1)
  await elapse(1_000)
  t.is(await waiting, 'one 101')
  // One that does not take it and does not die either has failed.
  processes[1]?.refuse()
  const failing = outcomeOf(plugin)
  await settled()
  await elapse()
  t.is(await failing, 'Unreachable')
  t.is(waits.at(-1), 2_000)
})

test('a disabled plugin gets no messages, and from the moment somebody enables it they wait', async t => {
  const { plugin, processes } = setup({ answers: false })
  await plugin.start()
  const slow = outcomeOf(plugin)
  await settled()
  const disabling = plugin.disable()
  t.deepEqual(await outcomeOf(plugin), { _tag: 'Disabled', reason: 'it is disabled' })
  // It has not ended yet.
  const enabling = plugin.enable()
  const waiting = outcomeOf(plugin)
  processes[0]?.requests[0]?.()
  await Promise.all([disabling, enabling])
  await settled()
  processes[1]?.requests[0]?.()
  t.deepEqual(await Promise.all([slow, waiting]), ['one 100', 'one 101'])
})

test('a process is asked to end once it has answered, or after a second', async t => {
  const { plugin, processes, waits, elapse } = setup({ answers: false })
  await plugin.start()
  const asked = [outcomeOf(plugin), outcomeOf(plugin)]
  await settled()
  const replacing = plugin.replace(versionOf('two', '2'), 'new')
  for (let turn = 0; turn < 5; turn++) await settled()
  const later = outcomeOf(plugin)
  processes[0]?.requests[0]?.()
  await settled()
  t.is(processes[0]?.end(), undefined)
  processes[0]?.requests[1]?.()
  await replacing
  processes[1]?.requests[0]?.()
  t.deepEqual(await Promise.all([...asked, later]), ['one 100', 'one 100', 'two 101'])

  const hanging = outcomeOf(plugin)
  await settled()
  const ending = plugin.disable()
  await settled()
  t.is(waits.at(-1), 1_000)
  await elapse()
  await ending
  t.truthy(processes[1]?.end())
  processes[1]?.requests[1]?.()
  t.is(await hanging, 'two 101')
})

test('a client that leaves while it waits leaves nothing behind', async t => {
  const { plugin, timers } = setup({ listens: () => false })
  await plugin.start()
  const { signal, abort } = leaving()
  const waiting = outcomeOf(plugin, signal)
  await settled()
  t.deepEqual([timers(), getEventListeners(signal, 'abort').length], [1, 1])
  abort()
  t.like(await waiting, { _tag: 'Starting' })
  t.deepEqual([timers(), getEventListeners(signal, 'abort').length], [0, 0])
  t.like(await outcomeOf(plugin, signal), { _tag: 'Starting' })
  t.is(timers(), 0)
})

test('faithful: nobody waits', async t => {
  const { plugin, processes, timers } = setup({ policy: faithfulPolicy, listens: () => false })
  const down = { _tag: 'Down', reason: 'it does not run' }
  t.deepEqual(await outcomeOf(plugin), down)
  await plugin.start()
  processes[0]?.refuse()
  t.is(await outcomeOf(plugin), 'Unreachable')
  await processes[0]?.die(1)
  t.is(await outcomeOf(plugin), 'Unreachable')
  const disabling = plugin.disable()
  const enabling = plugin.enable()
  t.like(await outcomeOf(plugin), { _tag: 'Disabled' })
  await Promise.all([disabling, enabling, plugin.settled()])
  t.is(timers(), 0)
})
