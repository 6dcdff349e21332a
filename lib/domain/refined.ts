import * as t from 'io-ts'

/** A JSON Schema (2020-12), as JSON. */
export interface JsonSchema {
  readonly [keyword: string]: unknown
}

/**
 * A codec narrowed by a predicate. `type` is the codec without it; `keywords` say what JSON Schema
 * can say of it.
 */
export class RefinedType<A, O> extends t.Type<A, O, unknown> {
  readonly _tag = 'RefinedType' as const
  readonly type: t.Mixed
  readonly predicate: (a: A) => boolean
  readonly keywords: JsonSchema
  constructor(
    codec: t.Type<A, O, unknown>,
    predicate: (a: A) => boolean,
    name: string,
    keywords: JsonSchema,
  ) {
    super(
      name,
      (u): u is A => codec.is(u) && predicate(u),
      (u, context) => {
        const decoded = codec.validate(u, context)
        return decoded._tag === 'Left' || predicate(decoded.right) ? decoded : t.failure(u, context)
      },
      codec.encode,
    )
    this.type = codec
    this.predicate = predicate
    this.keywords = keywords
  }
}

/**
 * A codec narrowed by a predicate. An error says "expected" and its name, so the name describes the
 * predicate; `keywords` describe it in JSON Schema, as far as that can.
 */
export const refined = <A, O>(
  codec: t.Type<A, O, unknown>,
  predicate: (a: A) => boolean,
  name: string,
  keywords: JsonSchema = {},
): t.Type<A, O, unknown> => new RefinedType(codec, predicate, name, keywords)
