import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { explain, sentence } from '../codec/explain.js'
import { escapeHidden } from '../domain/text/show.js'
import { type WireError, wireError } from './wire-error.js'

/**
 * One kind of message in one dialect: what it looks like on the wire, what it means, and how it is
 * written.
 */
export interface Row<A> {
  /** The codec of the parsed JSON. Properties that it does not name are allowed. */
  readonly codec: t.Mixed
  /** What a parsed message means; `InvalidMessage`, with the places, where it does not fit. */
  readonly decode: (message: unknown) => E.Either<WireError, A>
  /**
   * The JSON text of a message: what `JSON.stringify` would make of what the codec encodes, with
   * well-formed strings. It is written by hand, which takes less time.
   */
  readonly write: (message: A, timestamp: string) => string
}

/** A row whose codec checks everything. */
export const row = <W, A>({
  codec,
  meaning,
  write,
}: {
  readonly codec: t.Type<W, unknown, unknown>
  readonly meaning: (fitting: W) => A
  readonly write: Row<A>['write']
}): Row<A> => ({ codec, decode: reader(codec, meaning), write })

/**
 * Reads values that fit a codec; others are `InvalidMessage`. Only `is` runs for every message:
 * `decode`, which explains, takes far longer. `root` names the value in the paths of the
 * explanation.
 */
export const reader =
  <W, A>(codec: t.Type<W, unknown, unknown>, meaning: (fitting: W) => A, root?: string) =>
  (value: unknown): E.Either<WireError, A> =>
    codec.is(value) ? E.right(meaning(value)) : E.left(invalidMessage(codec, value, root))

const MOST_DETAILS = 3

/** A message of 16 MiB can be wrong in a million places: the first of them say enough. */
const MOST_ERRORS = 100

/** Why a value does not fit a codec: the first places, what was expected there and what came. */
export const invalidMessage = (
  codec: t.Decoder<unknown, unknown>,
  value: unknown,
  root = '',
): WireError => {
  const decoded = codec.decode(value)
  const details = E.isLeft(decoded) ? explain(decoded.left.slice(0, MOST_ERRORS), root) : []
  const more = details.length > MOST_DETAILS ? '; and more' : ''
  return wireError(
    'InvalidMessage',
    `not a message of the protocol: ${escapeHidden(sentence(details.slice(0, MOST_DETAILS)))}${more}`,
  )
}
