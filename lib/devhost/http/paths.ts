import { isUtf8 } from 'node:buffer'

/** The path and query of a request, as they came. */
export interface Target {
  readonly path: string
  /** Without the question mark; `undefined` if there is none. */
  readonly query: string | undefined
}

/** Splits the URL of a request line. */
export const targetOf = (url: string): Target => {
  const mark = url.indexOf('?')
  return mark === -1
    ? { path: url, query: undefined }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}

/**
 * Percent-decodes a path as the real host does: a `%` without two digits stays. `undefined` if the
 * bytes are not UTF-8.
 */
export const decodedPath = (path: string): string | undefined => {
  const bytes = Buffer.from(
    path.replace(/%([0-9a-fA-F]{2})/g, (_, digits: string) =>
      String.fromCharCode(Number.parseInt(digits, 16)),
    ),
    'latin1',
  )
  return isUtf8(bytes) ? bytes.toString('utf8') : undefined
}

/** A route and the path below it. */
export interface RoutedPath {
  /** Without slashes. */
  readonly route: string
  /** Begins with a slash. */
  readonly rest: string
}

/** Splits off the first segment of a path that does not begin with a slash. */
export const routed = (path: string): RoutedPath => {
  const slash = path.indexOf('/')
  return slash === -1
    ? { route: path, rest: '/' }
    : { route: path.slice(0, slash), rest: path.slice(slash) }
}
