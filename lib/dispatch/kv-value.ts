import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { explain, sentence } from '../domain/explain.js'
import { invalidRequest, type PluginError, serializationError } from '../domain/plugin-error.js'

/** The value of a `set` as its codec reads it: the text itself, or else what the text says as JSON. */
export const decodeValue = (codec: t.Mixed, text: string): Either<PluginError, unknown> => {
  const asText = codec.decode(text)
  if (E.isRight(asText)) return asText
  const parsed = parse(text)
  const asJson = parsed === undefined ? asText : codec.decode(parsed)
  if (E.isRight(asJson)) return asJson
  const details = explain(asJson.left, 'value')
  return E.left(invalidRequest(sentence(details), { details }))
}

/** What a handler returned for a `get`, as the text on the wire: a value, an `Option` of one, or nothing. */
export const encodeReturned = (codec: t.Mixed | undefined, returned: unknown): Either<PluginError, string | null> => {
  // What fits the codec is a value, also where it looks like an Option.
  if (codec?.is(returned)) return textOf(codec.encode(returned))
  if (returned === undefined || returned === null || isNone(returned)) return E.right(null)
  if (isSome(returned)) return codec === undefined || codec.is(returned.value) ? textOf(encoded(codec, returned.value)) : misfit(codec)
  return codec === undefined ? textOf(returned) : misfit(codec)
}

const encoded = (codec: t.Mixed | undefined, value: unknown): unknown => (codec === undefined ? value : codec.encode(value))

const misfit = (codec: t.Mixed): Either<PluginError, never> =>
  E.left(serializationError(`the handler returned something that is no ${codec.name}`))

const textOf = (value: unknown): Either<PluginError, string> => {
  if (typeof value === 'string') return E.right(value)
  try {
    const text: string | undefined = JSON.stringify(value)
    return text === undefined ? E.left(serializationError(`a ${typeof value} has no JSON`)) : E.right(text)
  } catch (cause) {
    return E.left(serializationError('the handler returned something that is not JSON', cause))
  }
}

/** JSON has no `undefined`, so that can say "not JSON". */
const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const isNone = (u: unknown): boolean =>
  typeof u === 'object' && u !== null && '_tag' in u && u._tag === 'None' && Object.keys(u).length === 1

const isSome = (u: unknown): u is { readonly value: unknown } =>
  typeof u === 'object' && u !== null && '_tag' in u && u._tag === 'Some' && 'value' in u && Object.keys(u).length === 2
