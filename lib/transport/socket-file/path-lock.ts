/// <reference types="node" preserve="true" />
import { createServer, type Server } from 'node:net'

/**
 * How often a lock that somebody else holds is asked for, and how many milliseconds lie between:
 * who holds it is done in less than one.
 */
const TRIES = 50
const BETWEEN = 10

/**
 * Does a work while no other process of ours does one for the same path. The lock is a socket in
 * Linux's abstract namespace: it has no file that could be left behind, and the system frees it
 * when its owner dies. Where there is none to be had, or somebody keeps it, the work is done
 * without.
 */
export const withPathLock = async <A>(path: string, work: () => A): Promise<A> => {
  const lock = await acquired(`\0toru-claim-${hashOf(path)}`)
  const result = work()
  lock?.close()
  return result
}

const acquired = async (name: string): Promise<Server | undefined> => {
  for (let tries = 0; tries < TRIES; tries++) {
    const lock = await listening(name)
    if (lock !== 'in use') return lock
    await new Promise(resolve => setTimeout(resolve, BETWEEN))
  }
  return undefined
}

const listening = (name: string): Promise<Server | 'in use' | undefined> =>
  new Promise(resolve => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) =>
      resolve(error.code === 'EADDRINUSE' ? 'in use' : undefined),
    )
    server.listen(name, () => resolve(server))
  })

/** FNV-1a in 32 bits: paths that share a lock only wait for each other. */
const hashOf = (text: string): string => {
  let hash = 0x811c9dc5
  for (let at = 0; at < text.length; at++) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193)
  return (hash >>> 0).toString(16)
}
