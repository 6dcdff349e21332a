import * as t from 'io-ts'

/** A JSON Schema (2020-12), as JSON. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/**
 * A codec narrowed by a rule that a function decides. `type` is the codec without the rule,
 * `keywords` what JSON Schema can say of the rule.
 */
export class RefinedType<A, O> extends t.Type<A, O, unknown> {
  readonly _tag = 'RefinedType' as const
  readonly type: t.Mixed
  readonly keywords: JsonSchema
  constructor(
    codec: t.Type<A, O, unknown>,
    rule: (a: A) => boolean,
    name: string,
    keywords: JsonSchema,
  ) {
    super(
      name,
      (u): u is A => codec.is(u) && rule(u),
      (u, context) => {
        const decoded = codec.validate(u, context)
        return decoded._tag === 'Left' || rule(decoded.right) ? decoded : t.failure(u, context)
      },
      codec.encode,
    )
    this.type = codec
    this.keywords = keywords
  }
}

/**
 * A codec narrowed by a rule. Its name says the rule, for that is what an error will call
 * "expected"; `keywords` say it in JSON Schema, as far as that can.
 */
export const refined = <A, O>(
  codec: t.Type<A, O, unknown>,
  rule: (a: A) => boolean,
  name: string,
  keywords: JsonSchema = {},
): t.Type<A, O, unknown> => new RefinedType(codec, rule, name, keywords)
