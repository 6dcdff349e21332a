import type { LogEntry } from '../console-api.js'
import { atLeast, type HostLogEntry } from './log-entries.js'

/** How much is kept of each plugin's log. */
const MOST_ENTRIES = 5_000
const MOST_CHARACTERS = 4 * 1_048_576

/** The logs of all plugins, the newest part of each. */
export interface LogStore {
  /** Keeps an entry under the plugin that it names, and numbers it. */
  readonly add: (entry: HostLogEntry) => LogEntry
  /** A page of a plugin's entries, the newest first: see {@link atLeast} for `level`. */
  readonly page: (
    plugin: string,
    page: number,
    size: number,
    level: string | null,
  ) => ReadonlyArray<HostLogEntry>
  readonly forget: (plugin: string) => void
}

interface Shelf {
  readonly entries: LogEntry[]
  characters: number
}

const weightOf = ({ message, error = '' }: LogEntry): number => message.length + error.length + 100

/** A store for the logs, in memory. */
export const makeLogStore = (): LogStore => {
  const shelves = new Map<string, Shelf>()
  let count = 0
  return {
    add: entry => {
      const numbered = { n: ++count, ...entry }
      const shelf = shelves.get(entry.plugin) ?? { entries: [], characters: 0 }
      shelves.set(entry.plugin, shelf)
      shelf.entries.push(numbered)
      shelf.characters += weightOf(numbered)
      while (shelf.entries.length > MOST_ENTRIES || shelf.characters > MOST_CHARACTERS) {
        const oldest = shelf.entries.shift()
        if (oldest === undefined) break
        shelf.characters -= weightOf(oldest)
      }
      return numbered
    },
    page: (plugin, page, size, level) =>
      (shelves.get(plugin)?.entries ?? [])
        .filter(atLeast(level))
        .reverse()
        .slice(page * size, (page + 1) * size)
        .map(({ n: _, ...entry }) => entry),
    forget: plugin => void shelves.delete(plugin),
  }
}
