/// <reference types="node" preserve="true" />
import { setTimeout as pause } from 'node:timers/promises'
import { runningProcesses, signalGroup, signalProcesses } from '../plugin-process/spawn-process.js'
import {
  removeTemporaryFolder,
  removeTemporaryFolders,
  temporaryFolder,
} from '../plugin-process/temporary-folder.js'

const undos = new Set<() => void>()

/** Remembers what to undo if the command is ended before its time. Yields what forgets it. */
export const undoAtExit = (undo: () => void): (() => void) => {
  undos.add(undo)
  return () => void undos.delete(undo)
}

const undoAll = (): void => {
  for (const undo of undos) undo()
  undos.clear()
}

/** Ends and removes everything, without waiting. */
const abandon = (): void => {
  undoAll()
  signalProcesses('SIGKILL')
  removeTemporaryFolders()
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** How long the processes of a command that is ended have, in milliseconds. */
const END_TIMEOUT = 1_000
/** How often to look, in milliseconds. */
const LOOK_EVERY = 10

/**
 * Ends the processes of this command and removes its temporary files when a signal such as Ctrl-C
 * ends it, and also if it exits before its time. A second signal does not wait for the processes.
 * Signals that a command handles itself are left to it. `begun` is called with the first one.
 */
export const cleanUpAtExit = (begun: () => void): void => {
  let isEnding = false
  const die = (signal: NodeJS.Signals): void => {
    abandon()
    for (const name of SIGNALS) process.removeAllListeners(name)
    process.kill(process.pid, signal)
  }
  const onSignal = async (signal: NodeJS.Signals): Promise<void> => {
    if (process.listenerCount(signal) > 1) return
    if (isEnding) return die(signal)
    isEnding = true
    begun()
    undoAll()
    signalProcesses('SIGTERM')
    const deadline = performance.now() + END_TIMEOUT
    while (runningProcesses() > 0 && performance.now() < deadline) await pause(LOOK_EVERY)
    die(signal)
  }
  process.once('exit', abandon)
  for (const name of SIGNALS) process.on(name, onSignal)
}

/** The process groups and folders to remove when a task ends. */
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
const makeCleanup = (): Cleanup => {
  const folders = new Set<string>()
  const groups = new Set<number>()
  const removeFolder = (folder: string): void => {
    removeTemporaryFolder(folder)
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

/** Runs a task, and cleans up when it ends, or when the command is ended before. */
export const withCleanup = async <A>(task: (cleanup: Cleanup) => Promise<A>): Promise<A> => {
  const cleanup = makeCleanup()
  const forget = undoAtExit(cleanup.run)
  const result = await task(cleanup)
  cleanup.run()
  forget()
  return result
}
