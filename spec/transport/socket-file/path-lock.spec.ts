import { createServer, type Server } from 'node:net'
import test from 'ava'
import { withPathLock } from '../../../lib/transport/socket-file/path-lock.js'

test('a work that returns frees the lock for the next, whatever it gives back', async t => {
  t.deepEqual(
    [await withPathLock('/a/path', () => 1), await withPathLock('/a/path', () => undefined)],
    [1, undefined],
  )
})

test('while somebody holds the lock of a path the work waits', async t => {
  // FNV-1a of the path, as every process computes it.
  const path = `/held/${process.pid}`
  let hash = 0x811c9dc5
  for (const character of path) hash = Math.imul(hash ^ character.charCodeAt(0), 0x01000193)
  const holder = await new Promise<Server>(resolve => {
    const server = createServer().listen(`\0toru-claim-${(hash >>> 0).toString(16)}`, () =>
      resolve(server),
    )
  })
  let held = true
  const work = withPathLock(path, () => held)
  await withPathLock(`${path}/another`, () => undefined)
  held = false
  holder.close()
  t.false(await work)
})
