import test from 'ava'
import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { propsOf, requiredProps } from '../../lib/codec/codec-props.js'

const AB = io.type({ a: io.string, b: NumberFromString })

test('the properties of an object codec are seen through what stands around it', t => {
  const expected = [
    ['a', io.string],
    ['b', NumberFromString],
  ]
  const wrapped: ReadonlyArray<io.Mixed> = [
    AB,
    io.strict(AB.props),
    io.exact(AB),
    io.readonly(AB),
    io.refinement(AB, () => true),
    io.brand(
      AB,
      (_value): _value is io.Branded<io.TypeOf<typeof AB>, { readonly Ab: unique symbol }> => true,
      'Ab',
    ),
    io.partial(AB.props),
    io.recursion('AB', () => AB),
    io.intersection([io.type({ a: io.string }), io.partial({ b: NumberFromString })]),
  ]
  for (const codec of wrapped) t.deepEqual([...propsOf(codec)], expected, codec.name)
})

test('a codec whose structure cannot be seen has none', t => {
  for (const codec of [
    io.string,
    NumberFromString,
    io.array(AB),
    io.UnknownRecord,
    io.record(io.string, AB),
    io.union([AB, AB]),
  ]) {
    t.deepEqual([...propsOf(codec)], [], codec.name)
  }
})

test('a recursive codec has the properties of its first level', t => {
  interface Tree {
    readonly value: number
    readonly children: ReadonlyArray<Tree>
  }
  const Tree: io.Type<Tree> = io.recursion('Tree', () =>
    io.type({ value: io.number, children: io.readonlyArray(Tree) }),
  )
  t.deepEqual([...propsOf(Tree).keys()], ['value', 'children'])
  t.deepEqual(requiredProps(Tree), ['value', 'children'])
})

test('a property is required if a value does not fit without it', t => {
  const codec = io.intersection([
    io.type({
      a: io.string,
      b: io.union([io.string, io.undefined]),
      c: io.unknown,
      e: io.type({ inner: io.string }),
    }),
    io.partial({ d: io.string }),
  ])
  t.deepEqual(requiredProps(codec), ['a', 'e'])
  t.deepEqual(requiredProps(io.partial({ a: io.string })), [])
  t.deepEqual(requiredProps(io.string), [])
})

test('a codec that throws where a property is missing requires none', t => {
  const Careless = new io.Type<string, string, unknown>(
    'Careless',
    io.string.is,
    u => io.success((u as string).trim()),
    io.identity,
  )
  t.deepEqual(requiredProps(io.type({ a: Careless })), [])
})
