import type { Query } from '../domain/http.js'
import { invalidRequest, type PluginError, payloadTooLarge } from '../domain/plugin-error.js'

/** The longest query string that is parsed, in UTF-16 units. The host's own server takes less. */
const MAX_QUERY = 65_536

/**
 * The most fields of a query or a form. A field costs as much time as a thousand characters of
 * text.
 */
const MAX_FIELDS = 10_000

/** Why a query string is not parsed: 414 if it is too long, 400 if it has too many fields. */
export const queryProblem = (text: string): PluginError | undefined => {
  if (text.length > MAX_QUERY)
    return invalidRequest(`the query is longer than ${MAX_QUERY} characters`, { status: 414 })
  return hasManyFields(text)
    ? invalidRequest(`the query has more than ${MAX_FIELDS} fields`)
    : undefined
}

/** Why a form is not parsed: 413 if it has too many fields. */
export const formProblem = (text: string): PluginError | undefined =>
  hasManyFields(text) ? payloadTooLarge(`the form has more than ${MAX_FIELDS} fields`) : undefined

const hasManyFields = (text: string): boolean => {
  let fields = 1
  for (
    let at = text.indexOf('&');
    at !== -1 && fields <= MAX_FIELDS;
    at = text.indexOf('&', at + 1)
  )
    fields++
  return fields > MAX_FIELDS
}

const NONE: Query = Object.freeze(Object.create(null))

/**
 * Parses a query string or a form. Yields an object without a prototype: each key with its text, or
 * with an array if the key came more than once. Decodes as browsers encode (`+` is a blank);
 * invalid escapes become U+FFFD.
 */
export const parseQuery = (text: string): Query => {
  if (text === '') return NONE
  const query: Record<string, string | string[]> = Object.create(null)
  // URLSearchParams removes one leading question mark, and a second one belongs to a name.
  for (const [key, value] of new URLSearchParams(`?${withBlanks(text)}`)) {
    const earlier = query[key]
    if (earlier === undefined) query[key] = value
    else if (typeof earlier === 'string') query[key] = [earlier, value]
    else earlier.push(value)
  }
  return query
}

const PLUS = 0x2b
const BLANK = 0x20
const encoder = new TextEncoder()
const decoder = new TextDecoder('utf-8', { ignoreBOM: true })

/**
 * Replaces each `+` by a blank. URLSearchParams, and any replacement in a text, takes seconds for
 * 16 MiB of them.
 */
const withBlanks = (text: string): string => {
  if (!text.includes('+')) return text
  const bytes = encoder.encode(text)
  for (let at = 0; at < bytes.length; at++) if (bytes[at] === PLUS) bytes[at] = BLANK
  return decoder.decode(bytes)
}
