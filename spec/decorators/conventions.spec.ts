import test from 'ava'
import { Get, Kv, Plugin, Post, Use } from '../../decorators/index.js'
import type { Middleware } from '../../lib/domain/handler.js'
import { handlersOf } from '../../lib/reflect/declaration.js'
import { declarationOf, METADATA, problemsOf, running } from '../dispatch/harness.js'

// Decorators called by hand, as the code calls them that each kind of compiler emits.

type Emitted = (
  target: unknown,
  memberOrContext?: unknown,
  descriptor?: PropertyDescriptor,
) => unknown
const emitted = (decorator: unknown): Emitted => decorator as Emitted

const pass: Middleware = next => next

const routesOf = (plugin: object) =>
  handlersOf(declarationOf(plugin), 'Route').map(({ method, path }) => `${method} ${path}`)

/**
 * `__decorate` of TypeScript under `experimentalDecorators`: the decorators of a method from the
 * last to the first.
 */
const legacy = (target: object, member: string, ...decorators: ReadonlyArray<unknown>): void => {
  const descriptor = Object.getOwnPropertyDescriptor(target, member)
  let current = descriptor
  for (const decorator of [...decorators].reverse())
    current = (emitted(decorator)(target, member, current) as typeof current) ?? current
  if (descriptor !== undefined && current !== undefined)
    Object.defineProperty(target, member, current)
}

test('the legacy convention annotates the prototype', async t => {
  class Notes {
    one() {
      return 'one'
    }
    theme() {
      return 'dark'
    }
  }
  legacy(Notes.prototype, 'one', Use(pass), Get('/a'), Post('/b'))
  legacy(Notes.prototype, 'theme', Kv('theme'))
  emitted(Plugin(METADATA))(Notes)
  const { ask, kv } = running(new Notes())
  t.deepEqual(routesOf(new Notes()), ['GET /a', 'POST /b'])
  t.is((await ask({ path: '/a' })).body, '"one"')
  t.is((await kv('get', 'theme')).value, 'dark')
})

test('the legacy convention inherits and overrides as the standard one does', async t => {
  class Base {
    one() {
      return 'base'
    }
    two() {
      return 'base'
    }
  }
  legacy(Base.prototype, 'one', Get('/one'), Use(pass))
  legacy(Base.prototype, 'two', Get('/two'))
  class Notes extends Base {
    override one() {
      return 'own'
    }
    override two() {
      return 'own'
    }
  }
  legacy(Notes.prototype, 'two', Post('/other'))
  emitted(Plugin(METADATA))(Notes)
  t.deepEqual(routesOf(new Notes()), ['GET /one', 'POST /other'])
  t.is((await running(new Notes()).ask({ path: '/one' })).body, '"own"')
})

test('legacy static methods, fields and accessors are problems', t => {
  class Notes {
    static one() {}
    get two() {
      return 2
    }
  }
  legacy(Notes, 'one', Get('/one'))
  legacy(Notes.prototype, 'two', Get('/two'))
  emitted(Get('/three'))(Notes.prototype, 'three', undefined)
  emitted(Plugin(METADATA))(Notes)
  t.deepEqual(
    problemsOf(new Notes()).map(({ place, cause }) => `${place}: ${cause}`),
    [
      'Notes.one: a static member cannot be a handler',
      'Notes.two: an accessor cannot be a handler',
      'Notes.three: a field cannot be a handler',
    ],
  )
})

const shout = (method: (...args: ReadonlyArray<unknown>) => unknown) =>
  function (this: unknown, ...args: ReadonlyArray<unknown>): string {
    return `${method.apply(this, [...args])}!`
  }

test('a foreign legacy decorator that replaces the method loses no notes, before ours or after', async t => {
  const replace = (
    _target: object,
    _member: string,
    descriptor: PropertyDescriptor,
  ): PropertyDescriptor => ({
    ...descriptor,
    value: shout(descriptor.value),
  })
  class Notes {
    name = 'notes'
    one() {
      return this.name
    }
    two() {
      return this.name
    }
  }
  legacy(Notes.prototype, 'one', replace, Get('/one'))
  legacy(Notes.prototype, 'two', Get('/two'), replace, Post('/two'))
  emitted(Plugin(METADATA))(Notes)
  t.deepEqual(routesOf(new Notes()), ['GET /one', 'GET /two', 'POST /two'])
  t.is((await running(new Notes()).ask({ path: '/one' })).body, '"notes!"')
  t.is((await running(new Notes()).ask({ path: '/two' })).body, '"notes!"')
})

test('a foreign standard decorator that replaces the method loses no notes, before ours or after', async t => {
  const replace = (method: (...args: never[]) => unknown, _context: ClassMethodDecoratorContext) =>
    function (this: unknown, ...args: never[]): string {
      return `${method.apply(this, args)}!`
    }
  @Plugin(METADATA)
  class Notes {
    name = 'notes'
    @replace
    @Get('/one')
    one(): unknown {
      return this.name
    }
    @Get('/two')
    @replace
    @Post('/two')
    two(): unknown {
      return this.name
    }
  }
  t.deepEqual(routesOf(new Notes()), ['GET /one', 'GET /two', 'POST /two'])
  t.is((await running(new Notes()).ask({ path: '/one' })).body, '"notes!"')
  t.is((await running(new Notes()).ask({ path: '/two' })).body, '"notes!"')
})

test('a foreign class decorator that replaces the class by a subclass loses no notes', t => {
  const wrap = <T extends new (...args: never[]) => object>(target: T, _context: unknown): T => {
    const Wrapped = class extends (target as unknown as new () => object) {}
    return Wrapped as unknown as T
  }
  @wrap
  @Plugin(METADATA)
  class Inside {
    @Get('/one')
    one() {
      return 1
    }
  }
  @Plugin(METADATA)
  @wrap
  class Outside {
    @Get('/one')
    one() {
      return 1
    }
  }
  t.deepEqual([routesOf(new Inside()), routesOf(new Outside())], [['GET /one'], ['GET /one']])
})
