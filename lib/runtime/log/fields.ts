import { isError, messageOf } from '../../domain/thrown.js'
import { errorText, propertyOf, safely, shortErrorText } from './error-text.js'
import { RESERVED } from './log-line.js'
import { isCredential, type Redact } from './redact.js'

/** The author's fields of an entry: plain JSON, and the text of the host's field `error`. */
export interface SafeFields {
  readonly fields: Readonly<Record<string, unknown>>
  readonly error?: string
}

/**
 * How deep fields are shown, and how many values of one entry: what is logged by accident (a
 * socket, a request) can refer to the whole process.
 */
const MAX_DEPTH = 6
const MAX_VALUES = 1000

/**
 * How many characters of text the fields of one entry have together. A longer text is left out as a
 * whole, because its beginning could be half of a secret.
 */
const MAX_TEXT = 65_536

/**
 * Fields of any kind as plain JSON. The result has no getters that throw, no circles, no secrets,
 * and no lone surrogates, which the host cannot read.
 *
 * `err` and `error` become the text `error`, an `Error` with its stack and its causes. The values
 * of credentials (`authorization`, `cookie`, `password`…) become `[redacted]` at any depth. A field
 * that has a name of the host's form gets an underscore at its end.
 */
export const safeFields = (
  fields: Readonly<Record<string, unknown>>,
  redact: Redact,
): SafeFields => {
  const toJson = jsonWithin(redact)
  const safe: Record<string, unknown> = {}
  const errors: string[] = []
  for (const name of namesOf(fields).slice(0, MAX_VALUES)) {
    const value = propertyOf(fields, name)
    if (value === undefined) continue
    if (name === 'err' || name === 'error') {
      if (value !== null) errors.push(errorField(value, toJson, redact))
    } else {
      const shown = redact(name.toWellFormed())
      define(
        safe,
        RESERVED.has(shown) ? `${shown}_` : shown,
        isCredential(name) ? '[redacted]' : toJson(value),
      )
    }
  }
  return errors.length === 0 ? { fields: safe } : { fields: safe, error: errors.join('\n') }
}

/** A message of any kind as text that may be shown. */
export const safeMessage = (message: unknown, redact: Redact): string =>
  redact(messageOf(message).toWellFormed())

const errorField = (value: unknown, toJson: ToJson, redact: Redact): string => {
  if (isErrorLike(value)) {
    // What a request or a socket holds must not leave the other fields without room.
    const memberToJson = jsonWithin(redact)
    return redact(errorText(value, each => memberToJson(each, [value], true)).toWellFormed())
  }
  const json = toJson(value)
  if (typeof json === 'string') return json
  const text = JSON.stringify(json)
  return text === '{}' ? safeMessage(value, redact) : text
}

/** An error, or what has the message of one: a `PluginError` is a plain object. */
const isErrorLike = (value: unknown): value is object =>
  isError(value) ||
  (typeof value === 'object' && value !== null && typeof propertyOf(value, 'message') === 'string')

/**
 * Turns a value into plain JSON: one that `parents` hold, inside an error or not. An error inside
 * an error is short.
 */
type ToJson = (value: unknown, parents?: ReadonlyArray<object>, inError?: boolean) => unknown

/**
 * Turns one value after another into plain JSON, all together of at most {@link MAX_VALUES} values
 * and {@link MAX_TEXT} characters.
 */
const jsonWithin = (redact: Redact): ToJson => {
  let valuesLeft = MAX_VALUES
  let textLeft = MAX_TEXT
  const text = (value: string): string => {
    if (value.length > textLeft) return `[text of ${value.length} characters]`
    textLeft -= value.length
    return redact(value.toWellFormed())
  }
  const number = (value: number): unknown => {
    const digits = text(String(value))
    return digits === String(value) && Number.isFinite(value) ? value : digits
  }

  const object = (value: object, parents: ReadonlyArray<object>, inError: boolean): unknown => {
    if (parents.includes(value)) return '[circular]'
    const path = [...parents, value]
    if (isError(value)) {
      const show = inError ? shortErrorText : errorText
      return text(show(value, each => any(each, path, true)))
    }
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    const toJSON = propertyOf(value, 'toJSON')
    if (typeof toJSON === 'function') return any(toJSON.call(value), path, inError)
    if (parents.length >= MAX_DEPTH) return Array.isArray(value) ? '[array]' : '[object]'
    if (Array.isArray(value))
      return value.slice(0, valuesLeft).map(each => any(each, path, inError))
    if (value instanceof Set)
      return [...value].slice(0, valuesLeft).map(each => any(each, path, inError))
    const entries: Iterable<readonly [string, unknown]> =
      value instanceof Map
        ? [...value].map(([key, each]) => [messageOf(key), each] as const)
        : namesOf(value).map(name => [name, propertyOf(value, name)] as const)
    const shown: Record<string, unknown> = {}
    for (const [name, each] of entries) {
      if (valuesLeft <= 0) break
      if (each !== undefined)
        define(shown, text(name), isCredential(name) ? '[redacted]' : any(each, path, inError))
    }
    return shown
  }

  const any = (value: unknown, parents: ReadonlyArray<object> = [], inError = false): unknown => {
    valuesLeft -= 1
    if (valuesLeft < 0) return '[…]'
    switch (typeof value) {
      case 'string':
        return text(value)
      case 'number':
        return number(value)
      case 'bigint':
      case 'symbol':
        return text(String(value))
      case 'boolean':
        return value
      case 'object':
        return value === null ? null : safely(() => object(value, parents, inError))
      case 'function':
        return '[function]'
      default:
        return null
    }
  }
  return any
}

/** Not an assignment, because `__proto__` is a name like any other here. */
const define = (target: Record<string, unknown>, name: string, value: unknown): void => {
  Object.defineProperty(target, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

const namesOf = (value: object): ReadonlyArray<string> => {
  const names = safely(() => Object.keys(value))
  return Array.isArray(names) ? names : []
}
