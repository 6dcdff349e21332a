import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { messageOf } from '../thrown.js'
import { isWide } from './decode-text.js'
import { beyondBounds, MAX_MESSAGE_VALUES, MAX_VALUES } from './json-bounds.js'
import { clipped, escapeHidden } from './show.js'

/** Why a text was not parsed. `path` leads to the place: `author.__proto__`. */
export type JsonFault =
  | { readonly _tag: 'BeyondBounds'; readonly reason: string }
  | { readonly _tag: 'ForbiddenKey'; readonly path: string; readonly key: ForbiddenKey }
  | { readonly _tag: 'InfiniteNumber'; readonly path: string }
  | { readonly _tag: 'NotJson'; readonly reason: string }

/**
 * A key that no text from outside may have. Where code copies an object by assignment, as the
 * codecs of io-ts do, the first becomes the prototype of the copy: its properties are then read as
 * the object's own, past every codec. Where code merges objects in depth, the second leads to
 * `Object.prototype`.
 */
export type ForbiddenKey = '__proto__' | 'constructor.prototype'

/**
 * Parses a JSON text from outside: a body, a stored value, a file. A byte order mark at its
 * beginning is left out. `most` is how many values it may hold.
 */
export const parseJsonText = (text: string, most = MAX_VALUES): Either<JsonFault, unknown> =>
  parseWithin(text, most, 'nowhere')

/**
 * The same for a message of the protocol. Its headers may have any name that HTTP allows, and
 * `__proto__` is one: it is no fault where it holds a text, which is no prototype. Its numbers are
 * not looked at, for nothing reads them. `bytes` are the text as UTF-8, if the caller has them.
 */
export const parseMessageText = (text: string, bytes?: Uint8Array): Either<JsonFault, unknown> =>
  parseWithin(text, MAX_MESSAGE_VALUES, 'as text', bytes)

/** The same without bounds: for tools, which read what an author's own programs wrote. */
export const parseTrustedText = (text: string): Either<JsonFault, unknown> => parse(text, 'nowhere')

/** Where the key `__proto__` may stand. */
type Allowed = 'nowhere' | 'as text'

const parseWithin = (
  text: string,
  most: number,
  proto: Allowed,
  bytes?: Uint8Array,
): Either<JsonFault, unknown> => {
  const reason = beyondBounds(text, most, bytes)
  return reason === undefined ? parse(text, proto) : E.left({ _tag: 'BeyondBounds', reason })
}

const parse = (text: string, proto: Allowed): Either<JsonFault, unknown> => {
  try {
    const value = JSON.parse(text.charCodeAt(0) === BYTE_ORDER_MARK ? text.slice(1) : text)
    // Most texts are not suspicious: to search them takes less time than to visit their values.
    const fault = isSuspicious(text, proto) ? faultIn(value, proto) : undefined
    return fault === undefined ? E.right(value) : E.left(located(fault))
  } catch (thrown) {
    return E.left({ _tag: 'NotJson', reason: syntaxReason(text, thrown) })
  }
}

/** A fault in words that go after "the text: ". */
export const jsonFaultText = (fault: JsonFault): string => {
  switch (fault._tag) {
    case 'BeyondBounds':
      return fault.reason
    case 'ForbiddenKey':
      return `it has the key "${fault.key}" at ${fault.path}, which could change the prototype of an object`
    case 'InfiniteNumber':
      return `the number at ${fault.path || 'its top'} is beyond ${Number.MAX_VALUE}`
    case 'NotJson':
      return `it is not JSON: ${fault.reason}`
  }
}

const BYTE_ORDER_MARK = 0xfeff

/** Why a text is no JSON, without V8's quotation of it, which may be long and hold anything. */
const syntaxReason = (text: string, thrown: unknown): string => {
  if (text === '') return 'it is empty'
  if (isWide(text)) return 'it is UTF-16, and must be UTF-8'
  const [reason = ''] = messageOf(thrown).split(/, (?:\.\.\.)?"| \(line /, 1)
  return escapeHidden(reason.startsWith('"') ? 'it is no JSON value' : reason)
}

/**
 * What a text has that may hold a forbidden key or an infinite number: their letters, an escape of
 * one of the letters, or an exponent of three digits.
 */
const SUSPICIOUS = /proto(?:__|type)|\\u00[567]|\d[eE]\+?\d{3}/

/** The same without numbers, of which a message has none. */
const SUSPICIOUS_KEY = /proto(?:__|type)|\\u00[567]/

const isSuspicious = (text: string, proto: Allowed): boolean =>
  proto === 'as text' ? SUSPICIOUS_KEY.test(text) : SUSPICIOUS.test(text) || hasLongNumber(text)

/** An infinite number without an exponent has 309 digits or more: some stand in three of these. */
const STRIDE = 100

const hasLongNumber = (text: string): boolean => {
  let digits = 0
  for (let at = 0; at < text.length && digits < 3; at += STRIDE) {
    const unit = text.charCodeAt(at)
    digits = unit >= 0x30 && unit <= 0x39 ? digits + 1 : 0
  }
  return digits === 3
}

const PROTO = '__proto__'

/** A fault, and the keys that lead to it, the last one first. */
interface Found {
  readonly what: ForbiddenKey | 'a number'
  readonly keys: string[]
}

/** The first fault in a parsed value. */
const faultIn = (value: unknown, proto: Allowed): Found | undefined => {
  if (typeof value === 'number')
    return Number.isFinite(value) ? undefined : { what: 'a number', keys: [] }
  if (!isObject(value)) return undefined
  if (Object.hasOwn(value, PROTO) && !(proto === 'as text' && isText(value[PROTO])))
    return { what: PROTO, keys: [PROTO] }
  if (Object.hasOwn(value, 'constructor')) {
    const { constructor: member } = value
    if (isObject(member) && Object.hasOwn(member, 'prototype'))
      return { what: 'constructor.prototype', keys: ['prototype', 'constructor'] }
  }
  for (const key of Object.keys(value)) {
    const found = faultIn(value[key], proto)
    if (found === undefined) continue
    found.keys.push(key)
    return found
  }
  return undefined
}

const isText = (value: unknown): boolean => typeof value === 'string'

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const located = ({ what, keys }: Found): JsonFault => {
  const path = clipped(keys.reverse().join('.'))
  return what === 'a number'
    ? { _tag: 'InfiniteNumber', path }
    : { _tag: 'ForbiddenKey', path, key: what }
}
