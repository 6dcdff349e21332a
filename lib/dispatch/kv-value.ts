import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { explain, sentence } from '../codec/explain.js'
import { losslessJsonText } from '../domain/json/json-text.js'
import {
  invalidRequest,
  type PluginError,
  serializationError,
  toPluginError,
} from '../domain/plugin-error.js'
import { jsonFaultText, parseJsonText } from '../domain/text/parse-json.js'
import { clipped } from '../domain/text/show.js'

/** Decodes the value of a `set`: the text itself, or else the text as JSON. */
export const decodeValue = (codec: t.Mixed, text: string): Either<PluginError, unknown> =>
  guarded(() => decoded(codec, text))

const decoded = (codec: t.Mixed, text: string): Either<PluginError, unknown> =>
  pipe(
    codec.decode(text),
    E.orElse(errors =>
      pipe(
        parseJsonText(text),
        E.mapLeft(fault =>
          fault._tag === 'NotJson'
            ? misfit(errors)
            : invalidRequest(`the value is not read: ${jsonFaultText(fault)}`),
        ),
        E.chain(flow(codec.decode, E.mapLeft(misfit))),
      ),
    ),
  )

const misfit = (errors: t.Errors): PluginError => {
  const details = explain(errors, 'value')
  return invalidRequest(sentence(details), { details })
}

/** Encodes what a handler returned for a `get`: a value, an `Option` of a value, or nothing. */
export const encodeReturned =
  (codec: t.Mixed | undefined) =>
  (returned: unknown): Either<PluginError, string | null> =>
    returned === undefined ? E.right(null) : guarded(() => encodedReturned(codec, returned))

const encodedReturned = (
  codec: t.Mixed | undefined,
  returned: unknown,
): Either<PluginError, string | null> => {
  // What fits the codec is a value, even if it looks like an Option.
  if (codec?.is(returned)) return textOf(codec.encode(returned))
  if (returned === null || isNone(returned)) return E.right(null)
  if (isSome(returned))
    return codec === undefined || codec.is(returned.value)
      ? textOf(encoded(codec, returned.value))
      : noValueOf(codec)
  return codec === undefined ? textOf(returned) : noValueOf(codec)
}

/** An author's codec may throw. */
const guarded = <A>(f: () => Either<PluginError, A>): Either<PluginError, A> =>
  E.flatten(E.tryCatch(f, toPluginError))

const encoded = (codec: t.Mixed | undefined, value: unknown): unknown =>
  codec === undefined ? value : codec.encode(value)

const noValueOf = (codec: t.Mixed): Either<PluginError, never> =>
  E.left(serializationError(`the handler returned something that is no ${clipped(codec.name)}`))

const textOf = (value: unknown): Either<PluginError, string> =>
  typeof value === 'string' ? E.right(value) : losslessJsonText(value, 'answer')

const isNone = (u: unknown): boolean =>
  typeof u === 'object' &&
  u !== null &&
  '_tag' in u &&
  u._tag === 'None' &&
  Object.keys(u).length === 1

const isSome = (u: unknown): u is { readonly value: unknown } =>
  typeof u === 'object' &&
  u !== null &&
  '_tag' in u &&
  u._tag === 'Some' &&
  'value' in u &&
  Object.keys(u).length === 2
