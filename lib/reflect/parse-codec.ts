import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { exponentialPart } from '../codec/exponential-codec.js'
import { invalid, type Validation } from './validation.js'

/** A codec of an author's, unless a client could make it work for as long as it likes. */
export const parseCodec = <C extends t.Mixed | undefined>(
  place: string,
  codec: C,
): Validation<C> => {
  const doubling = codec === undefined ? undefined : exponentialPart(codec)
  return doubling === undefined
    ? E.right(codec)
    : invalid({
        place,
        cause: `several branches of ${shortened(doubling.name)} come back to it by the same way, so that each level of a body doubles the work`,
        fix: "Give each branch of a union a tag, t.type({ kind: t.literal('leaf'), … }), and name a property once in an intersection",
      })
}

const shortened = (name: string): string => (name.length > 100 ? `${name.slice(0, 99)}…` : name)
