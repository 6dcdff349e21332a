/** The most characters of a value that {@link show} gives. */
export const MAX_SHOWN = 80
const MAX_CLIPPED = 200

/** A value for an error message: JSON of at most 80 characters, or `nothing` for `undefined`. */
export const show = (value: unknown): string => {
  const text = preview(value, MAX_SHOWN)
  return clipped(text, MAX_SHOWN)
}

/** The first 200 characters of a text from outside: messages that quote it are logged as well. */
export const clipped = (text: string, most = MAX_CLIPPED): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`

/**
 * The beginning of a value's JSON, at least `room` characters of it: a large value must not make
 * its error expensive.
 */
const preview = (value: unknown, room: number): string => {
  if (value === undefined) return 'nothing'
  if (typeof value === 'function') return 'a function'
  if (typeof value === 'string') return JSON.stringify(value.slice(0, MAX_SHOWN + 1))
  if (typeof value !== 'object' || value === null) return String(value)
  const isArray = Array.isArray(value)
  let text = isArray ? '[' : '{'
  // The keys of an array are not listed beforehand: it may have many.
  for (const key of isArray ? value.keys() : Object.keys(value)) {
    if (text.length > room) return text
    const label = typeof key === 'number' ? '' : `${JSON.stringify(key.slice(0, MAX_SHOWN + 1))}:`
    const member: unknown = value[key as keyof typeof value]
    text += `${text.length === 1 ? '' : ','}${label}${preview(member, room - text.length)}`
  }
  return text + (isArray ? ']' : '}')
}

/**
 * A text for a log line or a terminal: control characters, line separators and lone surrogates
 * become `\u` escapes.
 */
export const escapeHidden = (text: string): string =>
  text.replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, hidden =>
    hidden.split('').map(escapeUnit).join(''),
  )

const escapeUnit = (unit: string): string =>
  `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`
