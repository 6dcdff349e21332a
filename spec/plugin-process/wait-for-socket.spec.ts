import { linkSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import { join } from 'node:path'
import test from 'ava'
import { waitForConnection, waitForSocket } from '../../lib/plugin-process/wait-for-socket.js'
import { folder } from '../support/plugin-process.js'

const LONG = { timeout: 20_000, isOver: () => false }
const listening = (path: string): Promise<Server> =>
  new Promise(resolve => {
    const server = createServer().listen(path, () => resolve(server))
  })

test('whatever comes to the path of a socket is noticed', async t => {
  const path = join(folder(), 'plugin.sock')
  const found = waitForSocket(path, LONG)
  const server = await listening(path)
  t.is(await found, 'socket')
  await new Promise(resolve => server.close(resolve))
  writeFileSync(path, '')
  t.is(await waitForSocket(path, LONG), 'file')
})

test('nothing is waited for any more when the time is over, or the process is', async t => {
  const path = join(folder(), 'plugin.sock')
  t.is(await waitForSocket(path, { ...LONG, timeout: 10 }), undefined)
  t.is(await waitForSocket(path, { ...LONG, isOver: () => true }), undefined)
  t.false(await waitForConnection(path, { ...LONG, isOver: () => true }))
})

test('a name behind which nobody listens is no connection yet', async t => {
  const path = join(folder(), 'plugin.sock')
  const dead = await listening(`${path}.dead`)
  linkSync(`${path}.dead`, path)
  await new Promise(resolve => dead.close(resolve))
  t.is(await waitForSocket(path, LONG), 'socket')
  t.false(await waitForConnection(path, { ...LONG, timeout: 10 }))
  rmSync(path)
  const server = await listening(path)
  t.teardown(() => void server.close())
  t.true(await waitForConnection(path, LONG))
})
