import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type PluginError, serializationError } from '../../domain/plugin-error.js'
import type { KeyvLike } from './engine.js'

/** Turns values into the texts that a Keyv stores, and back. Errors: `Serialization`. */
export interface Serializer {
  readonly encode: (key: string, value: string) => TaskEither<PluginError, string>
  /** The value in a stored text; none if nothing is stored. */
  readonly decode: (
    key: string,
    text: string | undefined,
  ) => TaskEither<PluginError, O.Option<string>>
}

/** The serialization and compression of a Keyv. */
export const serializerOf = (keyv: KeyvLike): Serializer => ({
  encode: (key, value) =>
    textOf(
      () => keyv.serializeData({ value }),
      cause =>
        serializationError(
          `This Keyv does not turn the value for ${JSON.stringify(key)} into text.`,
          cause,
        ),
    ),
  decode: (key, text) =>
    text === undefined
      ? TE.right(O.none)
      : pipe(
          textOf(
            () => keyv.deserializeData(text).then(data => data?.value),
            cause =>
              serializationError(
                `What is stored under ${JSON.stringify(key)} is no text of this Keyv.`,
                cause,
              ),
          ),
          TE.map(O.some),
        ),
})

const textOf = (
  f: () => Promise<unknown>,
  failed: (cause?: unknown) => PluginError,
): TaskEither<PluginError, string> =>
  pipe(
    TE.tryCatch(f, failed),
    TE.filterOrElse(isString, () => failed()),
  )

const isString = (u: unknown): u is string => typeof u === 'string'
