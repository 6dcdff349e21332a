const LAST = 0x10ffff
const SURROGATES = { first: 0xd800, after: 0xe000 }

/**
 * The least text that is greater than every text with the prefix, in the order of UTF-8 bytes; none
 * if there is no greater one. It makes a prefix a range of an index, in which `%` and `_` have no
 * special meaning.
 */
export const afterPrefix = (prefix: string): string | undefined => {
  const points = Array.from(prefix, character => character.codePointAt(0) ?? 0)
  while (points.at(-1) === LAST) points.pop()
  const last = points.pop()
  if (last === undefined) return undefined
  const next = last + 1 === SURROGATES.first ? SURROGATES.after : last + 1
  return String.fromCodePoint(...points, next)
}
