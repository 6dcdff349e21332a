import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { KvStore } from '../domain/kv.js'
import { invalidRequest, type PluginError, payloadTooLarge } from '../domain/plugin-error.js'
import { utf8Length } from '../domain/text/utf8.js'
import { type Call, storeOf, tryUpdate } from './store.js'

/** The longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1_024
/** The longest value, in bytes of UTF-8: 8 MiB. */
export const MAX_VALUE_BYTES = 8_388_608

/**
 * A store that accepts only what every store can keep unchanged: keys of 1 to {@link MAX_KEY_BYTES}
 * bytes of well-formed Unicode without NUL, and values of at most {@link MAX_VALUE_BYTES} bytes of
 * well-formed Unicode. Anything else is an `InvalidRequest` (400, or 413 if something is too long)
 * that names the limit, and `store` is not asked.
 */
export const withLimits = (store: KvStore): KvStore => {
  const checked: KvStore = {
    ...store,
    update: (key, f) =>
      tryUpdate(store, key, current => {
        const next = f(current)
        return pipe(
          next,
          O.traverse(E.Applicative)(checkValue),
          E.map(() => [next, next]),
        )
      }),
  }
  return storeOf((call, perform) =>
    pipe(
      check(call),
      E.match(TE.left, () => perform(checked)),
    ),
  )
}

const check = (call: Call): Either<PluginError, unknown> => {
  switch (call.operation) {
    case 'get':
    case 'delete':
    case 'update':
      return checkKey(call.key)
    case 'set':
      return pipe(checkKey(call.key), E.apSecond(checkValue(call.value)))
    case 'keys':
    case 'entries':
      return checkPrefix(call.prefix)
    case 'clear':
      return E.right(undefined)
  }
}

/** A key that every store accepts, or what is wrong with it: see {@link withLimits}. */
export const checkKey = (key: string): Either<PluginError, string> =>
  key === ''
    ? E.left(invalidRequest(`A key has 1 to ${MAX_KEY_BYTES} bytes; this one is empty.`))
    : checkPrefix(key)

const checkPrefix = (key: string): Either<PluginError, string> => {
  if (key.includes('\0')) return E.left(invalidRequest('A key holds no NUL character.'))
  if (!key.isWellFormed())
    return E.left(
      invalidRequest('A key is well-formed Unicode; this one holds half of a surrogate pair.'),
    )
  const bytes = utf8Length(key)
  if (bytes <= MAX_KEY_BYTES) return E.right(key)
  return E.left(
    payloadTooLarge(`A key has at most ${MAX_KEY_BYTES} bytes of UTF-8; this one has ${bytes}.`),
  )
}

/** A value that every store accepts, or what is wrong with it: see {@link withLimits}. */
export const checkValue = (value: string): Either<PluginError, string> => {
  if (!value.isWellFormed())
    return E.left(
      invalidRequest('A value is well-formed Unicode; this one holds half of a surrogate pair.'),
    )
  // A unit of UTF-16 takes at most three bytes, so most values need not be measured.
  const bytes = value.length * 3 <= MAX_VALUE_BYTES ? 0 : utf8Length(value)
  if (bytes <= MAX_VALUE_BYTES) return E.right(value)
  return E.left(
    payloadTooLarge(
      `A value has at most ${MAX_VALUE_BYTES} bytes of UTF-8 (8 MiB); this one has ${bytes}.`,
    ),
  )
}
