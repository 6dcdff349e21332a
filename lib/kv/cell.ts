import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import { explain, sentence } from '../codec/explain.js'
import type { Kv, KvCell, KvStore } from '../domain/kv.js'
import { type PluginError, serializationError } from '../domain/plugin-error.js'
import { jsonFaultText, parseJsonText, unreadableReason } from '../domain/text/parse-json.js'
import { tryUpdate } from './store.js'

/** A store with typed views of its keys: what a plugin gets as `ctx.kv`. */
export const withCells = (store: KvStore): Kv => ({
  ...store,
  cell: (key, codec) => cellOf(store, key, codec),
})

const cellOf = <A>(store: KvStore, key: string, codec: t.Type<A, unknown, unknown>): KvCell<A> => {
  const read: (stored: Option<string>) => Either<PluginError, Option<A>> = O.traverse(
    E.Applicative,
  )(text => decode(key, codec, text))
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
      tryUpdate(store, key, stored =>
        pipe(
          read(stored),
          E.map(f),
          E.chain(value =>
            pipe(
              encode(key, codec, value),
              E.map(text => [value, O.some(text)]),
            ),
          ),
        ),
      ),
    delete: store.delete(key),
  }
}

const decode = <A>(
  key: string,
  codec: t.Type<A, unknown, unknown>,
  text: string,
): Either<PluginError, A> => {
  const name = JSON.stringify(key)
  return pipe(
    parseJsonText(text),
    E.mapLeft(fault =>
      serializationError(
        `the value stored under ${name} is not ` +
          (fault._tag === 'NotJson' ? 'JSON' : `read: ${jsonFaultText(fault)}`),
      ),
    ),
    E.chain(value =>
      E.tryCatch(
        () => codec.decode(value),
        cause => serializationError(`the codec of ${name} threw instead of refusing`, cause),
      ),
    ),
    E.chain(
      E.mapLeft(errors =>
        serializationError(
          `the value stored under ${name} no longer fits its codec: ` +
            sentence(explain(errors, 'value')),
        ),
      ),
    ),
  )
}

const encode = <A>(
  key: string,
  codec: t.Type<A, unknown, unknown>,
  value: A,
): Either<PluginError, string> => {
  const name = JSON.stringify(key)
  return pipe(
    E.tryCatch(
      (): string | undefined => JSON.stringify(codec.encode(value)),
      cause => serializationError(`the value for ${name} is not JSON`, cause),
    ),
    E.chain(E.fromNullable(serializationError(`the value for ${name} has no JSON`))),
    E.chain(text => {
      // What is stored is read again.
      const reason = unreadableReason(text)
      return reason === undefined
        ? E.right(text)
        : E.left(serializationError(`the value for ${name} is not stored: ${reason}`))
    }),
  )
}
