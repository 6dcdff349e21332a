import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import type { Headers } from '../domain/http.js'
import { propNames } from './props.js'

/**
 * Decodes headers, whose names come in lower case, with a codec that may write them in another way:
 * `X-Api-Key`. Such a name is added to the headers. Where the structure of a codec cannot be seen,
 * its errors say which name it looked for.
 */
export const headersDecoder = (codec: t.Mixed): ((headers: Headers) => t.Validation<unknown>) => {
  const known = (propNames(codec) ?? []).filter(isCased)
  return headers => {
    const decoded = codec.decode(withNames(headers, known))
    if (E.isRight(decoded)) return decoded
    const wanted = decoded.left
      .flatMap(({ context }) => context.map(({ key }) => key))
      .filter(
        key => isCased(key) && !known.includes(key) && Object.hasOwn(headers, key.toLowerCase()),
      )
    return wanted.length === 0 ? decoded : codec.decode(withNames(headers, [...known, ...wanted]))
  }
}

const isCased = (name: string): boolean => name !== name.toLowerCase()

/** The headers, and those of some names under these names as well. */
const withNames = (headers: Headers, names: ReadonlyArray<string>): Headers => {
  const named: Record<string, string> = { ...headers }
  for (const name of names) {
    const lower = name.toLowerCase()
    if (Object.hasOwn(headers, lower)) named[name] = headers[lower] ?? ''
  }
  return named
}
