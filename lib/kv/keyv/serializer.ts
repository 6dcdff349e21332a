import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import { type PluginError, serializationError } from '../../domain/plugin-error.js'
import type { KeyvLike } from './engine.js'

/** Turns values into the texts that a Keyv stores, and back. Errors: `Serialization`. */
export interface Serializer {
  readonly encode: (key: string, value: string) => Promise<Either<PluginError, string>>
  /** The value in a stored text; none if nothing is stored. */
  readonly decode: (
    key: string,
    text: string | undefined,
  ) => Promise<Either<PluginError, Option<string>>>
}

/** The serialization and compression of a Keyv. */
export const serializerOf = (keyv: KeyvLike): Serializer => ({
  encode: (key, value) =>
    textOr(
      () => keyv.serializeData({ value }),
      () => `This Keyv does not turn the value for ${JSON.stringify(key)} into text.`,
    ),
  decode: async (key, text) => {
    if (text === undefined) return E.right(O.none)
    const value = await textOr(
      async () => (await keyv.deserializeData(text))?.value,
      () => `What is stored under ${JSON.stringify(key)} is no text of this Keyv.`,
    )
    return pipe(value, E.map(O.some))
  },
})

const textOr = async (
  f: () => Promise<unknown>,
  message: () => string,
): Promise<Either<PluginError, string>> => {
  try {
    const text = await f()
    return typeof text === 'string' ? E.right(text) : E.left(serializationError(message()))
  } catch (cause) {
    return E.left(serializationError(message(), cause))
  }
}
