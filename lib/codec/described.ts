import * as t from 'io-ts'
import type { JsonSchema } from '../domain/refined.js'

/** A codec with the JSON Schema that its author gave it. */
export class DescribedType<A, O> extends t.Type<A, O, unknown> {
  readonly _tag = 'DescribedType' as const
  /** The codec without it. */
  readonly type: t.Mixed
  readonly schema: JsonSchema
  constructor(codec: t.Type<A, O, unknown>, schema: JsonSchema) {
    super(codec.name, codec.is, codec.validate, codec.encode)
    this.type = codec
    this.schema = schema
  }
}

/**
 * The same codec with a JSON Schema (2020-12) of its input, for `--describe`, OpenAPI documents and
 * typed clients. Use it for a codec whose structure cannot be seen, such as one made with
 * `new t.Type`, and where a schema can say more than the structure does.
 *
 * @example
 * const Page = described(NumberFromString, { type: 'string', pattern: '^[0-9]+$' })
 */
export const described = <A, O>(
  codec: t.Type<A, O, unknown>,
  schema: JsonSchema,
): t.Type<A, O, unknown> => new DescribedType(codec, schema)
