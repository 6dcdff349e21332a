import { Ajv2020 } from 'ajv/dist/2020.js'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { withMessage } from 'io-ts-types/lib/withMessage.js'
import { described } from '../../lib/codec/described.js'
import { explain } from '../../lib/codec/explain.js'
import { exponentialPart } from '../../lib/codec/exponential-codec.js'
import { jsonSchema } from '../../lib/codec/json-schema.js'
import { propNames, requiredProps } from '../../lib/codec/props.js'
import { arraysFor } from '../../lib/codec/query-lists.js'
import { secret } from '../../lib/codec/secret.js'
import { type Shape, shapeOf } from '../../lib/codec/shape.js'
import { layersOf, stepsOf } from '../../lib/codec/traversal.js'
import { refined } from '../../lib/domain/refined.js'
import fc, { runs } from '../support/properties.js'
import { codec, json, Tree } from './values.js'

const NAMES = ['a', 'b', 'value', 'children'] as const

/** Codecs of JSON whose structure says all that they take. */
const structured: fc.Arbitrary<io.Mixed> = fc.letrec<{ codec: io.Mixed; props: io.Props }>(tie => {
  const inner = tie('codec')
  const props = fc.dictionary(fc.constantFrom(...NAMES), inner, { maxKeys: 3 })
  const two = fc.tuple(inner, inner)
  return {
    props,
    codec: fc.oneof(
      { depthSize: 'small', withCrossShrink: true },
      fc.constantFrom<io.Mixed[]>(
        io.string,
        io.number,
        io.boolean,
        io.null,
        io.unknown,
        io.UnknownRecord,
        io.UnknownArray,
        io.literal('x'),
        io.literal(7),
        io.keyof({ x: null, y: null }),
        Tree,
      ),
      inner.map(each => io.array(each)),
      inner.map(each => io.readonly(each)),
      inner.map(each => io.record(io.string, each)),
      inner.map(each => io.record(io.keyof({ a: null, b: null }), each)),
      inner.map(each => io.union([each, io.undefined])),
      inner.map(each => io.recursion('Wrapped', () => each)),
      inner.map(secret),
      props.map(each => io.type(each)),
      props.map(each => io.partial(each)),
      props.map(each => io.strict(each)),
      two.map(([a, b]) => io.union([a, b])),
      two.map(([a, b]) => io.intersection([a, b])),
      two.map(([a, b]) => io.tuple([a, b])),
      fc
        .tuple(tie('props'), tie('props'))
        .map(([a, b]) =>
          io.union([
            io.type({ ...a, kind: io.literal('x') }),
            io.type({ ...b, kind: io.literal('y') }),
          ]),
        ),
      inner.map((each): io.Mixed => {
        const self: io.RecursiveType<io.Mixed> = io.recursion('List', () =>
          io.type({ a: each, children: io.union([io.null, io.array(self)]) }),
        )
        return self
      }),
    ),
  }
}).codec

/** io-ts copies an object by assignment, which makes a property `__proto__` its prototype. */
const plain = json.filter(value => !JSON.stringify(value).includes('"__proto__"'))

test('what a codec is, fits its JSON Schema; what fits the schema, the codec takes', t => {
  const ajv = new Ajv2020({ strict: false, addUsedSchema: false })
  fc.assert(
    fc.property(structured, fc.array(plain, { minLength: 1, maxLength: 10 }), (type, values) => {
      const schema = jsonSchema(type)
      if (E.isLeft(schema)) return t.fail(schema.left)
      const fits = ajv.compile(schema.right)
      for (const value of values) {
        if (type.is(value)) t.true(fits(value), 'it fits the codec, and not the schema')
        if (fits(value))
          t.true(E.isRight(type.decode(value)), 'it fits the schema, and not the codec')
      }
    }),
    runs(120),
  )
})

const WRAPPERS: ReadonlyArray<(codec: io.Mixed) => io.Mixed> = [
  secret,
  codec => described(codec, {}),
  codec => io.readonly(codec),
  codec => io.refinement(codec, () => true),
  codec => refined(codec, () => true, 'narrowed'),
  codec =>
    io.brand(codec, (_): _ is io.Branded<unknown, { readonly B: unique symbol }> => true, 'B'),
  codec => io.recursion('Recursive', () => codec),
  codec => io.intersection([codec, io.UnknownRecord]),
]

/** An object, and the same object in any wrappers. */
const wrapped = fc
  .tuple(
    fc.dictionary(fc.constantFrom(...NAMES), codec, { maxKeys: 4 }),
    fc.constantFrom<Array<(props: io.Props) => io.Mixed>>(
      props => io.type(props),
      props => io.partial(props),
      props => io.strict(props),
      props => io.exact(io.partial(props)),
    ),
    fc.array(fc.constantFrom(...WRAPPERS), { maxLength: 5 }),
  )
  .map(([props, make, wrappers]) => {
    const object = make(props)
    return { object, wrapped: wrappers.reduce((inner, wrap) => wrap(inner), object) }
  })

test('an object has the same properties, and requires the same, however it is wrapped', t => {
  fc.assert(
    fc.property(wrapped, ({ object, wrapped }) => {
      t.deepEqual(propNames(wrapped), propNames(object))
      t.deepEqual(requiredProps(wrapped), requiredProps(object))
      t.is(exponentialPart(wrapped), exponentialPart(object))
    }),
    runs(200),
  )
})

test('what is required is what io-ts finds missing', t => {
  fc.assert(
    fc.property(wrapped, ({ object }) => {
      const decoded = object.decode({})
      const missing = E.isRight(decoded)
        ? []
        : decoded.left.map(({ context }) => context[1]?.key ?? '')
      t.deepEqual(requiredProps(object), [...new Set(missing)])
    }),
    runs(200),
  )
})

test('a query that fits still fits when single values are lists', t => {
  const value = fc.constantFrom('x', 'y', '7', '')
  const query = fc.dictionary(fc.constantFrom(...NAMES), fc.oneof(value, fc.array(value)), {
    maxKeys: 4,
  })
  fc.assert(
    fc.property(codec, query, (type, given) => {
      if (E.isLeft(type.decode({ ...given }))) return
      t.true(E.isRight(type.decode({ ...arraysFor(type)(given) })))
    }),
    runs(300),
  )
})

/** A value whose texts are all different, and cannot be found by chance. */
const marked = (value: unknown): unknown => {
  let count = 0
  const mark = (each: unknown): unknown => {
    if (typeof each === 'string') return `<${count++}>`
    if (Array.isArray(each)) return each.map(mark)
    return typeof each === 'object' && each !== null
      ? Object.fromEntries(Object.entries(each).map(([key, member]) => [key, mark(member)]))
      : each
  }
  return mark(value)
}

/** The texts in what any part of a codec says is secret. */
const secretTexts = (shapes: ReadonlyArray<Shape>, value: unknown): ReadonlyArray<string> => {
  const isSecret = shapes.flatMap(layersOf).some(({ _tag }) => _tag === 'Secret')
  if (typeof value === 'string') return isSecret ? [value] : []
  if (typeof value !== 'object' || value === null) return []
  return Object.entries(value).flatMap(([key, member]) => {
    const steps = shapes.flatMap(stepsOf).filter(step => step.key === undefined || step.key === key)
    const inner = steps.map(({ into }) => into)
    return secretTexts(isSecret ? [shapeOf(secret(io.unknown)), ...inner] : inner, member)
  })
}

test('no error shows what any part of a codec says is secret', t => {
  fc.assert(
    fc.property(codec, json.map(marked), (type, value) => {
      const decoded = type.decode(value)
      if (E.isRight(decoded)) return
      const shown = explain(decoded.left).map(({ got }) => got)
      for (const text of secretTexts([shapeOf(type)], value))
        t.false(shown.some(got => got.includes(text)))
    }),
    runs(500),
  )
})

test('a message of an author’s takes nothing away from the structure', t => {
  fc.assert(
    fc.property(wrapped, ({ wrapped }) => {
      t.deepEqual(propNames(withMessage(wrapped, () => 'wrong')), propNames(wrapped))
    }),
    runs(50),
  )
})
