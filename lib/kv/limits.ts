import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { KvStore } from '../domain/kv.js'
import { invalidRequest, type PluginError, payloadTooLarge } from '../domain/plugin-error.js'
import { utf8Length } from '../domain/utf8.js'

/** The longest key, in bytes of UTF-8. */
export const MAX_KEY_BYTES = 1_024
/** The longest value, in bytes of UTF-8: 8 MiB. */
export const MAX_VALUE_BYTES = 8_388_608

/**
 * A store that takes only what every store can keep unchanged: keys of 1 to {@link MAX_KEY_BYTES}
 * bytes of well-formed Unicode without NUL, values of at most {@link MAX_VALUE_BYTES} bytes of
 * well-formed Unicode. Anything else is an `InvalidRequest` (400, 413 where something is too long)
 * that names the limit, and the store is not asked.
 */
export const withLimits = (store: KvStore): KvStore => ({
  get: key => within(checkKey(key), () => store.get(key)),
  set: (key, value) =>
    within(pipe(checkKey(key), E.apSecond(checkValue(value))), () => store.set(key, value)),
  delete: key => within(checkKey(key), () => store.delete(key)),
  keys: (prefix = '') => within(checkPrefix(prefix), () => store.keys(prefix)),
  entries: (prefix = '') => within(checkPrefix(prefix), () => store.entries(prefix)),
  update: (key, f) => within(checkKey(key), () => update(store, key, f)),
  clear: store.clear,
})

const within = <A>(
  check: Either<PluginError, unknown>,
  operation: () => TaskEither<PluginError, A>,
): TaskEither<PluginError, A> => (E.isLeft(check) ? TE.left(check.left) : operation())

/** A key as a store takes it, or what is wrong with it: see {@link withLimits}. */
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

/** A value as a store takes it, or what is wrong with it: see {@link withLimits}. */
export const checkValue = (value: string): Either<PluginError, string> => {
  if (!value.isWellFormed())
    return E.left(
      invalidRequest('A value is well-formed Unicode; this one holds half of a surrogate pair.'),
    )
  // One unit of UTF-16 is at most three bytes: most values need not be measured.
  const bytes = value.length * 3 <= MAX_VALUE_BYTES ? 0 : utf8Length(value)
  if (bytes <= MAX_VALUE_BYTES) return E.right(value)
  return E.left(
    payloadTooLarge(
      `A value has at most ${MAX_VALUE_BYTES} bytes of UTF-8 (8 MiB); this one has ${bytes}.`,
    ),
  )
}

/**
 * The function of an `update` cannot fail, and its value may break a limit: the key then stays as
 * it is, and the reason is told afterwards.
 */
const update = (
  store: KvStore,
  key: string,
  f: (current: Option<string>) => Option<string>,
): TaskEither<PluginError, Option<string>> => {
  const begin = (): Promise<Either<PluginError, Option<string>>> => {
    let check: Either<PluginError, unknown> = E.right(undefined)
    const stored = store.update(key, current => {
      const next = f(current)
      check = O.isSome(next) ? checkValue(next.value) : E.right(undefined)
      return E.isLeft(check) ? current : next
    })
    return stored().then(outcome => (E.isRight(outcome) && E.isLeft(check) ? check : outcome))
  }
  return begin
}
