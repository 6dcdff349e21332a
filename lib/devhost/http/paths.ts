import { isUtf8 } from 'node:buffer'

/** The address of a request: its path and its query, as they came. */
export interface Target {
  readonly path: string
  /** Without the question mark; `undefined` without one. */
  readonly query: string | undefined
}

/** The parts of an address as it stands in the request line. */
export const targetOf = (url: string): Target => {
  const mark = url.indexOf('?')
  return mark === -1
    ? { path: url, query: undefined }
    : { path: url.slice(0, mark), query: url.slice(mark + 1) }
}

/**
 * A path percent-decoded as the real host does it: what is no `%` and two digits stays as it is.
 * `undefined` where the bytes are not UTF-8.
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

/** A path below a plugin's route, and the route. */
export interface RoutedPath {
  /** Without a slash. */
  readonly route: string
  /** With a slash at its beginning. */
  readonly rest: string
}

/** Cuts the first segment off a path that has no slash at its beginning. */
export const routed = (path: string): RoutedPath => {
  const slash = path.indexOf('/')
  return slash === -1
    ? { route: path, rest: '/' }
    : { route: path.slice(0, slash), rest: path.slice(slash) }
}
