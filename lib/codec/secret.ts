import * as t from 'io-ts'

/** A codec that was marked with {@link secret}. */
export class SecretType<A> extends t.Type<A, unknown, unknown> {
  readonly _tag = 'SecretType' as const
  constructor(readonly type: t.Type<A, unknown, unknown>) {
    super(type.name, type.is, (u, context) => type.validate(u, context), type.encode)
  }
}

/**
 * Marks a codec whose values must never be printed: one variable of a configuration,
 * `t.type({ TOKEN: secret(t.string) })`, or all of it.
 *
 * The plugin gets the decoded value as it is. Errors leave it out, a log line has `[secret]` in its
 * place, and its JSON Schema is `writeOnly`.
 */
export const secret = <A>(codec: t.Type<A, unknown, unknown>): t.Type<A, unknown, unknown> =>
  new SecretType(codec)
