import type { LogEntry } from '../../console-api.js'
import { contains } from '../components/text.js'

/** The levels of a log, the least severe first. */
export const LEVELS = ['Trace', 'Debug', 'Info', 'Warn', 'Error'] as const
/** A level of a log. */
export type Level = (typeof LEVELS)[number]

/** The level of an entry; an unknown one counts as `Info`. */
export const levelOf = ({ level }: LogEntry): Level =>
  LEVELS.find(name => name.toLowerCase() === level.toLowerCase()) ?? 'Info'

/** Whether an entry has at least this level, and the text in its message or error. */
export const matchesLog =
  (least: Level, text: string) =>
  (entry: LogEntry): boolean =>
    LEVELS.indexOf(levelOf(entry)) >= LEVELS.indexOf(least) &&
    contains(text, entry.message, entry.error ?? '')

/** Merges logs by time and keeps the newest `most` entries. */
export const mergeLogs = (
  logs: ReadonlyArray<ReadonlyArray<LogEntry>>,
  most: number,
): ReadonlyArray<LogEntry> =>
  logs
    .flat()
    .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp))
    .slice(-most)
