import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import type { DialectName } from '../../lib/wire/dialect.js'
import { dialects } from '../../lib/wire/dialects.js'
import { type FramingName, framings } from '../../lib/wire/framing.js'
import fc, { runs } from '../support/properties.js'
import { cutAt } from '../wire/decoding.js'
import { canonical, hostMessage, mutated, mutation } from './arbitraries.js'
import { read } from './streams.js'

const STAMP = '2026-01-15T10:00:00.123456789Z'
const NAMES = ['documented', 'nested', 'tagged'] as const
const FRAMINGS = ['frames', 'lines'] as const

const places = fc.array(fc.nat(4000), { maxLength: 10 })

/** Messages of one dialect, and their bytes in one framing. */
const stream = (name: DialectName, framing: FramingName) =>
  fc.array(hostMessage(name === 'tagged'), { minLength: 1, maxLength: 4 }).map(messages => {
    const encoded = messages.map(message =>
      framings[framing].encode(dialects[name].encodeMessage(message, STAMP)),
    )
    return {
      messages,
      bytes: Buffer.concat(encoded.flatMap(each => (E.isRight(each) ? [each.right] : []))),
    }
  })

/**
 * A `set` of the untagged dialects reads the same in both, and so do the lifecycle messages: what
 * it means is what counts.
 */
const meanings = (bytes: ReadonlyArray<Buffer>) =>
  canonical(read(bytes).messages.map(({ message }) => message))

/** An id that is absent or `null` is the empty text in `tagged`, which has no other. */
const named = <M extends object>(name: DialectName, message: M): M =>
  name === 'tagged' && 'requestId' in message
    ? { ...message, requestId: message.requestId ?? '' }
    : message

for (const name of NAMES) {
  for (const framing of FRAMINGS) {
    test(`${name} in ${framing}: any messages in any split are read as they were meant`, t => {
      fc.assert(
        fc.property(stream(name, framing), places, ({ messages, bytes }, cuts) => {
          t.is(
            meanings(cutAt(bytes, cuts)),
            canonical(messages.map(message => named(name, message))),
          )
        }),
        runs(40),
      )
    })

    test(`${name} in ${framing}: whatever is changed, it is messages or one error, and no more than came`, t => {
      fc.assert(
        fc.property(
          stream(name, framing),
          fc.array(mutation, { minLength: 1, maxLength: 3 }),
          places,
          ({ bytes }, changes, cuts) => {
            const changed = changes.reduce(mutated, bytes)
            const got = read(cutAt(changed, cuts))
            t.true(got.texts.reduce((sum, text) => sum + text.length, 0) <= changed.length)
            t.is(
              got.messages.length,
              got.texts.length - (got.error !== undefined && isOfText(got.error._tag) ? 1 : 0),
            )
            t.true(
              got.error === undefined ||
                (got.error.message.length < 2000 && got.error.message.isWellFormed()),
            )
            // The split makes no difference, not even to the reason.
            t.is(
              canonical([got.messages, got.error]),
              canonical([read([changed]).messages, read([changed]).error]),
            )
          },
        ),
        runs(40),
      )
    })
  }
}

const isOfText = (tag: string): boolean =>
  tag === 'InvalidUtf8' || tag === 'InvalidJson' || tag === 'InvalidMessage'

test('any bytes at all are messages or one error', t => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 200 }), places, (bytes, cuts) => {
      const got = read(cutAt(Buffer.from(bytes), cuts))
      t.true(got.texts.reduce((sum, text) => sum + text.length, 0) <= bytes.length)
    }),
    runs(300),
  )
})
