import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import {
  developmentPolicy,
  faithfulPolicy,
  type HostPolicy,
} from '../../../lib/devhost/host-policy.js'
import { type ManagedPlugin, managePlugin } from '../../../lib/devhost/plugin/managed-plugin.js'
import type { Version } from '../../../lib/devhost/plugin/supervision.js'
import type { PluginProcess } from '../../../lib/devhost/process/plugin-process.js'
import type { ProcessEnd } from '../../../lib/plugin-process/spawn-process.js'

// The supervision of a plugin, with fake processes and a fake clock.

interface FakeProcess extends PluginProcess {
  readonly source: string
  readonly die: (code: number) => Promise<void>
  readonly signals: string[]
}

interface Setup {
  readonly plugin: ManagedPlugin
  readonly processes: FakeProcess[]
  readonly said: string[]
  readonly waits: number[]
  /** Advances the clock to the latest timer. */
  readonly elapse: () => Promise<void>
  readonly inits: string[]
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

const setup = (
  options: {
    readonly policy?: HostPolicy
    readonly listens?: (source: string) => boolean
    readonly obeys?: boolean
  } = {},
): Setup => {
  const { policy = developmentPolicy, listens = () => true, obeys = true } = options
  const processes: FakeProcess[] = []
  const said: string[] = []
  const inits: string[] = []
  const waits: number[] = []
  let due: (() => void) | undefined
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
    const made: FakeProcess = {
      source,
      pid: 100 + processes.length,
      path: `/nowhere/${processes.length}.sock`,
      startedAt: now,
      ended,
      end: () => end,
      socketWithin: async () => end === undefined && listens(source),
      socketAfter: () => 5,
      lastWords: () => (end === undefined ? 'it runs' : `it ended with exit code ${end.code}`),
      signals,
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
        due = run
        return () => {
          due = undefined
        }
      },
    },
    policy,
    spawn: ({ launch }) => fakeProcess(launch.source),
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
    elapse: async () => {
      now += waits.at(-1) ?? 0
      due?.()
      due = undefined
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
  t.is(plugin.address(), undefined)
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
