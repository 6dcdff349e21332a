import test from 'ava'
import { taskQueue } from '../../lib/domain/task-queue.js'

test('so many tasks run at a time, in the order in which they came, whatever becomes of them', async t => {
  const queue = taskQueue(2)
  const begun: string[] = []
  const ends: Array<() => void> = []
  const task = (name: string) => (): Promise<string> => {
    begun.push(name)
    return new Promise((resolve, reject) =>
      ends.push(() => (name === 'b' ? reject(new Error(name)) : resolve(name))),
    )
  }
  const results = ['a', 'b', 'c', 'd'].map(name => queue(task(name)).catch(String))
  t.deepEqual(begun, ['a', 'b'])
  ends[1]?.()
  await results[1]
  t.deepEqual(begun, ['a', 'b', 'c'])
  for (const end of ends) end()
  await results[2]
  ends[3]?.()
  t.deepEqual(await Promise.all(results), ['a', 'Error: b', 'c', 'd'])
})

test('a task that throws at once lets the next one run', async t => {
  const queue = taskQueue(1)
  const failed = queue(() => JSON.parse('no JSON'))
  const next = queue(async () => 'next')
  await t.throwsAsync(failed)
  t.is(await next, 'next')
})
