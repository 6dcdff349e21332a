import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as io from 'io-ts'
import { Get, Plugin, Use } from '../../decorators/index.js'
import type { Middleware } from '../../lib/domain/handler.js'
import type { HttpRequest } from '../../lib/domain/http.js'
import { andThen, toTaskEither } from '../../lib/domain/outcome.js'
import { forbidden, statusOf } from '../../lib/domain/plugin-error.js'
import { json, text } from '../../lib/domain/response.js'
import { jsonAnswer, METADATA, peer, running } from './harness.js'

/** A plugin with one middleware around the class and one around its only route. */
const around = (
  ofClass: Middleware,
  ofMethod: Middleware = next => next,
  handler: (req: HttpRequest) => unknown = () => 'handled',
) => {
  @Plugin(METADATA, { httpTimeout: 50 })
  @Use(ofClass)
  class Notes {
    @Get('/', { query: io.partial({ a: io.literal('1') }) })
    @Use(ofMethod)
    one(req: unknown): unknown {
      return handler(req as HttpRequest)
    }
  }
  return running(new Notes())
}

const pass: Middleware = next => next
const refused = (status: number, message: string, details?: unknown) =>
  jsonAnswer(status, {
    error: 'InvalidRequest',
    message,
    ...(details === undefined ? {} : { details }),
  })

test("the class's middleware runs outside the method's, and the first written is the outermost", t => {
  const seen: string[] = []
  const mark =
    (name: string): Middleware =>
    next =>
    (req, ctx) => {
      seen.push(`${name} in`)
      return andThen(next(req, ctx), result => {
        seen.push(`${name} out`)
        return result
      })
    }
  @Plugin(METADATA)
  @Use(mark('class 1'))
  @Use(mark('class 2'))
  class Notes {
    @Use(mark('method 1'))
    @Get('/')
    @Use(mark('method 2'))
    one() {
      seen.push('handler')
      return 1
    }
  }
  const answer = running(new Notes()).ask()
  t.false(answer instanceof Promise)
  const names = ['class 1', 'class 2', 'method 1', 'method 2']
  t.deepEqual(seen, [
    ...names.map(name => `${name} in`),
    'handler',
    ...names.reverse().map(name => `${name} out`),
  ])
})

test("the class's middleware sees what no route answers, and what a codec refuses", async t => {
  const seen: unknown[] = []
  const { ask } = around(next => async (req, ctx) => {
    const result = await next(req, ctx)
    seen.push([req.path, E.isLeft(result) ? statusOf(result.left) : result.right.status])
    return result
  })
  const details = [{ path: 'query.a', expected: '"1"', got: '"2"' }]
  t.deepEqual(await ask({ path: '/none' }), refused(404, 'there is no route GET /none'))
  t.is((await ask({ method: 'PUT' })).status, 405)
  t.deepEqual(await ask({ path: '/?a=2' }), refused(400, 'query.a: expected "1", got "2"', details))
  t.is((await ask()).status, 200)
  t.deepEqual(seen, [
    ['/none', 404],
    ['/', 405],
    ['/', 400],
    ['/', 200],
  ])
})

test('a middleware sees the request before it is decoded', t => {
  const seen: unknown[] = []
  const { ask } = around(pass, next => (req, ctx) => {
    seen.push({ ...req.query })
    return next(req, ctx)
  })
  ask({ path: '/?a=1&b=2' })
  t.deepEqual(seen, [{ a: '1', b: '2' }])
})

test('a middleware is built once, whatever routes it stands around', t => {
  const built: string[] = []
  const mark =
    (name: string): Middleware =>
    next => {
      built.push(name)
      return next
    }
  @Plugin(METADATA)
  @Use(mark('class'))
  class Notes {
    @Use(mark('method'))
    @Get('/')
    one() {}
    @Get('/other')
    other() {}
  }
  const { ask } = running(new Notes())
  ask()
  ask({ path: '/other' })
  ask({ path: '/none' })
  t.deepEqual(built.sort(), ['class', 'method'])
})

test('a middleware is built once, so it may keep state', t => {
  const { ask } = around(next => {
    let count = 0
    return (req, ctx) => (++count > 2 ? E.left(forbidden(`${count} is too many`)) : next(req, ctx))
  })
  t.deepEqual(
    [ask(), ask(), ask()],
    [jsonAnswer(200, 'handled'), jsonAnswer(200, 'handled'), refused(403, '3 is too many')],
  )
})

const INTERNAL = jsonAnswer(500, {
  error: 'Internal',
  message: 'the plugin failed to answer; its log has the reason',
})

test('a middleware that throws is a fault, and the middlewares outside of it get its error', async t => {
  const seen: unknown[] = []
  const failed = new Error('failed')
  for (const inner of [
    (): never => {
      throw failed
    },
    async () => {
      throw failed
    },
  ]) {
    const { ask } = around(
      next => async (req, ctx) => {
        const result = await next(req, ctx)
        seen.push(E.isLeft(result) && result.left._tag)
        return result
      },
      () => inner,
    )
    t.deepEqual(await ask(), INTERNAL)
  }
  t.deepEqual(seen, ['Internal', 'Internal'])
})

test('a middleware may answer itself, in every form', async t => {
  const forms: ReadonlyArray<Middleware> = [
    () => () => text('own'),
    () => () => E.right(text('own')),
    () => async () => text('own'),
    () => () => TE.right(text('own')),
    () => () => () => TE.right(text('own')),
    next => (req, ctx) => toTaskEither(() => andThen(next(req, ctx), () => E.right(text('own')))),
  ]
  for (const form of forms) {
    t.is((await around(form).ask()).body, 'own')
    t.is((await around(pass, form).ask()).body, 'own')
  }
})

test('a middleware may replace the answer and the error', async t => {
  const { ask } = around(
    next => (req, ctx) =>
      andThen(next(req, ctx), result =>
        E.isLeft(result)
          ? E.right(json({ hidden: true }))
          : E.right({ ...result.right, headers: { ...result.right.headers, 'X-Seen': 1 } }),
      ),
  )
  t.deepEqual(ask(), jsonAnswer(200, 'handled', { 'X-Seen': '1' }))
  t.deepEqual(ask({ path: '/none' }), jsonAnswer(200, { hidden: true }))
})

for (const [name, make] of [
  [
    'the class',
    (middleware: Middleware, handler: (req: HttpRequest) => unknown) =>
      around(middleware, pass, handler),
  ],
  [
    'the method',
    (middleware: Middleware, handler: (req: HttpRequest) => unknown) =>
      around(pass, middleware, handler),
  ],
] as const) {
  test(`a middleware of ${name} hands on a copy of the request, whose signal still works`, async t => {
    const seen: unknown[] = []
    const { ask, clock } = make(
      next => (req, ctx) => next({ ...req, headers: { ...req.headers, 'x-user': 'u1' } }, ctx),
      req => {
        seen.push(req.headers['x-user'], req.path, { ...(req.query as object) }, req.requestId)
        return new Promise(resolve =>
          req.signal.addEventListener('abort', () => resolve(seen.push('aborted'))),
        )
      },
    )
    const answer = ask({ path: '/?a=1' }, peer())
    clock.advance(50)
    t.is((await answer).status, 504)
    t.deepEqual(seen, ['u1', '/', { a: '1' }, 'r1', 'aborted'])
  })
}

test('a request that is not a copy leads to an error, and the log says why', t => {
  const { ask, log } = around(next => (req, ctx) => {
    const { method, path, url, params, query, headers, body, requestId, signal } = req
    return next({ method, path, url, params, query, headers, body, requestId, signal }, ctx)
  })
  t.deepEqual(ask(), INTERNAL)
  t.deepEqual(
    log.entries.map(([, message]) => message),
    [
      'GET / answered 500: a middleware called next with a request that is not a copy of the one it was given',
    ],
  )
})
