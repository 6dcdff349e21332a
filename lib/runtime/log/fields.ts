import { messageOf } from '../../domain/plugin-error.js'
import { RESERVED } from './log-line.js'

/** Replaces what must not be shown in a text. */
export type Redact = (text: string) => string

/**
 * Headers and fields whose values are credentials, without the dashes and underscores that people
 * write in them.
 */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'cookies',
  'setcookie',
  'apikey',
  'xapikey',
  'authtoken',
  'xauthtoken',
  'accesstoken',
  'xaccesstoken',
  'refreshtoken',
  'csrftoken',
  'xcsrftoken',
  'xxsrftoken',
  'sessionid',
  'clientsecret',
  'password',
  'passwd',
])

const isCredential = (name: string): boolean =>
  CREDENTIALS.has(name.toLowerCase().replace(/[-_]/g, ''))

/**
 * Replaces every one of the secrets by `[secret]`, as it is and as it stands inside JSON. A secret
 * of less than 4 characters is not looked for: it would be found in everything.
 */
export const redactorOf = (secrets: Iterable<string>): Redact => {
  const forms = [...secrets]
    .filter(secret => secret.length >= 4)
    .flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1)])
  if (forms.length === 0) return text => text
  // The longest first: a secret may begin like another.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length)
  const any = new RegExp(
    longestFirst.map(form => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
    'g',
  )
  return text => text.replace(any, '[secret]')
}

/**
 * What the author's fields give to an entry: plain JSON, and the text of the host's field `error`.
 */
export interface SafeFields {
  readonly fields: Readonly<Record<string, unknown>>
  readonly error?: string
}

/**
 * How deep fields are shown, and how many values of one entry: what is logged by accident (a
 * socket, a request) can be the whole process.
 */
const MAX_DEPTH = 6
const MAX_VALUES = 1000
const MAX_CAUSES = 8

/**
 * How many characters of text the fields of one entry have together. A longer text is left out
 * whole: its beginning could be half of a secret.
 */
const MAX_TEXT = 65_536

/**
 * Fields of any kind as plain JSON: nothing in it throws, is circular, is a secret, or is text that
 * the host cannot read (a lone surrogate).
 *
 * `err` and `error` become the text `error`, an `Error` with its stack and its causes. Values of
 * credentials (`authorization`, `cookie`, `password`…) become `[redacted]` at any depth. A name of
 * the host's own form gets an underscore at its end.
 */
export const safeFields = (
  fields: Readonly<Record<string, unknown>>,
  redact: Redact,
): SafeFields => {
  const show = shower(redact)
  const safe: Record<string, unknown> = {}
  const errors: string[] = []
  for (const name of namesOf(fields).slice(0, MAX_VALUES)) {
    const value = read(fields, name)
    if (value === undefined) continue
    if (name === 'err' || name === 'error') {
      if (value !== null) errors.push(textOf(value, show, redact))
    } else {
      const shown = redact(name.toWellFormed())
      put(
        safe,
        RESERVED.has(shown) ? `${shown}_` : shown,
        isCredential(name) ? '[redacted]' : show(value),
      )
    }
  }
  return errors.length === 0 ? { fields: safe } : { fields: safe, error: errors.join('\n') }
}

/** A message of any kind as text that may be shown. */
export const safeMessage = (message: unknown, redact: Redact): string =>
  redact(messageOf(message).toWellFormed())

const textOf = (value: unknown, show: (value: unknown) => unknown, redact: Redact): string => {
  // A PluginError is a plain object with a message.
  const isError =
    typeof value === 'object' && value !== null && typeof read(value, 'message') === 'string'
  if (isError) return redact(errorText(value).toWellFormed())
  const shown = show(value)
  return typeof shown === 'string' ? shown : JSON.stringify(shown)
}

/**
 * An error as text: its stack, which begins with its name and message, then what caused it, each
 * under the line `Caused by:`. Never throws.
 */
export const errorText = (error: unknown): string => {
  const parts: string[] = []
  const seen = new Set<unknown>()
  let current: unknown = error
  while (
    current !== undefined &&
    current !== null &&
    !seen.has(current) &&
    parts.length < MAX_CAUSES
  ) {
    seen.add(current)
    parts.push(oneError(current))
    current = typeof current === 'object' ? read(current, 'cause') : undefined
  }
  return parts.join('\nCaused by: ')
}

const oneError = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return messageOf(error)
  const [name, message, stack] = ['name', 'message', 'stack'].map(key => read(error, key))
  const tag = read(error, '_tag')
  const title =
    typeof tag === 'string' ? tag : typeof name === 'string' && name !== '' ? name : 'Error'
  const headline = typeof message === 'string' && message !== '' ? `${title}: ${message}` : title
  const inner = read(error, 'errors')
  const others = Array.isArray(inner)
    ? inner.slice(0, MAX_CAUSES).map(each => `\n  ${messageOf(each)}`)
    : []
  if (typeof stack !== 'string') return [headline, ...others].join('')
  // A message that was changed after the error was made is not in its stack.
  return [
    typeof message === 'string' && !stack.includes(message) ? `${headline}\n${stack}` : stack,
    ...others,
  ].join('')
}

/**
 * One value after another as plain JSON; all together at most {@link MAX_VALUES} parts and {@link
 * MAX_TEXT} characters.
 */
const shower = (redact: Redact): ((value: unknown) => unknown) => {
  let left = MAX_VALUES
  let room = MAX_TEXT
  const text = (value: string): string => {
    if (value.length > room) return `[text of ${value.length} characters]`
    room -= value.length
    return redact(value.toWellFormed())
  }
  const number = (value: number): unknown => {
    const digits = text(String(value))
    return digits === String(value) && Number.isFinite(value) ? value : digits
  }

  const object = (value: object, above: ReadonlyArray<object>): unknown => {
    if (above.includes(value)) return '[circular]'
    if (value instanceof Error) return text(errorText(value))
    if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
    const within = [...above, value]
    const toJSON = read(value, 'toJSON')
    if (typeof toJSON === 'function') return any(toJSON.call(value), within)
    if (above.length >= MAX_DEPTH) return Array.isArray(value) ? '[array]' : '[object]'
    if (Array.isArray(value)) return value.slice(0, left).map(each => any(each, within))
    if (value instanceof Set) return [...value].slice(0, left).map(each => any(each, within))
    const entries: Iterable<readonly [string, unknown]> =
      value instanceof Map
        ? [...value].map(([key, each]) => [messageOf(key), each] as const)
        : namesOf(value).map(name => [name, read(value, name)] as const)
    const shown: Record<string, unknown> = {}
    for (const [name, each] of entries) {
      if (left <= 0) break
      if (each !== undefined)
        put(shown, text(name), isCredential(name) ? '[redacted]' : any(each, within))
    }
    return shown
  }

  const any = (value: unknown, above: ReadonlyArray<object>): unknown => {
    left -= 1
    if (left < 0) return '[…]'
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
        return value === null ? null : attempt(() => object(value, above))
      case 'function':
        return '[function]'
      default:
        return null
    }
  }
  return value => any(value, [])
}

// Not an assignment: `__proto__` is a name like any other here.
const put = (shown: Record<string, unknown>, name: string, value: unknown): void => {
  Object.defineProperty(shown, name, {
    value,
    enumerable: true,
    configurable: true,
    writable: true,
  })
}

const attempt = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (cause) {
    return `[cannot be shown: ${messageOf(cause).slice(0, 200)}]`
  }
}

const namesOf = (value: object): ReadonlyArray<string> => {
  const names = attempt(() => Object.keys(value))
  return Array.isArray(names) ? names : []
}

// Any object may be asked for any name; what comes is unknown.
const read = (value: object, name: string): unknown =>
  attempt(() => (value as Readonly<Record<string, unknown>>)[name])
