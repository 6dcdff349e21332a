import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { secret } from '../../lib/codec/secret.js'
import { secretsIn } from '../../lib/codec/secrets.js'

test('a secret decodes and encodes as its codec does', t => {
  const codec = secret(NumberFromString)
  t.deepEqual(codec.decode('5'), E.right(5))
  t.is(codec.decode('x')._tag, 'Left')
  t.is(codec.encode(5), '5')
  t.deepEqual([codec.is(5), codec.is('5')], [true, false])
  t.is(codec.name, 'NumberFromString')
})

test('the secrets of a configuration are its texts, as they came and as they were decoded', t => {
  const codec = io.intersection([
    io.type({ PORT: NumberFromString, TOKEN: secret(io.string), PIN: secret(NumberFromString) }),
    io.partial({ KEY: secret(io.string), OTHER: io.string }),
  ])
  const input = { PORT: '80', TOKEN: 'abc', PIN: '0042', OTHER: 'shown' }
  t.deepEqual(secretsIn(codec, input, { PORT: 80, TOKEN: 'abc', PIN: 42, OTHER: 'shown' }), [
    'abc',
    'abc',
    '0042',
    '42',
  ])
  t.deepEqual(secretsIn(codec, input, undefined), ['abc', '0042'])
})

test('what stands around a secret does not uncover it', t => {
  const wrapped: ReadonlyArray<io.Mixed> = [
    io.union([io.undefined, secret(io.string)]),
    io.refinement(secret(io.string), () => true),
    io.readonly(secret(io.string)),
    io.intersection([io.string, secret(io.string)]),
    io.recursion('R', () => secret(io.string)),
    secret(secret(io.string)),
  ]
  for (const codec of wrapped)
    t.deepEqual(
      secretsIn(io.exact(io.type({ A: codec })), { A: 'abc' }, { A: 'abc' }),
      ['abc', 'abc'],
      codec.name,
    )
})

test('the secrets of a configuration of several kinds are those of every kind', t => {
  const codec = io.union([
    io.type({ MODE: io.literal('a'), TOKEN: secret(io.string) }),
    io.type({ MODE: io.literal('b') }),
  ])
  t.deepEqual(secretsIn(codec, { MODE: 'a', TOKEN: 'abc' }, { MODE: 'a', TOKEN: 'abc' }), [
    'abc',
    'abc',
  ])
  t.deepEqual(secretsIn(io.readonly(codec), { MODE: 'a', TOKEN: 'abc' }, undefined), ['abc'])
})
