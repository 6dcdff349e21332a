import { Readable } from 'node:stream'
import { runInNewContext } from 'node:vm'
import test from 'ava'
import { jsonLoss, lossSentence, topJsonLoss } from '../../../lib/domain/json/json-loss.js'
import fc, { runs } from '../../support/properties.js'

class Disk {
  readonly size: number
  constructor(size: number) {
    this.size = size
  }
  get used(): number {
    return this.size / 2
  }
}

class Money {
  readonly #cents = 5
  format(): string {
    return `${this.#cents} ct`
  }
}

class Note {
  readonly title = 'a'
  summary(): string {
    return this.title
  }
}

class Shown extends Disk {
  toJSON(): unknown {
    return { size: this.size, used: this.used }
  }
}

class Filters {}

/** What builds a query and runs it when somebody waits for it. */
class Query {
  readonly sql = 'select 1'
  // biome-ignore lint/suspicious/noThenProperty: that is what makes it one.
  then(): void {}
}

const boom = new Error('boom')
const fails = (): never => {
  throw boom
}
const holed = [1, 2, 3]
delete holed[1]

const SPREAD = 'send an array of its items'
const CLASS = 'send a plain object, or give the class a toJSON()'
const UNREADABLE = 'unreadable: the log has what it threw'

/** A value, and what is said of it. */
const LOST: ReadonlyArray<readonly [value: unknown, said: string]> = [
  [Promise.resolve(1), 'a Promise: await it'],
  [new Query(), 'a Query: await it'],
  [() => 1, 'a function: call it, or run it first if it is a TaskEither'],
  [async () => 1, 'a function: call it, or run it first if it is a TaskEither'],
  [Number.NaN, 'NaN: send null or a text'],
  [Number.NEGATIVE_INFINITY, '-Infinity: send null or a text'],
  [Object(Number.NaN), 'NaN: send null or a text'],
  [5n, 'a bigint: send a text'],
  [Object(5n), 'a bigint: send a text'],
  [Symbol('a'), 'a symbol: send a text'],
  [Object(Symbol('a')), 'a symbol: send a text'],
  [new Map([['a', 1]]), 'a Map: send Object.fromEntries(map)'],
  [runInNewContext('new Map()'), 'a Map: send Object.fromEntries(map)'],
  [new Set([1]), 'a Set: send an array, [...set]'],
  [new Uint8Array(2), 'bytes (Uint8Array): send text, such as base64'],
  [Buffer.from('a'), 'bytes (Buffer): send text, such as base64'],
  [new ArrayBuffer(2), 'bytes (ArrayBuffer): send text, such as base64'],
  [new Date(Number.NaN), 'an invalid Date: send null'],
  [(function* () {})(), `a Generator: ${SPREAD}`],
  [[1].values(), `an Array Iterator: ${SPREAD}`],
  [new URLSearchParams('a=1'), `a URLSearchParams: ${SPREAD}`],
  [new Headers({ a: 'b' }), `a Headers: ${SPREAD}`],
  [(async function* () {})(), 'an AsyncGenerator: read it first'],
  [Readable.from(['a']), 'a Readable: read it first'],
  [new ReadableStream(), 'a ReadableStream: read it first'],
  [new Blob(['a']), 'a Blob: read it first, with text()'],
  [new Response('a'), 'a Response: return it as the answer, or read it first'],
  [new Disk(2), `a Disk with a property "used" that it inherits: ${CLASS}`],
  [
    new AbortController().signal,
    `an AbortSignal with a property "aborted" that it inherits: ${CLASS}`,
  ],
  [new Money(), `a Money without properties of its own: ${CLASS}`],
  [new WeakMap(), `a WeakMap without properties of its own: ${CLASS}`],
  [{ toJSON: () => Number.NaN }, 'NaN: send null or a text'],
  [{ toJSON: fails }, UNREADABLE],
]

/** What JSON carries, or leaves out by design. */
const CARRIED: ReadonlyArray<unknown> = [
  ['a', '', 5, -0, true, null, { a: 1 }, [[1]], []],
  { a: undefined, [Symbol('a')]: 1 },
  Object.defineProperty({}, 'hidden', { value: fails }),
  Object.assign(Object.create(null), { a: 1 }),
  Object.create(Object.create(null)),
  runInNewContext('({ a: [1], at: new Date(0) })'),
  new Date(0),
  new URL('http://a'),
  [Object(5), Object('a'), Object(true)],
  [new Note(), new Filters(), new Shown(5)],
  new Proxy({ a: 1 }, {}),
  'abc'.match(/b/),
  Object.assign(() => 1, { toJSON: () => 'a' }),
  Object.assign(new Error('a'), { toJSON: () => ({ code: 'A' }) }),
]

test('what JSON would change or lose is found, by itself and inside', t => {
  for (const [value, said] of LOST) {
    const top = topJsonLoss(value, 'answer')
    const inside = jsonLoss({ ok: true, list: ['a', { value }] }, 'answer')
    t.deepEqual(
      [top, inside].map(loss => loss && lossSentence(loss)),
      ['answer', 'answer.list.1.value'].map(path => `JSON cannot carry ${path}, which is ${said}`),
    )
  }
})

test('what JSON carries is no loss, nor is what it leaves out by design', t => {
  for (const value of CARRIED)
    t.deepEqual([topJsonLoss(value, 'answer'), jsonLoss(value, 'answer')], [undefined, undefined])
})

test('what an object inherits from another is found inside', t => {
  t.deepEqual(jsonLoss([Object.create({ shared: 1 })], 'answer'), {
    path: 'answer.0',
    found: 'an Object with a property "shared" that it inherits',
    advice: CLASS,
  })
})

test('an error is the cause, and so is what a getter or a trap throws', t => {
  const cause = new TypeError('a')
  const found = { found: 'unreadable', advice: 'the log has what it threw', cause: boom }
  const trapped = new Proxy({}, { ownKeys: fails })
  t.deepEqual(
    [{ reason: cause }, { reason: runInNewContext('new RangeError("a")') }].map(
      value => jsonLoss(value, 'answer')?.found,
    ),
    ['a TypeError', 'a RangeError'],
  )
  t.is(jsonLoss([cause], 'answer')?.cause, cause)
  t.deepEqual(
    [
      jsonLoss({ disk: Object.defineProperty({}, 'used', { get: fails, enumerable: true }) }, 'a'),
      jsonLoss([{ trapped }], 'a'),
    ],
    [
      { path: 'a.disk.used', ...found },
      { path: 'a.0.trapped', ...found },
    ],
  )
})

test('what is nothing in an array would become null', t => {
  const advice = 'send null, or leave it out'
  t.deepEqual(
    [{ a: [1, undefined] }, holed, [{ toJSON: () => undefined }]].map(value =>
      jsonLoss(value, 'answer'),
    ),
    [
      { path: 'answer.a.1', found: 'undefined in an array', advice },
      { path: 'answer.1', found: 'a hole in an array', advice },
      { path: 'answer.0', found: 'undefined in an array', advice },
    ],
  )
})

test('a circle is found where it closes, and an object that is met twice is none', t => {
  const child: Record<string, unknown> = { name: 'a' }
  const parent = { children: [{}, child] }
  child.parent = parent
  const shared = { a: 1 }
  t.deepEqual(jsonLoss({ family: parent }, 'answer'), {
    path: 'answer.family.children.1.parent',
    found: 'answer.family again',
    advice: 'JSON has no references, so send an id',
  })
  t.is(jsonLoss([shared, { shared }, [shared, shared]], 'answer'), undefined)
})

const nested = (depth: number): unknown => {
  let value: unknown = 1
  for (let i = 0; i < depth; i++) value = i % 2 === 0 ? [value] : { a: value }
  return value
}

test('the depth of a value is no matter of the stack, and what goes on for ever has an end', t => {
  t.is(jsonLoss(nested(9_000), 'answer'), undefined)
  const endless = (): object =>
    Object.defineProperty({}, 'next', { get: endless, enumerable: true })
  t.deepEqual(
    [nested(100_000), endless()].map(value => jsonLoss(value, 'answer')?.found),
    ['nested too deep', 'nested too deep'],
  )
})

/** A value as JSON should give it back, but for what is left out by design. */
const plain = (value: unknown): unknown => {
  if (Object.is(value, -0)) return 0
  if (value instanceof Date) return value.toISOString()
  if (value instanceof Number || value instanceof String || value instanceof Boolean)
    return plain(value.valueOf())
  if (Array.isArray(value)) return value.map(plain)
  if (typeof value !== 'object' || value === null) return value
  const entries = Object.entries(value).flatMap(([name, each]) =>
    each === undefined ? [] : [[name, plain(each)] as const],
  )
  return Object.fromEntries(entries)
}

test('whatever has no loss is read as it was written', t => {
  const anything = fc.anything({
    withBigInt: true,
    withBoxedValues: true,
    withDate: true,
    withMap: true,
    withSet: true,
    withNullPrototype: true,
    withSparseArray: true,
    withTypedArray: true,
  })
  let carried = 0
  fc.assert(
    fc.property(anything, value => {
      const loss = jsonLoss({ value }, 'answer')
      if (loss !== undefined) return
      carried++
      t.deepEqual(JSON.parse(JSON.stringify({ value })), plain({ value }))
    }),
    runs(1_000),
  )
  t.true(carried > 100)
})
