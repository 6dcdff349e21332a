import * as t from 'io-ts'

/** A codec that was marked with {@link secret}. */
export class SecretType<A> extends t.Type<A, unknown, unknown> {
  readonly _tag = 'SecretType' as const
  constructor(readonly type: t.Type<A, unknown, unknown>) {
    super(type.name, type.is, (u, context) => type.validate(u, context), type.encode)
  }
}

/**
 * Marks a part of a configuration that must never be printed: `t.type({ TOKEN: secret(t.string)
 * })`.
 *
 * The decoded value is the codec's own, for the plugin to use. Its text is left out of errors about
 * the configuration and replaced by `[secret]` wherever it would appear in a log line.
 */
export const secret = <A>(codec: t.Type<A, unknown, unknown>): t.Type<A, unknown, unknown> =>
  new SecretType(codec)
