/// <reference types="node" preserve="true" />
import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'

/** What must be gone when the checker is, however it ends: groups of processes and folders. */
export interface Tidy {
  /** A new folder of this user alone. Its path is short: a socket's path may hold 107 bytes. */
  readonly folder: () => string
  readonly removeFolder: (folder: string) => void
  /** Takes note of a process that leads a group of its own. */
  readonly started: (pid: number) => void
  /** Kills the group, what it has started included. */
  readonly kill: (pid: number) => void
  /** All of it, at once and without waiting. */
  readonly everything: () => void
}

/** Keeps account of what is to be tidied up. */
export const makeTidy = (): Tidy => {
  const folders = new Set<string>()
  const groups = new Set<number>()
  const removeFolder = (folder: string): void => {
    // A process that was killed a moment ago may still have been writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
    folders.delete(folder)
  }
  const kill = (pid: number): void => {
    E.tryCatch(() => process.kill(-pid, 'SIGKILL'), String)
    groups.delete(pid)
  }
  return {
    folder: () => {
      const folder = mkdtempSync(join(realpathSync(tmpdir()), 'toru-check-'))
      folders.add(folder)
      return folder
    },
    removeFolder,
    started: pid => void groups.add(pid),
    kill,
    everything: () => {
      groups.forEach(kill)
      folders.forEach(removeFolder)
    },
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/**
 * Does a work so that nothing stays behind: not when it ends, not on Ctrl-C, and not when the
 * process ends in its midst.
 */
export const tidily = async <A>(work: (tidy: Tidy) => Promise<A>): Promise<A> => {
  const tidy = makeTidy()
  const leave = (signal: NodeJS.Signals): void => {
    tidy.everything()
    for (const name of SIGNALS) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  }
  process.once('exit', tidy.everything)
  for (const name of SIGNALS) process.once(name, leave)
  const result = await work(tidy)
  tidy.everything()
  process.removeListener('exit', tidy.everything)
  for (const name of SIGNALS) process.removeListener(name, leave)
  return result
}
