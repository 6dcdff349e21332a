import test from 'ava'
import * as io from 'io-ts'
import { fromNullable } from 'io-ts-types/lib/fromNullable.js'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { described } from '../../lib/codec/described.js'
import { propNames, requiredProps } from '../../lib/codec/props.js'
import { secret } from '../../lib/codec/secret.js'
import { refined } from '../../lib/domain/refined.js'

const AB = io.type({ a: io.string, b: NumberFromString })
const Named = io.type({ name: io.string })

test('the properties of an object codec are seen through what stands around it', t => {
  const wrapped: ReadonlyArray<io.Mixed> = [
    AB,
    io.strict(AB.props),
    io.exact(AB),
    io.readonly(AB),
    io.refinement(AB, () => true),
    refined(AB, () => true, 'narrowed'),
    io.brand(
      AB,
      (_value): _value is io.Branded<io.TypeOf<typeof AB>, { readonly Ab: unique symbol }> => true,
      'Ab',
    ),
    io.recursion('AB', () => AB),
    io.intersection([io.type({ a: io.string }), io.type({ b: NumberFromString })]),
    io.record(io.keyof({ a: null, b: null }), io.string),
    secret(AB),
    described(AB, {}),
    secret(io.readonly(described(io.exact(AB), {}))),
  ]
  for (const codec of wrapped)
    t.deepEqual(
      [propNames(codec), requiredProps(codec)],
      [
        ['a', 'b'],
        ['a', 'b'],
      ],
      codec.name,
    )
  t.deepEqual(
    [propNames(io.partial(AB.props)), requiredProps(io.partial(AB.props))],
    [['a', 'b'], []],
  )
})

test('a union has the properties of each branch, and requires none', t => {
  const codec = io.union([AB, io.readonly(io.type({ b: io.string, c: io.string }))])
  t.deepEqual([propNames(codec), requiredProps(codec)], [['a', 'b', 'c'], []])
})

test('a codec whose structure cannot be seen has none', t => {
  for (const codec of [
    io.string,
    NumberFromString,
    io.array(AB),
    io.UnknownRecord,
    io.record(io.string, AB),
    io.union([io.string, io.array(AB)]),
  ]) {
    t.deepEqual([propNames(codec), requiredProps(codec)], [undefined, []], codec.name)
  }
  t.deepEqual(propNames(io.type({})), [])
})

test('a recursive codec has the properties of its first level', t => {
  interface Tree {
    readonly value: number
    readonly children: ReadonlyArray<Tree>
  }
  const Tree: io.Type<Tree> = io.recursion('Tree', () =>
    io.type({ value: io.number, children: io.readonlyArray(Tree) }),
  )
  t.deepEqual(propNames(Tree), ['value', 'children'])
  t.deepEqual(requiredProps(Tree), ['value', 'children'])
})

test('a recursion that is only itself has none, and is no endless loop', t => {
  const Self: io.Type<unknown> = io.recursion('Self', () => io.union([Self, Named]))
  t.deepEqual([propNames(Self), requiredProps(io.type({ a: Self }))], [['name'], []])
})

test('a property is required if a value does not fit without it', t => {
  const codec = io.intersection([
    io.type({
      a: io.string,
      b: io.union([io.string, io.undefined]),
      c: io.unknown,
      e: io.type({ inner: io.string }),
      f: io.strict({}),
      g: fromNullable(io.string, ''),
      h: io.union([io.number, io.union([io.null, secret(io.undefined)])]),
      i: io.refinement(io.unknown, value => value !== undefined),
      j: io.intersection([io.unknown, io.string]),
    }),
    io.partial({ d: io.string }),
  ])
  t.deepEqual(requiredProps(codec), ['a', 'e', 'f', 'i', 'j'])
  t.deepEqual(requiredProps(io.partial({ a: io.string })), [])
  t.deepEqual(requiredProps(io.string), [])
})

test('a codec that throws where a property is missing does not require it', t => {
  const Careless = new io.Type<string, string, unknown>(
    'Careless',
    io.string.is,
    u => io.success((u as string).trim()),
    io.identity,
  )
  t.deepEqual(requiredProps(io.type({ a: Careless, b: io.string })), ['b'])
})
