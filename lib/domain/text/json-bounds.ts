/**
 * The most values that a JSON text from outside may hold. An object, an array and every new
 * property name count as four more. The time to parse and to decode a text depends on this number
 * and hardly on its length. A text may also not be nested more than 64 deep.
 */
export const MAX_VALUES = 250_000

/**
 * The same for a message of the protocol, which holds a few names and the headers of one request:
 * data in it is text.
 */
export const MAX_MESSAGE_VALUES = 20_000

/**
 * The deepest nesting. Codecs and printers recurse into what was parsed, and do not run out of
 * stack with this depth.
 */
const MAX_DEPTH = 64

/**
 * To parse an object, an array or a new name takes as long as to parse several numbers, and a codec
 * that refuses an object reports several errors.
 */
const DEAR = 4

/** A shorter JSON text cannot be nested too deep: it would lack the closing brackets. */
const SHORTEST_DEEP = 2 * (MAX_DEPTH + 1)

/**
 * Why a JSON text is beyond the bounds, in words that go after "the text: "; `undefined` if it is
 * within them. It looks at each byte at most once, and for nearly every message at far fewer. A
 * text that is not JSON may or may not be found beyond the bounds.
 */
export const beyondBounds = (
  text: string,
  most = MAX_VALUES,
  bytes?: Uint8Array,
): string | undefined => {
  if (text.length < SHORTEST_DEEP) return undefined
  // Apart from brackets, no text is denser than `"":1,"":1`, where every character counts as one.
  return text.length + DEAR * MAX_DEPTH <= most && !opensMany(text)
    ? undefined
    : scan(bytes ?? new TextEncoder().encode(text), most)
}

const opensMany = (text: string): boolean => {
  let opened = 0
  for (const bracket of ['{', '[']) {
    for (let at = text.indexOf(bracket); at !== -1; at = text.indexOf(bracket, at + 1)) {
      if (++opened > MAX_DEPTH) return true
    }
  }
  return false
}

const QUOTE = 0x22
const COMMA = 0x2c
const COLON = 0x3a
const OPEN_ARRAY = 0x5b
const BACKSLASH = 0x5c
const CLOSE_ARRAY = 0x5d
const OPEN_OBJECT = 0x7b
const CLOSE_OBJECT = 0x7d

/**
 * The loop takes about ten milliseconds for 16 MiB: it uses numbers instead of objects, and calls
 * no function for a byte that does not matter.
 */
const scan = (bytes: Uint8Array, most: number): string | undefined => {
  const names = new Set<number>()
  const endOfString = stringEnds(bytes)
  let [depth, values, marks, start, end] = [0, 1, 0, 0, 0]
  for (let at = 0; at < bytes.length; at++) {
    switch (bytes[at]) {
      case QUOTE:
        start = at + 1
        end = endOfString(start)
        at = end
        marks++
        break
      case COMMA:
        values++
        break
      case COLON:
        names.add(hashOf(bytes, start, end))
        start = end
        marks++
        break
      case OPEN_OBJECT:
      case OPEN_ARRAY:
        if (++depth > MAX_DEPTH) return `it is nested more than ${MAX_DEPTH} deep`
        values += DEAR
        break
      case CLOSE_OBJECT:
      case CLOSE_ARRAY:
        depth--
        break
      default:
        continue
    }
    // A value has at most a name, a colon and a text. A text with more marks than that is not JSON,
    // and is not read to its end.
    if (values + DEAR * names.size > most || marks > 3 * most)
      return `it holds more than ${most} values, where an object, an array and a new name count as ${DEAR} more`
  }
  return undefined
}

/**
 * To look at 64 bytes one by one takes about as long as a search, which finds the end of a long
 * string at once.
 */
const STEPS = 64

/**
 * Finds the closing quote of a string from its first byte; the length if there is none. Callers ask
 * for strings in their order: the result of a search is kept until it is passed, so that no byte is
 * searched twice.
 */
const stringEnds = (bytes: Uint8Array): ((from: number) => number) => {
  let quote = -1
  let backslash = -1
  return from => {
    for (let at = from; at < bytes.length; at = Math.min(quote, backslash)) {
      const stop = Math.min(at + STEPS, bytes.length)
      while (at < stop) {
        const byte = bytes[at]
        if (byte === QUOTE) return at
        at += byte === BACKSLASH ? 2 : 1
      }
      if (quote < at) quote = nextOrEnd(bytes, QUOTE, at)
      if (backslash < at) backslash = nextOrEnd(bytes, BACKSLASH, at)
    }
    return bytes.length
  }
}

const nextOrEnd = (bytes: Uint8Array, byte: number, from: number): number => {
  const at = bytes.indexOf(byte, from)
  return at === -1 ? bytes.length : at
}

/**
 * FNV-1a in 30 bits, which a set stores without an object for each. Names with the same hash count
 * once.
 */
const hashOf = (bytes: Uint8Array, start: number, end: number): number => {
  let hash = 0x811c9dc5
  for (let at = start; at < end; at++) hash = Math.imul(hash ^ (bytes[at] ?? 0), 0x01000193)
  return hash & 0x3fffffff
}
