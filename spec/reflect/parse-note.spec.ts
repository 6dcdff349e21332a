import test from 'ava'
import * as io from 'io-ts'
import { NumberFromString } from 'io-ts-types/lib/NumberFromString.js'
import { Get, Kv, Plugin, Post, Put } from '../../decorators/index.js'
import { handlersOf } from '../../lib/reflect/declaration.js'
import { declarationOf, METADATA, problemsOf } from '../dispatch/harness.js'

const MEND = 'Mend the path'
const OTHER_ROUTE = 'Give one of them another method or path'

/** A plugin with one route. */
const withPath = (path: string): object => {
  @Plugin(METADATA)
  class Notes {
    @Get(path)
    one() {
      return 1
    }
  }
  return new Notes()
}

const BAD_PATHS: ReadonlyArray<readonly [path: string, reason: string]> = [
  ['', 'a path begins with "/"'],
  ['a', 'a path begins with "/"'],
  ['/a?x=1', 'a path holds no "?" and no "#": declare the query with a codec'],
  ['/a#b', 'a path holds no "?" and no "#": declare the query with a codec'],
  ['/a b', 'a path holds no blanks, control characters or backslashes'],
  ['/a\u0000', 'a path holds no blanks, control characters or backslashes'],
  ['/a\\b', 'a path holds no blanks, control characters or backslashes'],
  ['//', 'a path has no empty segments ("//")'],
  ['/a//b', 'a path has no empty segments ("//")'],
  ['/a//', 'a path has no empty segments ("//")'],
  ['/./a', 'a path has no "."'],
  ['/a/..', 'a path has no ".."'],
  ['/*/a', '"*" stands for the rest of the path, so it must be the last segment'],
  ['/a*', '"*" must be a segment of its own, not "a*"'],
  ['/**', '"*" must be a segment of its own, not "**"'],
  ['/:', '":" is not a parameter: write ":name" with letters, digits, _ and -'],
  ['/:1', '":1" is not a parameter: write ":name" with letters, digits, _ and -'],
  ['/:a?', 'a path holds no "?" and no "#": declare the query with a codec'],
  ['/:a.json', '":a.json" is not a parameter: write ":name" with letters, digits, _ and -'],
  ['/:__proto__', '":__proto__" is not a parameter: write ":name" with letters, digits, _ and -'],
  ['/a:b', 'a parameter must be a segment of its own, not "a:b"'],
  ['/a%20b', 'write the path as text, not percent-encoded: "a%20b"'],
  ['/:a/:b/:a', 'the parameter ":a" stands twice in the path'],
]

for (const [path, reason] of BAD_PATHS) {
  test(`the path ${JSON.stringify(path)} is no route, and the problem says why`, t => {
    t.deepEqual(problemsOf(withPath(path)), [
      {
        place: 'Notes.one',
        cause: `the path ${JSON.stringify(path)} cannot be a route: ${reason}`,
        fix: MEND,
      },
    ])
  })
}

for (const path of [
  '/',
  '/a',
  '/a/',
  '/a.b-c_d~e',
  '/é',
  '/:a',
  '/:_a-1',
  '/:constructor',
  '/*',
  '/a/:b/*',
  '/@me',
  '/...',
]) {
  test(`the path ${path} is a route`, t => {
    t.deepEqual(
      handlersOf(declarationOf(withPath(path)), 'Route').map(
        ({ method, handlerName, ...route }) => [method, route.path, handlerName],
      ),
      [['GET', path, 'Notes.one']],
    )
  })
}

test('two methods for one route are a problem that names both', t => {
  @Plugin(METADATA)
  class Notes {
    @Get('/:id/x')
    one() {
      return 1
    }
    @Get('/:name/x/')
    two() {
      return 2
    }
    @Get('/:name/x/')
    three() {
      return 3
    }
    @Put('/:id/x')
    four() {
      return 4
    }
  }
  t.deepEqual(problemsOf(new Notes()), [
    {
      place: 'Notes.two',
      cause:
        'GET /:name/x/ is declared twice: Notes.one answers the same requests as GET /:id/x already',
      fix: OTHER_ROUTE,
    },
    {
      place: 'Notes.three',
      cause:
        'GET /:name/x/ is declared twice: Notes.one answers the same requests as GET /:id/x already',
      fix: OTHER_ROUTE,
    },
  ])
})

test('a route that an inherited method has already is a problem', t => {
  class Base {
    @Get('/a')
    inherited() {
      return 1
    }
  }
  @Plugin(METADATA)
  class Notes extends Base {
    @Get('/a')
    own() {
      return 2
    }
  }
  t.deepEqual(problemsOf(new Notes()), [
    {
      place: 'Notes.own',
      cause: 'GET /a is declared twice: Notes.inherited answers it already',
      fix: OTHER_ROUTE,
    },
  ])
})

test('a params codec may not want what the path does not have', t => {
  const params = io.intersection([
    io.type({ id: NumberFromString, owner: io.string }),
    io.partial({ page: io.string }),
  ])
  @Plugin(METADATA)
  class Notes {
    @Get('/:id', { params })
    one() {
      return 1
    }
    @Get('/files/*', { params: io.exact(io.type({ '*': io.string })) })
    two() {
      return 2
    }
    @Post('/:id', { params: io.type({ id: io.string, of: io.union([io.string, io.undefined]) }) })
    three() {
      return 3
    }
    @Put('/:id', { params: io.refinement(io.type({ ID: io.string }), () => true) })
    four() {
      return 4
    }
  }
  t.deepEqual(problemsOf(new Notes()), [
    {
      place: 'Notes.one',
      cause: 'the params codec wants "owner", which the path "/:id" does not have',
      fix: 'Add "/:owner" to the path, or take "owner" out of the codec',
    },
    {
      place: 'Notes.four',
      cause: 'the params codec wants "ID", which the path "/:id" does not have',
      fix: 'Add "/:ID" to the path, or take "ID" out of the codec',
    },
  ])
})

test('a params codec that throws without its value is no reason to refuse a plugin', t => {
  const Careless = new io.Type<string, string, unknown>(
    'Careless',
    io.string.is,
    u => io.success(String(u).concat((u as string).trim())),
    io.identity,
  )
  @Plugin(METADATA)
  class Notes {
    @Get('/:id', { params: io.type({ id: Careless }) })
    one() {
      return 1
    }
  }
  t.deepEqual(problemsOf(new Notes()), [])
})

test('a KV key is a text with at most one "*", at its end, and has one handler', t => {
  @Plugin(METADATA)
  class Notes {
    @Kv('theme')
    theme() {}
    @Kv('prefs/*')
    prefs() {}
    @Kv('theme')
    again() {}
    @Kv('*')
    all() {}
    @Kv('')
    none() {}
    @Kv('a*b')
    middle() {}
    @Kv('**')
    stars() {}
  }
  const fix = "Write a key such as 'theme', or a prefix such as 'prefs/*'"
  t.deepEqual(problemsOf(new Notes()), [
    { place: 'Notes.none', cause: '@Kv(""): a key is a text of at least one character', fix },
    { place: 'Notes.middle', cause: '@Kv("a*b"): "*" may only stand at the end of a key', fix },
    { place: 'Notes.stars', cause: '@Kv("**"): "*" may only stand at the end of a key', fix },
    {
      place: 'Notes.again',
      cause: "@Kv('theme') is declared twice: Notes.theme answers it already",
      fix: 'Give one of them another key',
    },
  ])
})

test('a codec that others can keep busy for as long as they like is refused, wherever it stands', t => {
  const node: io.RecursiveType<io.Mixed> = io.recursion('Node', () =>
    io.union([io.type({ next: node, a: io.string }), io.type({ next: node, b: io.string })]),
  )
  @Plugin(METADATA)
  class Notes {
    @Post('/', { body: io.type({ list: io.array(node) }) })
    add() {}
    @Kv('tree', node)
    tree() {}
  }
  const cause =
    'several branches of Node come back to it by the same way, so that each level of a body doubles the work'
  const fix =
    "Give each branch of a union a tag, t.type({ kind: t.literal('leaf'), … }), and name a property once in an intersection"
  t.deepEqual(problemsOf(new Notes()), [
    { place: 'Notes.add body', cause, fix },
    { place: 'Notes.tree', cause, fix },
  ])
})
