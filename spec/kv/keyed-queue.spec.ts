import test from 'ava'
import { keyedQueue } from '../../lib/kv/keyed-queue.js'

/** Tasks that say when they begin and end, and end when they are told to. */
const recorder = () => {
  const events: string[] = []
  const ends = new Map<string, () => void>()
  const task = (name: string) => (): Promise<string> => {
    events.push(`${name} begins`)
    return new Promise(resolve => {
      ends.set(name, () => {
        events.push(`${name} ends`)
        resolve(name)
      })
    })
  }
  /** Ends a task, and lets whatever waited for it begin. */
  const end = async (name: string): Promise<void> => {
    ends.get(name)?.()
    await new Promise(setImmediate)
  }
  return { events, task, end }
}

test('tasks run one after the other, and yield their results', async t => {
  const { events, task, end } = recorder()
  const queue = keyedQueue()
  const results = Promise.all([queue.next(task('a')), queue.next(task('b'))])
  await end('none')
  t.deepEqual(events, ['a begins'])
  await end('a')
  t.deepEqual(events, ['a begins', 'a ends', 'b begins'])
  await end('b')
  t.deepEqual(await results, ['a', 'b'])
})

test('tasks of different keys run together, and one without a key runs alone', async t => {
  const { events, task, end } = recorder()
  const queue = keyedQueue()
  const results = Promise.all([
    queue.next(task('x1'), 'x'),
    queue.next(task('x2'), 'x'),
    queue.next(task('y1'), 'y'),
    queue.next(task('all')),
    queue.next(task('x3'), 'x'),
    queue.next(task('y2'), 'y'),
  ])
  await end('none')
  t.deepEqual(events, ['x1 begins', 'y1 begins'])
  await end('x1')
  await end('y1')
  await end('x2')
  t.deepEqual(events.slice(2), ['x1 ends', 'x2 begins', 'y1 ends', 'x2 ends', 'all begins'])
  await end('all')
  t.deepEqual(events.slice(7), ['all ends', 'x3 begins', 'y2 begins'])
  await end('y2')
  await end('x3')
  t.deepEqual(await results, ['x1', 'x2', 'y1', 'all', 'x3', 'y2'])
})

test('a task that fails does not hold up the next one', async t => {
  const queue = keyedQueue()
  const failed = queue.next(() => Promise.reject(new Error('failed')))
  const next = queue.next(async () => 'next')
  await t.throwsAsync(failed, { message: 'failed' })
  t.is(await next, 'next')
  t.is(
    queue.now(() => 'at once'),
    'at once',
  )
})

test('something runs at once only while no task runs or waits', async t => {
  const { events, task, end } = recorder()
  const queue = keyedQueue()
  const inner: Array<Promise<string>> = []
  t.is(
    queue.now(() => {
      inner.push(queue.next(task('inner')))
      events.push('outer ends')
      return queue.now(() => 'never')
    }),
    undefined,
  )
  t.is(
    queue.now(() => 'never'),
    undefined,
  )
  await end('none')
  t.deepEqual(events, ['outer ends', 'inner begins'])
  await end('inner')
  t.deepEqual(await Promise.all(inner), ['inner'])
  t.is(
    queue.now(() => 'at last'),
    'at last',
  )
})
