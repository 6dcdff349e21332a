/// <reference types="node" preserve="true" />
import { rmSync } from 'node:fs'
import { signalGroup } from '../plugin-process/spawn-process.js'
import { temporaryFolder } from '../plugin-process/temporary-folder.js'

/** The process groups and folders to remove when the command ends, however it ends. */
export interface Cleanup {
  /** Makes a folder for this user alone, with a path short enough for that of a socket. */
  readonly folder: () => string
  readonly removeFolder: (folder: string) => void
  /** Remembers a process that leads a group. */
  readonly started: (pid: number) => void
  /** Kills a group by its leader. */
  readonly kill: (pid: number) => void
  /** Kills and removes everything, without waiting. */
  readonly run: () => void
}

/** Nothing to remove yet. */
export const makeCleanup = (): Cleanup => {
  const folders = new Set<string>()
  const groups = new Set<number>()
  const removeFolder = (folder: string): void => {
    // A process that was just killed may still have been writing.
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
    folders.delete(folder)
  }
  const kill = (pid: number): void => {
    signalGroup(pid, 'SIGKILL')
    groups.delete(pid)
  }
  return {
    folder: () => {
      const folder = temporaryFolder('cli')
      folders.add(folder)
      return folder
    },
    removeFolder,
    started: pid => void groups.add(pid),
    kill,
    run: () => {
      groups.forEach(kill)
      folders.forEach(removeFolder)
    },
  }
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Runs a task, and cleans up when it ends, on Ctrl-C, and when the process exits before. */
export const withCleanup = async <A>(task: (cleanup: Cleanup) => Promise<A>): Promise<A> => {
  const cleanup = makeCleanup()
  const end = (signal: NodeJS.Signals): void => {
    cleanup.run()
    for (const name of SIGNALS) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  }
  process.once('exit', cleanup.run)
  for (const name of SIGNALS) process.once(name, end)
  const result = await task(cleanup)
  cleanup.run()
  process.removeListener('exit', cleanup.run)
  for (const name of SIGNALS) process.removeListener(name, end)
  return result
}
