import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { explain, sentence } from '../codec/explain.js'
import { losslessJsonText } from '../domain/json/json-text.js'
import { type PluginError, serializationError } from '../domain/plugin-error.js'
import { jsonFaultText, parseJsonText } from '../domain/text/parse-json.js'

/** The value of a stored text. `key` is for the errors. */
export const parseStored = (key: string, text: string): Either<PluginError, unknown> =>
  pipe(
    parseJsonText(text),
    E.mapLeft(fault =>
      serializationError(
        `the value stored under ${JSON.stringify(key)} is not ` +
          (fault._tag === 'NotJson' ? 'JSON' : `read: ${jsonFaultText(fault)}`),
      ),
    ),
  )

/** Decodes a value that was parsed; left if it does not fit the codec, or if the codec throws. */
export const decodeStored = <A>(
  key: string,
  codec: t.Type<A, unknown, unknown>,
  value: unknown,
): Either<PluginError, A> =>
  pipe(
    E.tryCatch(
      () => codec.decode(value),
      cause =>
        serializationError(`the codec of ${JSON.stringify(key)} threw instead of refusing`, cause),
    ),
    E.chain(
      E.mapLeft(errors =>
        serializationError(
          `the value stored under ${JSON.stringify(key)} no longer fits its codec: ` +
            sentence(explain(errors, 'value')),
        ),
      ),
    ),
  )

/**
 * The text that is stored for a value. Left if JSON would change or lose something of it, or if the
 * codec could not read it again: whatever is stored can be read.
 */
export const encodeStored = <A>(
  key: string,
  codec: t.Type<A, unknown, unknown>,
  value: A,
): Either<PluginError, string> => {
  const notStored = ({ message, cause }: PluginError): PluginError =>
    serializationError(`the value for ${JSON.stringify(key)} is not stored: ${message}`, cause)
  return pipe(
    E.tryCatch(
      () => codec.encode(value),
      cause => serializationError('its codec threw', cause),
    ),
    E.chain(encoded => losslessJsonText(encoded, 'value')),
    E.chainFirst(text => readable(codec, text)),
    E.mapLeft(notStored),
  )
}

const readable = (codec: t.Mixed, text: string): Either<PluginError, unknown> =>
  pipe(
    parseJsonText(text),
    E.mapLeft(fault => serializationError(jsonFaultText(fault))),
    E.chain(json =>
      E.tryCatch(
        () => codec.decode(json),
        cause => serializationError('its codec threw when it read the text again', cause),
      ),
    ),
    E.chain(
      E.mapLeft(errors =>
        serializationError(
          `its codec could not read it again: ${sentence(explain(errors, 'value'))}`,
        ),
      ),
    ),
  )
