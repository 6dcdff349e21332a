import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import { explain, sentence } from '../codec/explain.js'
import { beyondBounds, parseJsonText } from '../domain/json-bounds.js'
import type { Kv, KvCell, KvStore } from '../domain/kv.js'
import { type PluginError, serializationError } from '../domain/plugin-error.js'

/** A store with typed views of its keys: what a plugin gets as `ctx.kv`. */
export const withCells = (store: KvStore): Kv => ({
  ...store,
  cell: (key, codec) => cellOf(store, key, codec),
})

const cellOf = <A>(store: KvStore, key: string, codec: t.Type<A, unknown, unknown>): KvCell<A> => {
  const read = (stored: Option<string>): Either<PluginError, Option<A>> =>
    O.isNone(stored) ? E.right(O.none) : pipe(decode(key, codec, stored.value), E.map(O.some))
  const get = pipe(store.get(key), TE.chainEitherK(read))
  return {
    get,
    getOrElse: fallback => pipe(get, TE.map(O.getOrElse(fallback))),
    set: value =>
      pipe(
        TE.fromEither(encode(key, codec, value)),
        TE.chain(text => store.set(key, text)),
      ),
    update: f =>
      update(store, key, read, current =>
        pipe(f(current), value =>
          pipe(
            encode(key, codec, value),
            E.map(text => [value, text] as const),
          ),
        ),
      ),
    delete: store.delete(key),
  }
}

/**
 * A store's `update` takes a function that cannot fail, and reading or writing a cell can. What
 * fails leaves the key as it is, and is remembered until the store has let go of it.
 */
const update = <A>(
  store: KvStore,
  key: string,
  read: (stored: Option<string>) => Either<PluginError, Option<A>>,
  next: (current: Option<A>) => Either<PluginError, readonly [A, string]>,
): TaskEither<PluginError, A> => {
  const begin = (): Promise<Either<PluginError, A>> => {
    let result: Either<PluginError, A> = E.left(
      serializationError(`the value of ${JSON.stringify(key)} was not updated`),
    )
    const stored = store.update(key, current => {
      const computed = pipe(read(current), E.chain(next))
      result = pipe(
        computed,
        E.map(([value]) => value),
      )
      return E.isRight(computed) ? O.some(computed.right[1]) : current
    })
    return stored().then(outcome => (E.isLeft(outcome) ? outcome : result))
  }
  return begin
}

const decode = <A>(
  key: string,
  codec: t.Type<A, unknown, unknown>,
  text: string,
): Either<PluginError, A> =>
  pipe(
    parseJsonText(text),
    E.mapLeft(fault =>
      serializationError(
        `the value stored under ${JSON.stringify(key)} is not ${fault._tag === 'NotJson' ? 'JSON' : `read: ${fault.reason}`}`,
      ),
    ),
    E.chain(value =>
      E.tryCatch(
        () => codec.decode(value),
        cause =>
          serializationError(
            `the codec of ${JSON.stringify(key)} threw instead of refusing`,
            cause,
          ),
      ),
    ),
    E.chain(decoded =>
      pipe(
        decoded,
        E.mapLeft(errors =>
          serializationError(
            `the value stored under ${JSON.stringify(key)} no longer fits its codec: ${sentence(explain(errors, 'value'))}`,
          ),
        ),
      ),
    ),
  )

const encode = <A>(
  key: string,
  codec: t.Type<A, unknown, unknown>,
  value: A,
): Either<PluginError, string> =>
  pipe(
    E.tryCatch(
      (): string | undefined => JSON.stringify(codec.encode(value)),
      cause => serializationError(`the value for ${JSON.stringify(key)} is not JSON`, cause),
    ),
    E.chain(text => {
      if (text === undefined)
        return E.left(serializationError(`the value for ${JSON.stringify(key)} has no JSON`))
      // What is stored here is to be read again, and that has its bounds.
      const reason = beyondBounds(text)
      return reason === undefined
        ? E.right(text)
        : E.left(
            serializationError(`the value for ${JSON.stringify(key)} is not stored: ${reason}`),
          )
    }),
  )
