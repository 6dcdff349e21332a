import { constants } from 'node:fs'
import { compileFunction } from 'node:vm'
import test from 'ava'
import {
  WATCHDOG_WORKER,
  type WatchdogData,
} from '../../../lib/runtime/supervision/watchdog-worker.js'

const TICK = 1_000

/** The worker's program with a clock that a test moves, and without an inspector. */
const worker = (given: Partial<WatchdogData> = {}) => {
  const shared = new Int32Array(2)
  const workerData: WatchdogData = {
    shared,
    tick: TICK,
    stallTimeout: 20_000,
    orphanTimeout: 3_000,
    parent: undefined,
    grandparent: undefined,
    plugin: 'notes',
    form: 'line',
    maxLine: 4094,
    padTo: 4096,
    ...given,
  }
  let now = 0
  let look = (): void => undefined
  const written: string[] = []
  const did: string[] = []
  const modules: Readonly<Record<string, object>> = {
    'node:worker_threads': { workerData },
    'node:fs': {
      constants,
      write: (_fd: number, bytes: Buffer, done: (error: null, count: number) => void) => {
        written.push(bytes.toString())
        done(null, bytes.length)
      },
    },
    'node:inspector': {},
  }
  compileFunction(WATCHDOG_WORKER, [
    'require',
    'performance',
    'setInterval',
    'setTimeout',
    'process',
  ])(
    (name: string) => modules[name],
    { now: () => now },
    (f: () => void) => {
      look = f
    },
    () => undefined,
    { pid: 7, ppid: 5, kill: (pid: number, signal: string) => did.push(`${signal} ${pid}`) },
  )
  return {
    /**
     * Lets the worker look so many times, each after so many milliseconds; `beats` is whether the
     * event loop turns in between.
     */
    looks: (times: number, after = TICK, beats = false) => {
      for (let nth = 0; nth < times; nth += 1) {
        now += after
        if (beats) shared[0] = (shared[0] ?? 0) + 1
        look()
      }
    },
    debug: (on: boolean) => {
      shared[1] = on ? 1 : 0
    },
    did,
    written,
  }
}

test('an event loop is killed after the timeout without a heartbeat', t => {
  const { looks, did, written } = worker()
  looks(19)
  t.deepEqual(did, [])
  looks(1)
  t.deepEqual(did, ['SIGKILL 7'])
  const { timestamp, ...entry } = JSON.parse(written.join(''))
  t.truthy(timestamp)
  t.deepEqual(entry, {
    level: 'Error',
    message:
      'the event loop was blocked for 20.0 s: this process is killed (SIGKILL, exit code 137)',
    plugin: 'notes',
    pid: 7,
    error: 'no stack: require(...).Session is not a constructor',
  })
})

test('one heartbeat is enough', t => {
  const { looks, did } = worker()
  looks(19)
  looks(1, TICK, true)
  looks(19)
  t.deepEqual(did, [])
})

test('time in which the worker did not run counts as two ticks', t => {
  const { looks, did } = worker()
  looks(10)
  looks(1, 3_600_000)
  looks(7)
  t.deepEqual(did, [])
  looks(1)
  t.deepEqual(did, ['SIGKILL 7'])
})

test('no time counts while the inspector is open', t => {
  const { looks, debug, did } = worker()
  debug(true)
  looks(100)
  debug(false)
  looks(19)
  t.deepEqual(did, [])
})

test('the timeout is shorter once the parent is gone', t => {
  const { looks, did, written } = worker({ parent: 4 })
  looks(2)
  t.deepEqual(did, [])
  looks(1)
  t.deepEqual(did, ['SIGKILL 7'])
  t.regex(written.join(''), /"the host is gone and the event loop was blocked for 3\.0 s: /)
  const other = worker({ parent: 5 })
  other.looks(19)
  t.deepEqual(other.did, [])
})

test('an entry is padded for a pipe, and plain for a terminal', t => {
  const [pipe, terminal] = [worker({ form: 'padded' }), worker({ form: 'pretty' })]
  pipe.looks(20)
  terminal.looks(20)
  t.is(Buffer.byteLength(pipe.written.join('')), 4096)
  t.true(pipe.written.join('').endsWith(' \n'))
  t.is(
    terminal.written.join(''),
    'the event loop was blocked for 20.0 s: this process is killed (SIGKILL, exit code 137)\nno stack: require(...).Session is not a constructor\n',
  )
})
