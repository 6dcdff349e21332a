import * as t from 'io-ts'

/** A codec narrowed by a rule. Its name says the rule, for that is what an error will call "expected". */
export const refined = <A, O>(codec: t.Type<A, O, unknown>, rule: (a: A) => boolean, name: string): t.Type<A, O, unknown> =>
  new t.Type(
    name,
    (u): u is A => codec.is(u) && rule(u),
    (u, context) => {
      const decoded = codec.validate(u, context)
      return decoded._tag === 'Left' || rule(decoded.right) ? decoded : t.failure(u, context)
    },
    codec.encode,
  )
