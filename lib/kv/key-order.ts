/**
 * The order of the bytes of UTF-8, which is that of code points: the same for every store, whatever
 * sorts its keys.
 */
export const byUtf8 = (a: string, b: string): number => {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.charCodeAt(i), b.charCodeAt(i)]
    if (left !== right) return rank(left) - rank(right)
  }
  return a.length - b.length
}

/**
 * In UTF-16 the surrogates, which stand for the highest code points, lie below U+E000: they are
 * lifted above it.
 */
const rank = (unit: number): number =>
  unit >= 0xe000 ? unit - 0x800 : unit >= 0xd800 ? unit + 0x2000 : unit
