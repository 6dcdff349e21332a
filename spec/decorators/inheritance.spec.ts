import test from 'ava'
import { Get, Kv, OnInit, Plugin, Post, Put, Use } from '../../decorators/index.js'
import type { Middleware } from '../../lib/domain/handler.js'
import { handlersOf } from '../../lib/reflect/declaration.js'
import { declarationOf, METADATA, running } from '../dispatch/harness.js'

const routesOf = (plugin: object) =>
  handlersOf(declarationOf(plugin), 'Route').map(
    ({ method, path, handlerName }) => `${method} ${path} ${handlerName}`,
  )

/** A middleware that leaves its name in the answer. */
const mark =
  (name: string): Middleware =>
  next =>
  async (req, ctx) => {
    const result = await next(req, ctx)
    return result._tag === 'Left'
      ? result
      : { ...result.right, body: `${name}(${result.right.body})` }
  }

class Base {
  @Get('/a')
  @Use(mark('base'))
  one(): unknown {
    return 'base'
  }
  @Kv('theme')
  theme(): string {
    return 'base'
  }
  @OnInit
  begin(): void {}
}

test('a subclass has the notes of the class that it extends', async t => {
  @Plugin(METADATA)
  class Notes extends Base {}
  const { declaration, ask, kv } = running(new Notes())
  t.deepEqual(routesOf(new Notes()), ['GET /a Notes.one'])
  t.deepEqual(
    handlersOf(declaration, 'OnInit').map(hook => hook.handlerName),
    ['Notes.begin'],
  )
  t.is((await ask({ path: '/a' })).body, 'base("base")')
  t.is((await kv('get', 'theme')).value, 'base')
})

test('an override without a decorator keeps the route and its middleware, and runs its own code', async t => {
  @Plugin(METADATA)
  class Notes extends Base {
    override one(): unknown {
      return `own, then ${super.one()}`
    }
    override theme(): string {
      return 'own'
    }
  }
  const { ask, kv } = running(new Notes())
  t.deepEqual(routesOf(new Notes()), ['GET /a Notes.one'])
  t.is((await ask({ path: '/a' })).body, 'base("own, then base")')
  t.is((await kv('get', 'theme')).value, 'own')
})

test('an override with a decorator replaces all notes of the method', async t => {
  @Plugin(METADATA)
  class Notes extends Base {
    @Put('/b')
    override one(): unknown {
      return 'own'
    }
    @Kv('other')
    override theme(): string {
      return 'own'
    }
  }
  const { declaration, ask } = running(new Notes())
  t.deepEqual(routesOf(new Notes()), ['PUT /b Notes.one'])
  t.deepEqual(
    handlersOf(declaration, 'Kv').map(({ pattern }) => pattern),
    ['other'],
  )
  t.is((await ask({ method: 'PUT', path: '/b' })).body, '"own"')
})

test('the nearest class that decorates a name counts, over any number of classes', async t => {
  class Middle extends Base {
    @Post('/middle')
    @Get('/middle')
    override one(): unknown {
      return 'middle'
    }
  }
  class Lower extends Middle {
    override one(): unknown {
      return 'lower'
    }
  }
  @Plugin(METADATA)
  class Notes extends Lower {}
  t.deepEqual(routesOf(new Notes()), ['POST /middle Notes.one', 'GET /middle Notes.one'])
  t.is((await running(new Notes()).ask({ path: '/middle' })).body, '"lower"')
})

test('subclasses do not change one another, nor the class that they extend', t => {
  @Plugin(METADATA)
  class First extends Base {
    @Get('/first')
    first() {
      return 1
    }
  }
  @Plugin(METADATA)
  class Second extends Base {
    @Get('/second')
    override one(): unknown {
      return 2
    }
  }
  @Plugin(METADATA)
  class Third extends Base {}
  const expected = [
    ['GET /a First.one', 'GET /first First.first'],
    ['GET /second Second.one'],
    ['GET /a Third.one'],
  ]
  t.deepEqual([new First(), new Second(), new Third()].map(routesOf), expected)
  t.deepEqual([new First(), new Second(), new Third()].map(routesOf), expected)
})

test("a subclass's @Plugin and @Use stand before those of the class that it extends", async t => {
  @Plugin({ ...METADATA, id: 'base', name: 'Base' })
  @Use(mark('outer'))
  @Use(mark('inner'))
  class Parent extends Base {}
  @Plugin(METADATA)
  @Use(mark('own'))
  class Notes extends Parent {}
  class Undecorated extends Parent {}
  t.is((await running(new Notes()).ask({ path: '/a' })).body, 'own(outer(inner(base("base"))))')
  t.is(declarationOf(new Notes()).metadata.id, 'notes')
  t.is(declarationOf(new Undecorated()).metadata.id, 'base')
  t.is(handlersOf(declarationOf(new Undecorated()), 'Route')[0]?.handlerName, 'Undecorated.one')
})

test('a method keeps the object that it belongs to', async t => {
  @Plugin(METADATA)
  class Notes {
    readonly #count = 7
    readonly name = 'notes'
    @Get('/')
    one() {
      return { name: this.name, count: this.#count }
    }
  }
  t.is((await running(new Notes()).ask()).body, '{"name":"notes","count":7}')
})

test('a symbol may name a handler', async t => {
  const key = Symbol('one')
  @Plugin(METADATA)
  class Notes {
    @Get('/')
    async [key]() {
      return 1
    }
  }
  t.deepEqual(routesOf(new Notes()), ['GET / Notes.Symbol(one)'])
  t.is((await running(new Notes()).ask()).body, '1')
})
