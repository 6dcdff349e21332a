import test from 'ava'
import { Get, Plugin, Post, Put, Use } from '../../decorators/index.js'
import { handlersOf } from '../../lib/reflect/declaration.js'
import { declarationOf, METADATA, problemsOf } from '../dispatch/harness.js'

// Standard decorators get a context, and compilers differ in what they put into it.

type Decorator = (method: unknown, context: unknown) => void
type Initializer = (this: object) => void

interface Compiler {
  /** Object of the class's metadata, where the compiler makes one. */
  readonly metadata: object | undefined
  readonly initializers: Initializer[]
  /**
   * Whether all decorators of a method get one `access.get`, as TypeScript does it, or each its
   * own, as esbuild does.
   */
  readonly sharesAccess: boolean
}

/** Applies decorators to a method from the last to the first. */
const apply = (
  { metadata, initializers, sharesAccess }: Compiler,
  name: string,
  ...decorators: ReadonlyArray<unknown>
): void => {
  const makeGet = () => (object: object) => Object.entries(object)
  const shared = makeGet()
  for (const decorator of [...decorators].reverse()) {
    const access = { has: () => true, get: sharesAccess ? shared : makeGet() }
    const addInitializer = (initializer: Initializer) => initializers.push(initializer)
    const context = {
      kind: 'method',
      name,
      static: false,
      private: false,
      access,
      metadata,
      addInitializer,
    }
    ;(decorator as Decorator)(() => 1, context)
  }
}

/** TypeScript where `Symbol.metadata` does not exist. */
const withoutMetadata = (): Compiler => ({
  metadata: undefined,
  initializers: [],
  sharesAccess: true,
})
/** Compilers that make metadata everywhere. */
const withMetadata = (parent: object | null = null): Compiler => ({
  metadata: Object.create(parent),
  initializers: [],
  sharesAccess: false,
})

const routesOf = (plugin: object) =>
  handlersOf(declarationOf(plugin), 'Route').map(({ method, path }) => `${method} ${path}`)
const initialize = (object: object, { initializers }: Compiler): void => {
  for (const initializer of initializers) initializer.call(object)
}

const METADATA_KEY = Symbol.for('Symbol.metadata')

test('without metadata the notes are written on each object', t => {
  const [base, own] = [withoutMetadata(), withoutMetadata()]
  apply(base, 'one', Get('/a'), Post('/b'))
  apply(base, 'two', Get('/two'))
  apply(base, 'three', Get('/three'))
  apply(own, 'one', Put('/c'), Get('/d'))
  apply(own, 'four', Get('/four'))
  class Base {
    constructor() {
      initialize(this, base)
    }
    one() {}
    two() {}
    three() {}
  }
  class Notes extends Base {
    constructor() {
      super()
      initialize(this, own)
    }
    override three() {}
    four() {}
  }
  for (const owner of [Base, Notes]) Plugin(METADATA)(owner)
  const inherited = ['GET /two', 'GET /three']
  t.deepEqual(routesOf(new Base()), ['GET /a', 'POST /b', ...inherited])
  t.deepEqual(routesOf(new Notes()), ['PUT /c', 'GET /d', ...inherited, 'GET /four'])
  t.deepEqual(routesOf(new Notes()), ['PUT /c', 'GET /d', ...inherited, 'GET /four'])
})

for (const [name, key] of [
  ['the registered symbol', METADATA_KEY],
  ['Symbol.metadata, where it exists', Symbol.metadata ?? METADATA_KEY],
] as const) {
  test(`with metadata the notes are written there, under ${name}`, t => {
    const base = withMetadata()
    apply(base, 'one', Get('/a'), Post('/b'))
    apply(base, 'two', Get('/two'))
    class Base {
      one() {}
      two() {}
    }
    Object.defineProperty(Base, key, { value: base.metadata })
    const own = withMetadata(base.metadata)
    apply(
      own,
      'two',
      Use(next => next),
      Put('/own'),
    )
    class Notes extends Base {
      override one() {}
      override two() {}
    }
    Object.defineProperty(Notes, key, { value: own.metadata })
    for (const owner of [Base, Notes]) Plugin(METADATA)(owner)
    t.deepEqual(routesOf(new Base()), ['GET /a', 'POST /b', 'GET /two'])
    t.deepEqual(routesOf(new Notes()), ['GET /a', 'POST /b', 'PUT /own'])
    t.deepEqual(base.initializers, [])
  })
}

test('a class may be compiled one way and extend one that was compiled another way', t => {
  const [standard, modern] = [withoutMetadata(), withMetadata()]
  class Legacy {
    one() {}
    two() {}
    three() {}
  }
  for (const member of ['one', 'two', 'three'] as const) {
    const decorator: unknown = Get(`/legacy/${member}`)
    ;(decorator as (target: object, member: string, descriptor: unknown) => void)(
      Legacy.prototype,
      member,
      { value: () => 1 },
    )
  }
  apply(modern, 'two', Get('/modern/two'))
  class Modern extends Legacy {
    override two() {}
  }
  Object.defineProperty(Modern, METADATA_KEY, { value: modern.metadata })
  apply(standard, 'three', Get('/standard/three'))
  class Notes extends Modern {
    constructor() {
      super()
      initialize(this, standard)
    }
    override three() {}
  }
  Plugin(METADATA)(Notes)
  t.deepEqual(routesOf(new Notes()), ['GET /legacy/one', 'GET /modern/two', 'GET /standard/three'])
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
