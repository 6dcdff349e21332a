import test from 'ava'
import { Get, Plugin } from '../../decorators/index.js'
import { handlersOf } from '../../lib/reflect/declaration.js'
import { declarationOf, METADATA, problemsOf } from '../dispatch/harness.js'

// Standard decorators get a context, and compilers differ in what they put into it.

type Decorator = (method: unknown, context: unknown) => void

/** Applies decorators to a method from the last to the first. */
const apply = (
  metadata: object | undefined,
  name: string,
  ...decorators: ReadonlyArray<unknown>
): void => {
  for (const decorator of [...decorators].reverse()) {
    const context = { kind: 'method', name, static: false, private: false, metadata }
    ;(decorator as Decorator)(() => 1, context)
  }
}

const routesOf = (plugin: object) =>
  handlersOf(declarationOf(plugin), 'Route').map(({ method, path }) => `${method} ${path}`)
const METADATA_KEY = Symbol.for('Symbol.metadata')

test('a class that was compiled without metadata is refused with what to do', t => {
  t.throws(() => apply(undefined, 'one', Get('/a')), {
    instanceOf: TypeError,
    message: /^The decorator of one expected context\.metadata.*TypeScript 5\.2/,
  })
})

test('Symbol.metadata exists once the package is imported, and a polyfill may replace it', t => {
  t.true(Object.is(Symbol.metadata, METADATA_KEY))
  const [base, own] = [Object.create(null), Object.create(null)]
  apply(base, 'one', Get('/a'))
  apply(own, 'two', Get('/b'))
  class Base {
    one() {}
  }
  class Notes extends Base {
    two() {}
  }
  Object.defineProperty(Base, METADATA_KEY, { value: base })
  Object.defineProperty(Notes, Symbol('Symbol.metadata'), { value: own })
  Plugin(METADATA)(Notes)
  t.deepEqual(routesOf(new Notes()), ['GET /a', 'GET /b'])
})

test('a static method does not hide behind a method of the same name', t => {
  @Plugin(METADATA)
  class Notes {
    @Get('/static')
    static one() {
      return 1
    }
    @Get('/one')
    one() {
      return 2
    }
  }
  t.deepEqual(
    problemsOf(new Notes()).map(({ place, cause }) => `${place}: ${cause}`),
    ['Notes.one: a static member cannot be a handler'],
  )
})
