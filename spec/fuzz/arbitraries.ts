import type { Headers } from '../../lib/domain/http.js'
import type { Answer, HostMessage } from '../../lib/domain/message.js'
import fc from '../support/properties.js'

const TRICKY = [
  '',
  '__proto__',
  'constructor',
  'toString',
  '\u0000',
  '\ud800',
  '\udc00x',
  'a\ud83d',
  '🔌',
  '"\\',
  '\u2028',
  '\ufeff',
  '1',
  '-0',
]

/** Any UTF-16 units, half surrogate pairs among them. */
const units = fc
  .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 12 })
  .map(codes => String.fromCharCode(...codes))

/**
 * Texts that have broken something somewhere: names of every object, NUL, lone surrogates, what
 * needs escapes, and sometimes a very long one.
 */
export const hostile: fc.Arbitrary<string> = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...TRICKY) },
  { weight: 4, arbitrary: fc.string({ unit: 'grapheme', maxLength: 20 }) },
  { weight: 4, arbitrary: units },
  {
    weight: 1,
    arbitrary: fc
      .tuple(fc.constantFrom('x', '"', '\\', 'é', '\ud800'), fc.integer({ min: 500, max: 20_000 }))
      .map(repeated),
  },
)

function repeated([text, count]: readonly [string, number]): string {
  return text.repeat(count)
}

/** Headers with any names, `__proto__` too. */
export const headers: fc.Arbitrary<Headers> = fc
  .array(fc.tuple(hostile, hostile), { maxLength: 5 })
  .map((pairs): Headers => Object.fromEntries(pairs))

/** A name of a request, none, or nothing at all. */
export const requestId = fc.oneof(hostile, fc.constant(null), fc.constant(undefined))

const body = fc.oneof(hostile, fc.constant(null))
const value = fc.oneof(hostile, fc.constant(undefined))
const kvAction = fc.constantFrom('get', 'set', 'delete')

/** Any message that a host can send. `pathDecoded` is the dialect's to say. */
export const hostMessage = (pathDecoded: boolean): fc.Arbitrary<HostMessage> =>
  fc.oneof(
    fc.record({
      _tag: fc.constant('Http'),
      requestId,
      method: hostile,
      path: hostile,
      pathDecoded: fc.constant(pathDecoded),
      headers,
      body,
    }),
    fc.record({ _tag: fc.constant('Kv'), requestId, action: kvAction, key: hostile, value }),
    fc.record({
      _tag: fc.constant('Init'),
      instanceId: hostile,
      pluginSocket: hostile,
      logPath: hostile,
    }),
    fc.constant<HostMessage>({ _tag: 'Shutdown' }),
    fc.record({ _tag: fc.constant('UnknownLifecycle'), action: hostile }),
  )

/** Any answer that a plugin can give. */
export const answer: fc.Arbitrary<Answer> = fc.oneof(
  fc.record({
    _tag: fc.constant('HttpAnswer'),
    status: fc.integer({ min: 200, max: 599 }),
    headers,
    body,
  }),
  fc.record({ _tag: fc.constant('KvAnswer'), value: body }),
)

/** One change of some bytes. Places are parts of a million of the length. */
export type Mutation =
  | { readonly kind: 'flip'; readonly at: number; readonly bit: number }
  | { readonly kind: 'insert'; readonly at: number; readonly bytes: Uint8Array }
  | { readonly kind: 'delete' | 'duplicate'; readonly at: number; readonly length: number }
  | { readonly kind: 'truncate'; readonly at: number }

const at = fc.nat(1_000_000)

/** Any change. Flips are the most frequent, for they leave the most of a message whole. */
export const mutation: fc.Arbitrary<Mutation> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ kind: fc.constant('flip'), at, bit: fc.nat(7) }) },
  fc.record({
    kind: fc.constant('insert'),
    at,
    bytes: fc.uint8Array({ minLength: 1, maxLength: 6 }),
  }),
  fc.record({
    kind: fc.constantFrom('delete', 'duplicate'),
    at,
    length: fc.integer({ min: 1, max: 40 }),
  }),
  fc.record({ kind: fc.constant('truncate'), at }),
)

/** Some bytes after a change. */
export const mutated = (bytes: Buffer, change: Mutation): Buffer => {
  const place = Math.floor((bytes.length * change.at) / 1_000_001)
  const [front, back] = [bytes.subarray(0, place), bytes.subarray(place)]
  switch (change.kind) {
    case 'flip':
      return Buffer.concat([
        front,
        back.subarray(0, 1).map(byte => byte ^ (1 << change.bit)),
        back.subarray(1),
      ])
    case 'insert':
      return Buffer.concat([front, change.bytes, back])
    case 'delete':
      return Buffer.concat([front, back.subarray(change.length)])
    case 'duplicate':
      return Buffer.concat([front, back.subarray(0, change.length), back])
    case 'truncate':
      return Buffer.from(front)
  }
}

/**
 * A value as text in which a missing thing differs from `null`, every own name counts, and half a
 * surrogate pair is what leaves in its place.
 */
export const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, inner: unknown) => {
    if (inner === undefined) return '\u0000undefined'
    if (typeof inner === 'string') return inner.toWellFormed()
    if (typeof inner !== 'object' || inner === null || Array.isArray(inner)) return inner
    return Object.fromEntries(
      Object.entries(inner).map(([name, member]) => [name.toWellFormed(), member]),
    )
  })
