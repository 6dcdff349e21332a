import { pathToFileURL } from 'node:url'
import type { SqliteMode } from './driver.js'

const QUERY = {
  'read-write': '',
  'read-only': '?mode=ro',
  immutable: '?mode=ro&immutable=1',
} as const

/** The URI of a file at an absolute path, with the mode in which SQLite opens it. */
export const uriOf = (file: string, mode: SqliteMode): string =>
  pathToFileURL(file).href + QUERY[mode]
