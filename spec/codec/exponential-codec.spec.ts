import test from 'ava'
import * as io from 'io-ts'
import { described } from '../../lib/codec/described.js'
import { exponentialPart } from '../../lib/codec/exponential-codec.js'
import { secret } from '../../lib/codec/secret.js'
import { refined } from '../../lib/domain/refined.js'

interface Node {
  readonly next?: Node
}

const recursive = (body: (self: io.Type<Node>) => io.Mixed): io.Mixed =>
  io.recursion<Node, Node, unknown, io.Type<Node>>('Node', self => {
    const inner = body(self)
    return new io.Type<Node>('Inner', (u): u is Node => inner.is(u), inner.validate, inner.encode)
  })

/** A recursive codec whose structure can be seen. */
const seen = (body: (self: io.Mixed) => io.Mixed): io.Mixed => {
  const codec: io.RecursiveType<io.Mixed> = io.recursion('Node', () => body(codec))
  return codec
}

const leaf = io.type({ leaf: io.string })
const DOUBLING: Record<string, io.Mixed> = {
  'two objects with the same property': seen(self =>
    io.union([io.type({ next: self, a: io.string }), io.type({ next: self, b: io.string })]),
  ),
  'behind others': seen(self =>
    io.union([
      leaf,
      io.partial({ next: self }),
      io.exact(io.type({ next: io.union([self, io.null]) })),
    ]),
  ),
  'in an intersection': seen(self =>
    io.union([io.intersection([leaf, io.type({ next: self })]), io.type({ next: self })]),
  ),
  'an intersection': seen(self =>
    io.union([io.null, io.intersection([io.type({ next: self }), io.type({ next: self })])]),
  ),
  'a record and an object': seen(self =>
    io.union([io.record(io.string, self), io.type({ next: self })]),
  ),
  'an array and a tuple': seen(self => io.union([io.array(self), io.tuple([self, io.string])])),
  'deep within': io.array(
    io.type({
      body: seen(self =>
        io.union([io.type({ x: io.array(self) }), io.type({ x: io.readonlyArray(self) })]),
      ),
    }),
  ),
  'a union of unions': seen(self =>
    io.union([io.union([io.type({ a: self }), leaf]), io.type({ a: self })]),
  ),
}
/** What stands around a recursion, or within it. */
const WRAPPERS: Readonly<Record<string, (codec: io.Mixed) => io.Mixed>> = {
  secret,
  described: codec => described(codec, {}),
  readonly: codec => io.readonly(codec),
  refinement: codec => io.refinement(codec, () => true),
  refined: codec => refined(codec, () => true, 'narrowed'),
  brand: codec =>
    io.brand(codec, (_): _ is io.Branded<unknown, { readonly B: unique symbol }> => true, 'B'),
  recursion: codec => io.recursion('Outer', () => codec),
}
for (const [name, wrap] of Object.entries(WRAPPERS)) {
  const twice = (self: io.Mixed) =>
    io.union([io.type({ next: self, a: io.string }), io.type({ next: self, b: io.string })])
  DOUBLING[`around a recursion: ${name}`] = wrap(seen(twice))
  DOUBLING[`around the way back: ${name}`] = seen(self => twice(wrap(self)))
  DOUBLING[`around what is within: ${name}`] = seen(self => wrap(twice(self)))
}
DOUBLING['around an object: exact'] = seen(self =>
  io.union([io.strict({ next: self, a: io.string }), io.exact(io.partial({ next: self }))]),
)

const FINE: Readonly<Record<string, io.Mixed>> = {
  'no recursion': io.union([io.type({ a: io.string }), io.type({ a: io.number })]),
  'JSON itself': seen(self =>
    io.union([
      io.null,
      io.string,
      io.number,
      io.boolean,
      io.array(self),
      io.record(io.string, self),
    ]),
  ),
  'one branch that comes back': seen(self => io.union([leaf, io.type({ next: self })])),
  'different ways back': seen(self =>
    io.union([io.type({ left: self }), io.type({ right: self })]),
  ),
  'a list': seen(self => io.type({ value: io.string, next: io.union([self, io.null]) })),
  'a codec that shows nothing': recursive(self => io.union([io.type({ next: self }), leaf])),
}

for (const [what, codec] of Object.entries(DOUBLING)) {
  test(`${what}: found`, t => {
    t.truthy(exponentialPart(codec))
  })
}
for (const [what, codec] of Object.entries(FINE)) {
  test(`${what}: fine`, t => {
    t.is(exponentialPart(codec), undefined)
  })
}

const tree = seen(self =>
  io.union([
    io.type({ kind: io.literal('leaf'), next: self }),
    io.type({ kind: io.literal('node'), next: self, other: io.string }),
  ]),
)

test('tags that io-ts uses make a recursive union fine', t => {
  t.is(exponentialPart(tree), undefined)
})

test('what is found does double: each level of the body makes it twice as long', t => {
  let visits = 0
  const counted = new io.Type(
    'counted',
    io.string.is,
    (u, c) => {
      visits++
      return io.string.validate(u, c)
    },
    io.identity,
  )
  const codec = seen(self =>
    io.union([
      io.type({ next: io.union([self, counted]), a: io.string }),
      io.type({ next: io.union([self, counted]), b: io.string }),
    ]),
  )
  const work = (depth: number): number => {
    visits = 0
    codec.decode(JSON.parse(`${'{"next":'.repeat(depth)}null${'}'.repeat(depth)}`))
    return visits
  }
  t.truthy(exponentialPart(codec))
  t.true(work(10) >= 2 * work(9))
})
