import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { type PluginError, serializationError } from '../plugin-error.js'
import { messageOf } from '../thrown.js'
import { type JsonLoss, jsonLoss, lossSentence, topJsonLoss } from './json-loss.js'

/**
 * A value as JSON text. Left if JSON cannot carry the value itself, whatever its members are, or if
 * `JSON.stringify` throws. The error names the place, from `root`, the name of the value, on.
 */
export const jsonText = (value: unknown, root: string): Either<PluginError, string> => {
  const loss = topJsonLoss(value, root)
  return loss === undefined ? stringify(value, root) : E.left(lossError(loss))
}

/** The same, left also if JSON would change or lose a member at any depth. */
export const losslessJsonText = (value: unknown, root: string): Either<PluginError, string> => {
  const loss = jsonLoss(value, root)
  return loss === undefined ? stringify(value, root) : E.left(lossError(loss))
}

/** A loss as an error. */
export const lossError = (loss: JsonLoss): PluginError =>
  serializationError(lossSentence(loss), loss.cause)

const stringify = (value: unknown, root: string): Either<PluginError, string> => {
  try {
    const text: string | undefined = JSON.stringify(value)
    return text === undefined
      ? E.left(serializationError(`JSON cannot carry ${root}, which is undefined: send null`))
      : E.right(text)
  } catch (thrown) {
    const loss = jsonLoss(value, root)
    return E.left(
      loss === undefined
        ? serializationError(`${root} cannot be written as JSON: ${messageOf(thrown)}`, thrown)
        : lossError(loss),
    )
  }
}
