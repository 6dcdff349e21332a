import { pathToFileURL } from 'node:url'
import type { SqliteMode } from './driver.js'

const QUERY = {
  'read-write': '',
  'read-only': '?mode=ro',
  immutable: '?mode=ro&immutable=1',
} as const

/** A file at an absolute path as a URI that says how SQLite opens it. */
export const uriOf = (file: string, mode: SqliteMode): string =>
  pathToFileURL(file).href + QUERY[mode]
