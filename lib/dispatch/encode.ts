import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { explain, sentence } from '../codec/explain.js'
import { mismatches } from '../codec/mismatches.js'
import { internalError, type PluginError, serializationError } from '../domain/plugin-error.js'
import { checkJson, type HttpResponse, isResponse, mapJson } from '../domain/response.js'
import { clipped } from '../domain/text/show.js'
import { messageOf } from '../domain/thrown.js'
import { toResponse } from './answer.js'

/**
 * Encodes what a handler answered, as plain data or in `json`, with the response codec of its
 * route. Other responses stay as they are. With `check`, a value that does not fit is an `Internal`
 * error that says where, and what the codec makes of a value is searched for what JSON cannot
 * carry. Without, the codec encodes any value, and yields a `Serialization` error if it cannot.
 */
export const answerEncoder =
  (codec: t.Mixed, check: boolean) =>
  (answer: unknown): Either<PluginError, HttpResponse> => {
    let errors: t.Errors = []
    const encode = (value: unknown): unknown => {
      if (check) errors = mismatches(codec, value)
      return errors.length === 0 ? codec.encode(value) : null
    }
    try {
      const response = isResponse(answer) ? mapJson(answer, encode) : toResponse(encode(answer))
      if (errors.length > 0)
        return E.left(
          internalError(
            `the answer does not fit its codec: ${sentence(explain(errors, 'answer'))}`,
          ),
        )
      return check ? checkJson(response) : E.right(response)
    } catch (thrown) {
      return E.left(
        serializationError(
          `the answer cannot be encoded as ${clipped(codec.name)}: ${messageOf(thrown)}`,
          thrown,
        ),
      )
    }
  }
