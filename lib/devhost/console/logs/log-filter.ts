import type { LogEntry } from '../../console-api.js'
import { contains } from '../components/text.js'

/** The levels of a log, the least first. */
export const LEVELS = ['Trace', 'Debug', 'Info', 'Warn', 'Error'] as const
/** A level of a log. */
export type Level = (typeof LEVELS)[number]

/** The level of an entry; a name that is not known counts as `Info`. */
export const levelOf = ({ level }: LogEntry): Level =>
  LEVELS.find(name => name.toLowerCase() === level.toLowerCase()) ?? 'Info'

/** Whether an entry is of at least that level and has the text in its message or its error. */
export const logPasses =
  (least: Level, text: string) =>
  (entry: LogEntry): boolean =>
    LEVELS.indexOf(levelOf(entry)) >= LEVELS.indexOf(least) &&
    contains(text, entry.message, entry.error ?? '')

/** The logs of several plugins as one, by time, at most so many of the newest. */
export const inOneLog = (
  logs: ReadonlyArray<ReadonlyArray<LogEntry>>,
  most: number,
): ReadonlyArray<LogEntry> =>
  logs
    .flat()
    .sort((a, b) => Date.parse(a.timestamp) - Date.parse(b.timestamp))
    .slice(-most)
