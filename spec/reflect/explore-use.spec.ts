import test from 'ava'
import { Get, Kv, OnInit, Plugin, Use } from '../../decorators/index.js'
import { compose, type Middleware } from '../../lib/domain/handler.js'
import { METADATA, problemsOf } from '../dispatch/harness.js'

const pass: Middleware = next => next

test('@Use stands only where a route does', t => {
  @Plugin(METADATA)
  class Notes {
    @Use(pass)
    alone() {}
    @Use(pass)
    @Kv('theme')
    theme() {}
    @Use(pass)
    @OnInit
    begin() {}
    @Use(pass)
    @Get('/')
    right() {
      return 1
    }
  }
  const cause = '@Use stands on a method that no route leads to'
  const fix = 'Add @Get or another route decorator to it, or take @Use away'
  t.deepEqual(
    problemsOf(new Notes()),
    ['alone', 'theme', 'begin'].map(name => ({ place: `Notes.${name}`, cause, fix })),
  )
})

test('@Use on a field or an accessor is a problem too', t => {
  const loose = Use(pass) as unknown as (target: unknown, context: unknown) => void
  @Plugin(METADATA)
  class Notes {
    @loose
    one = () => 1
    @loose
    get two() {
      return 2
    }
  }
  t.deepEqual(
    problemsOf(new Notes())
      .map(({ place, cause }) => `${place}: ${cause}`)
      .sort(),
    ['Notes.one: a field cannot be a handler', 'Notes.two: an accessor cannot be a handler'],
  )
})

test('what @Use was given must be a function', t => {
  const none = undefined as unknown as Middleware
  @Plugin(METADATA)
  @Use(none)
  class Notes {
    @Use(none)
    @Get('/')
    one() {
      return 1
    }
  }
  const [cause, fix] = [
    '@Use was given nothing',
    'Give it a middleware: next => (req, ctx) => next(req, ctx)',
  ]
  t.deepEqual(problemsOf(new Notes()), [
    { place: 'Notes', cause, fix },
    { place: 'Notes.one', cause, fix },
  ])
})

test('several middlewares compose with the first outermost', t => {
  const seen: string[] = []
  const mark =
    (name: string) =>
    <H>(next: H): H => {
      seen.push(name)
      return next
    }
  compose(mark('a'), mark('b'))(() => new Promise(() => {}))
  t.deepEqual(seen, ['b', 'a'])
})
