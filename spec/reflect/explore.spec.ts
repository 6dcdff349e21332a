import test from 'ava'
import { Every, Get, Kv, OnInit, OnShutdown, Plugin, Post, Use } from '../../decorators/index.js'
import type { Middleware } from '../../lib/domain/handler.js'
import { DEFAULTS } from '../../lib/domain/plugin-definition.js'
import { declarationOf, METADATA, problemsOf } from '../dispatch/harness.js'

const PUBLIC_METHOD = 'Make it a public method of the class'
const pass: Middleware = next => next

test('everything that a class declares is read', t => {
  @Plugin(METADATA, { httpTimeout: 5 })
  @Use(pass)
  class Notes {
    @OnInit
    begin() {}
    @Use(pass)
    @Get('/a')
    @Post('/b/:id/')
    one() {
      return 1
    }
    @Kv('theme')
    theme() {}
    @Kv('prefs/*')
    prefs() {}
    @Every('5 m')
    often() {}
    @OnShutdown
    end() {}
    plain() {}
  }
  const { handlers, ...declaration } = declarationOf(new Notes())
  t.deepEqual(declaration, {
    metadata: METADATA,
    options: { ...DEFAULTS, httpTimeout: 5, config: undefined, kv: undefined },
    middlewares: [pass],
  })
  t.deepEqual(
    handlers.map(({ call, ...handler }) => handler),
    [
      { _tag: 'OnInit', handlerName: 'Notes.begin', middlewares: [] },
      {
        _tag: 'Route',
        method: 'GET',
        path: '/a',
        segments: [{ _tag: 'Text', text: 'a' }],
        schema: {},
        handlerName: 'Notes.one',
        middlewares: [pass],
      },
      {
        _tag: 'Route',
        method: 'POST',
        path: '/b/:id/',
        segments: [
          { _tag: 'Text', text: 'b' },
          { _tag: 'Param', name: 'id' },
        ],
        schema: {},
        handlerName: 'Notes.one',
        middlewares: [pass],
      },
      {
        _tag: 'Kv',
        pattern: 'theme',
        key: { _tag: 'Exact', key: 'theme' },
        codec: undefined,
        handlerName: 'Notes.theme',
        middlewares: [],
      },
      {
        _tag: 'Kv',
        pattern: 'prefs/*',
        key: { _tag: 'Prefix', prefix: 'prefs/' },
        codec: undefined,
        handlerName: 'Notes.prefs',
        middlewares: [],
      },
      {
        _tag: 'Every',
        interval: '5 m',
        ms: 300_000,
        handlerName: 'Notes.often',
        middlewares: [],
      },
      { _tag: 'OnShutdown', handlerName: 'Notes.end', middlewares: [] },
    ],
  )
})

test('nothing of the plugin is called', t => {
  const called: string[] = []
  @Plugin(METADATA)
  @Use(next => {
    called.push('middleware')
    return next
  })
  class Notes {
    @Get('/')
    one() {
      called.push('one')
    }
    @OnInit
    begin() {
      called.push('begin')
    }
  }
  declarationOf(new Notes())
  t.deepEqual(called, [])
})

test('static, private and accessor members cannot be handlers', t => {
  // A decorator's type refuses all but methods; a caller without types can still write them.
  const loose = Get('/x') as unknown as (target: unknown, context: unknown) => void
  @Plugin(METADATA)
  class Notes {
    @Get('/a')
    static one() {
      return 1
    }
    @Get('/b')
    #two() {
      return 2
    }
    @loose
    three = () => 3
    @loose
    get four() {
      return 4
    }
    five() {
      return this.#two()
    }
  }
  t.deepEqual(
    problemsOf(new Notes())
      .filter(({ fix }) => fix === PUBLIC_METHOD)
      .map(({ place, cause }) => `${place}: ${cause}`)
      .sort(),
    [
      'Notes.#two: a private member cannot be a handler',
      'Notes.four: an accessor cannot be a handler',
      'Notes.one: a static member cannot be a handler',
      'Notes.three: a field cannot be a handler',
    ],
  )
})

test('a handler that an object replaces by something else is a problem', t => {
  class Base {
    @Get('/a')
    one(): unknown {
      return 1
    }
  }
  @Plugin(METADATA)
  class Notes extends Base {}
  const notes = Object.assign(new Notes(), { one: 'text' })
  t.deepEqual(problemsOf(notes), [
    {
      place: 'Notes.one',
      cause: 'it is annotated as a handler and is not a method',
      fix: PUBLIC_METHOD,
    },
  ])
})

test('every problem is reported at once', t => {
  @Plugin({ ...METADATA, id: 'a b', route: '/a/b' }, { kvTimeout: 0 })
  class Notes {
    @Get('a')
    one() {
      return 1
    }
    @Use(pass)
    two() {}
    @Get('/x')
    three() {
      return 3
    }
    @Get('/x')
    four() {
      return 4
    }
    @Kv('')
    five() {}
    @Get('/static')
    static six() {
      return 6
    }
  }
  t.deepEqual(
    problemsOf(new Notes())
      .map(({ place }) => place)
      .sort(),
    [
      'Notes @Plugin id',
      'Notes @Plugin kvTimeout',
      'Notes @Plugin route',
      'Notes.five',
      'Notes.four',
      'Notes.one',
      'Notes.six',
      'Notes.two',
    ],
  )
})

test('a class has one @Plugin; one that extends a plugin may have its own', t => {
  @Plugin(METADATA)
  class Base {}
  @Plugin({ ...METADATA, name: 'Derived' })
  class Derived extends Base {}
  @Plugin({ ...METADATA, name: 'One' })
  @Plugin({ ...METADATA, name: 'Other' })
  class Notes {}
  t.is(declarationOf(new Derived()).metadata.name, 'Derived')
  t.deepEqual(problemsOf(new Notes()), [
    { place: 'Notes', cause: 'it has @Plugin twice', fix: 'Keep one of them' },
  ])
})
