import * as E from 'fp-ts/lib/Either.js'
import { cut, decodeUtf8, isObject, parseJson, show } from './json.js'

/** The reply to a message: another message, or what came instead, in words. */
export type Reply =
  | {
      readonly _tag: 'Message'
      readonly value: Readonly<Record<string, unknown>>
      readonly text: string
    }
  | { readonly _tag: 'Nothing'; readonly got: string }

/** A reply that is no message. */
export const nothing = (got: string): Reply & { readonly _tag: 'Nothing' } => ({
  _tag: 'Nothing',
  got,
})

/** The message in the bytes of a frame. */
export const replyIn = (body: Buffer): Reply => {
  const text = decodeUtf8(body)
  if (E.isLeft(text))
    return nothing(
      `a frame with ${text.left}: ` +
        `${cut(JSON.stringify(body.subarray(0, 80).toString('latin1')), 80)}`,
    )
  const value = parseJson(text.right)
  if (E.isLeft(value))
    return nothing(
      `a frame that is not JSON (${value.left}): ${cut(JSON.stringify(text.right), 80)}`,
    )
  return isObject(value.right)
    ? { _tag: 'Message', value: value.right, text: text.right }
    : nothing(`JSON that is no object: ${show(value.right)}`)
}
