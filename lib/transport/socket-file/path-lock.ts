/// <reference types="node" preserve="true" />
import { once } from 'node:events'
import { createServer, type Server } from 'node:net'
import { errorCode } from '../../domain/thrown.js'

/** How often a lock that is taken is tried, and after how many milliseconds; one takes a moment. */
const TRIES = 50
const RETRY_AFTER = 10

/**
 * Runs `work` while no other process of ours runs one for the same path. The lock is a socket in
 * Linux's abstract namespace: it leaves no file behind, and the system releases it when its owner
 * dies. Where there is no such namespace, or another process keeps the lock, `work` runs without.
 */
export const withPathLock = async <A>(path: string, work: () => A): Promise<A> => {
  const lock = await acquire(`\0toru-claim-${hashOf(path)}`)
  const result = work()
  lock?.close()
  return result
}

const acquire = async (name: string): Promise<Server | undefined> => {
  for (let tries = 0; tries < TRIES; tries++) {
    const lock = await listenOn(name)
    if (lock !== 'in use') return lock
    await new Promise(resolve => setTimeout(resolve, RETRY_AFTER))
  }
  return undefined
}

const listenOn = async (name: string): Promise<Server | 'in use' | undefined> => {
  const server = createServer()
  try {
    server.listen(name)
    await once(server, 'listening')
    return server
  } catch (cause) {
    return errorCode(cause) === 'EADDRINUSE' ? 'in use' : undefined
  }
}

/** FNV-1a in 32 bits. Paths with the same hash only wait for each other. */
const hashOf = (text: string): string => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16)
}
