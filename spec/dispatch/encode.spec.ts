import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as io from 'io-ts'
import { DateFromISOString } from 'io-ts-types/lib/DateFromISOString.js'
import { Get, Plugin, Use } from '../../decorators/index.js'
import { secret } from '../../lib/codec/secret.js'
import type { Middleware } from '../../lib/domain/handler.js'
import { notFound } from '../../lib/domain/plugin-error.js'
import { empty, json, response, text } from '../../lib/domain/response.js'
import { jsonAnswer, METADATA, running } from './harness.js'

const Note = io.exact(io.type({ id: io.string, at: DateFromISOString }), 'Note')

/** A plugin whose one handler gives this, under a codec. */
const answering = (
  given: unknown,
  codec: io.Mixed = Note,
  checkAnswers = false,
  middleware: Middleware = next => next,
) => {
  @Plugin(METADATA)
  class Notes {
    @Use(middleware)
    @Get('/', { response: codec })
    // biome-ignore lint/suspicious/noExplicitAny: what a handler gives whose types were not looked at.
    one(): any {
      return given
    }
  }
  return running(new Notes(), undefined, checkAnswers)
}

const at = new Date(0)
const note = { id: 'a', at, more: 'than the codec names' }
const SENT = { id: 'a', at: '1970-01-01T00:00:00.000Z' }
const HIDDEN = jsonAnswer(500, {
  error: 'Internal',
  message: 'the plugin failed to answer; its log has the reason',
})

for (const checkAnswers of [false, true]) {
  test(`what is sent is what the codec encodes, in whatever form it is given${checkAnswers ? ', where it is checked as well' : ''}`, async t => {
    for (const given of [
      note,
      Promise.resolve(note),
      E.right(note),
      TE.right(note),
      () => TE.right(note),
      json(note),
    ]) {
      t.deepEqual(await answering(given, Note, checkAnswers).ask(), jsonAnswer(200, SENT))
    }
    const plugin = answering(TE.right(json(note, 201, { 'X-Id': 'a' })), Note, checkAnswers)
    t.deepEqual(await plugin.ask(), jsonAnswer(201, SENT, { 'X-Id': 'a' }))
    t.deepEqual(plugin.log.entries, [])
  })

  test(`a failure and what another helper made are sent as they are${checkAnswers ? ', where it is checked as well' : ''}`, t => {
    const answer = (given: unknown) => answering(given, Note, checkAnswers).ask()
    t.deepEqual(
      answer(E.left(notFound('gone'))),
      jsonAnswer(404, { error: 'InvalidRequest', message: 'gone' }),
    )
    t.like(answer(text('plain')), { status: 200, body: 'plain' })
    t.like(answer(empty()), { status: 204, body: null })
    t.like(answer(response({ status: 202, body: '{}' })), { status: 202, body: '{}' })
  })
}

test('an answer that is there at once costs no promise', t => {
  t.false(answering(note).ask() instanceof Promise)
})

test('what is encoded need not be JSON, but what json is given has to be', t => {
  const Big = new io.Type<bigint, string, unknown>(
    'Big',
    (u): u is bigint => typeof u === 'bigint',
    io.failure,
    String,
  )
  t.deepEqual(answering({ n: 5n }, io.type({ n: Big })).ask(), jsonAnswer(200, { n: '5' }))
  t.like(answering(json({ n: 5n }), io.type({ n: Big })).ask(), { status: 500 })
})

test('nothing is 204 where the codec takes nothing', t => {
  t.like(answering(undefined, io.union([Note, io.undefined]), true).ask(), {
    status: 204,
    body: null,
  })
})

test('checked, a value that does not fit is a 500, and the log says where, what was expected and what came', t => {
  const said = (given: unknown, codec: io.Mixed): unknown => {
    const plugin = answering(given, codec, true)
    t.deepEqual(plugin.ask(), HIDDEN)
    t.is(plugin.log.entries.length, 1)
    const [level, message] = plugin.log.entries[0] ?? []
    t.is(level, 'error')
    return String(message).replace('GET / answered 500: the answer does not fit its codec: ', '')
  }
  t.is(said({ id: 5, at }, Note), 'answer.id: expected string, got 5')
  t.is(said(json({ id: 5, at }), Note), 'answer.id: expected string, got 5')
  t.is(said({ id: 'a', at: '1970' }, Note), 'answer.at: expected DateFromISOString, got "1970"')
  t.is(said(undefined, Note), 'answer: expected Note, got nothing')
  t.is(
    said([{ id: 'a', at }, { id: 'b' }], io.array(Note)),
    'answer.1.at: expected DateFromISOString, got nothing',
  )
  t.is(
    said({ a: [1, 'x'] }, io.record(io.string, io.tuple([io.number, io.number]))),
    'answer.a.1: expected number, got "x"',
  )
  t.is(
    said(
      { a: 'x', b: 'y' },
      io.intersection([io.type({ a: io.number }), io.partial({ b: io.number })]),
    ),
    'answer.a: expected number, got "x"; answer.b: expected number, got "y"',
  )
  t.is(
    said({ u: true }, io.type({ u: io.union([io.string, io.number]) })),
    'answer.u: expected (string | number), got true',
  )
  t.is(
    said({ key: 5 }, io.type({ key: secret(io.string) })),
    'answer.key: expected string, got a value that is not shown',
  )
  interface Tree {
    readonly kids: Tree[]
  }
  const Tree: io.Type<Tree> = io.recursion('Tree', () => io.type({ kids: io.array(Tree) }))
  t.is(said({ kids: [{ kids: 'x' }] }, Tree), 'answer.kids.0.kids: expected Array<Tree>, got "x"')
})

test('checked, what the codec makes of a value is what is searched for losses, and what is sent', t => {
  const said = (given: unknown, codec: io.Mixed): ReadonlyArray<unknown> => {
    const plugin = answering(given, codec, true)
    const answer = plugin.ask()
    return [
      !(answer instanceof Promise) && answer.status,
      ...plugin.log.entries.map(([, text]) => text),
    ]
  }
  const Means = io.type({ mean: io.number })
  const lost = [
    500,
    'GET / answered 500: JSON cannot carry answer.mean, which is NaN: send null or a text',
  ]
  t.deepEqual(said({ mean: Number.NaN }, Means), lost)
  t.deepEqual(said(json({ mean: Number.NaN }), Means), lost)
  t.deepEqual(said({ mean: 1, more: [new Set()] }, Means), [
    500,
    'GET / answered 500: JSON cannot carry answer.more.0, which is a Set: send an array, [...set]',
  ])
  let encodings = 0
  const Counted = new io.Type<number, number, unknown>(
    'Counted',
    io.number.is,
    io.failure,
    value => {
      encodings++
      return value
    },
  )
  t.deepEqual(said({ mean: 1 }, io.type({ mean: Counted })), [200])
  t.is(encodings, 1)
})

test('checked or not, an answer without a codec is JSON, or a 500 that says what is lost', t => {
  const lossy = { visits: Promise.resolve(1), up: true }
  for (const given of [lossy, json(lossy)]) {
    @Plugin(METADATA)
    class Notes {
      @Get('/')
      // biome-ignore lint/suspicious/noExplicitAny: what a handler gives whose types were not looked at.
      one(): any {
        return given
      }
    }
    t.deepEqual(running(new Notes()).ask(), jsonAnswer(200, { visits: {}, up: true }))
    const plugin = running(new Notes(), undefined, true)
    const message = 'JSON cannot carry answer.visits, which is a Promise: await it'
    t.deepEqual(plugin.ask(), jsonAnswer(500, { error: 'Serialization', message }))
    t.deepEqual(plugin.log.entries, [
      ['error', `GET / answered 500: ${message}`, { handler: 'Notes.one' }],
    ])
  }
})

test('not checked, a value that does not fit is sent as the codec encodes it, or is a 500 where it cannot', t => {
  t.deepEqual(answering({ id: 5 }, io.type({ id: io.string })).ask(), jsonAnswer(200, { id: 5 }))
  const plugin = answering({ id: 'a', at: 'x' })
  t.like(plugin.ask(), { status: 500 })
  t.regex(
    String(plugin.log.entries[0]?.[1]),
    /^GET \/ answered 500: the answer cannot be encoded as Note: .*toISOString/,
  )
})

test('a middleware sees the encoded answer, and what it answers itself is not encoded', t => {
  const seen: unknown[] = []
  const look: Middleware = next => (req, ctx) => {
    const answer = next(req, ctx)
    if (!(answer instanceof Promise) && E.isRight(answer)) seen.push(answer.right.body)
    return json({ its: 'own' })
  }
  t.deepEqual(answering(note, Note, true, look).ask(), jsonAnswer(200, { its: 'own' }))
  t.deepEqual(seen, [JSON.stringify(SENT)])
})
