import * as t from 'io-ts'

/** A codec that was marked with {@link secret}. */
export class SecretType<A> extends t.Type<A, unknown, unknown> {
  readonly _tag = 'SecretType' as const
  constructor(readonly inner: t.Type<A, unknown, unknown>) {
    super(inner.name, inner.is, (u, context) => inner.validate(u, context), inner.encode)
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

/** Whether a codec was marked with {@link secret}. */
export const isSecret = (codec: unknown): boolean => codec instanceof SecretType

/** The codec that {@link secret} was given. */
export const revealed = (codec: t.Mixed): t.Mixed =>
  codec instanceof SecretType ? codec.inner : codec
