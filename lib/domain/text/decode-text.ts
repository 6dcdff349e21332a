import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'

/**
 * The text of a file from its bytes, without a byte order mark. The left side says what the bytes
 * are instead of UTF-8 and what to do, in words that go after "the file: ".
 */
export const decodeText = (bytes: Uint8Array): Either<string, string> => {
  const [, wide] = MARKS.find(([mark]) => mark.every((byte, at) => bytes[at] === byte)) ?? []
  if (wide !== undefined) return E.left(wrongEncoding(`it is ${wide}`))
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    return isWide(text) ? E.left(wrongEncoding('it is UTF-16')) : E.right(text)
  } catch {
    return E.left(wrongEncoding('it is not UTF-8'))
  }
}

/** Whether a text is UTF-16 that was read as UTF-8: every other character is NUL. */
export const isWide = (text: string): boolean => WIDE.test(text)

const WIDE = /^(?:(?:[^\0]\0){2}|(?:\0[^\0]){2}|[^\0]\0$|\0[^\0]$)/

/** Byte order marks. That of UTF-32 begins like that of UTF-16. */
const MARKS: ReadonlyArray<readonly [mark: ReadonlyArray<number>, name: string]> = [
  [[0xff, 0xfe, 0, 0], 'UTF-32'],
  [[0, 0, 0xfe, 0xff], 'UTF-32'],
  [[0xff, 0xfe], 'UTF-16'],
  [[0xfe, 0xff], 'UTF-16'],
]

const wrongEncoding = (what: string): string => `${what}: save it as UTF-8`
