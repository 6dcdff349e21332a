import type { LogEntry } from '../console-api.js'
import { atLeast, type HostLogEntry } from './log-entries.js'

/** How much of each plugin's log is kept. */
const MAX_ENTRIES = 5_000
const MAX_CHARACTERS = 4 * 1_048_576

/** The newest part of every plugin's log, in memory. */
export interface LogStore {
  /** Adds an entry to the log of the plugin that it names, and numbers it. */
  readonly add: (entry: HostLogEntry) => LogEntry
  /** A page of a plugin's entries, newest first; see {@link atLeast} for `level`. */
  readonly page: (
    plugin: string,
    page: number,
    size: number,
    level: string | null,
  ) => ReadonlyArray<HostLogEntry>
}

interface PluginLog {
  readonly entries: LogEntry[]
  characters: number
}

const sizeOf = ({ message, error = '' }: LogEntry): number => message.length + error.length + 100

/** Creates an empty store. */
export const makeLogStore = (): LogStore => {
  const logs = new Map<string, PluginLog>()
  let count = 0
  return {
    add: entry => {
      const numbered = { n: ++count, ...entry }
      const log = logs.get(entry.plugin) ?? { entries: [], characters: 0 }
      logs.set(entry.plugin, log)
      log.entries.push(numbered)
      log.characters += sizeOf(numbered)
      while (log.entries.length > MAX_ENTRIES || log.characters > MAX_CHARACTERS) {
        const oldest = log.entries.shift()
        if (oldest === undefined) break
        log.characters -= sizeOf(oldest)
      }
      return numbered
    },
    page: (plugin, page, size, level) =>
      (logs.get(plugin)?.entries ?? [])
        .filter(atLeast(level))
        .reverse()
        .slice(page * size, (page + 1) * size)
        .map(({ n: _, ...entry }) => entry),
  }
}
