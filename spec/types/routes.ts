// Compiled under both kinds of decorators and never run. What must not compile carries an
// expected error (@ts-expect-error), which is an error itself where nothing is wrong.
import { NumberFromString } from 'io-ts-types'
import {
  Delete,
  Get,
  type HttpRequest,
  html,
  json,
  notFound,
  type PluginContext,
  Post,
  Put,
  requestLogging,
  response,
  text,
  Use,
} from 'toru-plugin-api'
import { E, pipe, RTE, TE, t } from 'toru-plugin-api/fp'

const Note = t.type({ title: t.string })
const Page = t.type({ page: NumberFromString })

export class RightHandlers {
  @Get('/')
  nothing() {}

  @Get('/text')
  text() {
    return text('x')
  }

  @Get('/:id')
  params(req: HttpRequest<{ params: { id: string } }>) {
    return json({ id: req.params.id })
  }

  @Get('/:id/files/*')
  rest(req: HttpRequest<{ params: { id: string; '*': string } }>, _ctx: PluginContext) {
    return req.params['*']
  }

  @Get('/parts/:id')
  allParts(
    req: HttpRequest<{
      params: { id: string }
      query: Record<string, unknown>
      body: string | null
    }>,
  ) {
    return [req.params.id, Object.keys(req.query), req.body]
  }

  @Get('/any/:id')
  anyParams(req: HttpRequest) {
    const id: string | undefined = req.params.id
    return id ?? null
  }

  @Post('/', { body: Note })
  async body(req: HttpRequest<{ body: { title: string } }>) {
    const title: string = req.body.title
    return { title }
  }

  @Get('/page', { query: Page })
  transformed(req: HttpRequest<{ query: { page: number } }>) {
    const page: number = req.query.page
    return [page]
  }

  @Put('/:id', { params: t.type({ id: NumberFromString }), body: Note })
  both(req: HttpRequest<{ params: { id: number }; body: t.TypeOf<typeof Note> }>) {
    return E.right({ id: req.params.id, title: req.body.title })
  }

  @Get('/te')
  taskEither() {
    return TE.left(notFound('no such note'))
  }

  @Get('/rte')
  readerTaskEither() {
    return pipe(
      RTE.ask<PluginContext>(),
      RTE.map(ctx => ({ id: ctx.metadata.id })),
    )
  }

  @Get('/either')
  either(req: HttpRequest) {
    return req.method === 'GET' ? E.right(json(1)) : E.left(notFound('no'))
  }

  @Get('/promise-either')
  async promiseEither(req: HttpRequest) {
    return req.method === 'GET' ? E.right(json(1)) : E.left(notFound('no'))
  }

  @Get('/config')
  config(_req: HttpRequest, ctx: PluginContext<{ token: string }>) {
    return html(ctx.config.token)
  }

  @Use(requestLogging())
  @Get('/used')
  used() {
    return response({ status: 200 })
  }

  @Get('/two')
  @Post('/two')
  two() {
    return null
  }
}

export class WrongHandlers {
  // @ts-expect-error the path has no :name
  @Get('/:id')
  wrongParam(req: HttpRequest<{ params: { name: string } }>) {
    return req.params.name
  }

  // @ts-expect-error a parameter without a codec is a string
  @Get('/:id')
  numberParam(req: HttpRequest<{ params: { id: number } }>) {
    return req.params.id
  }

  // @ts-expect-error the codec decodes a title
  @Post('/', { body: Note })
  wrongBody(req: HttpRequest<{ body: { name: string } }>) {
    return req.body.name
  }

  // @ts-expect-error without a codec the body is text or null
  @Post('/raw')
  rawBody(req: HttpRequest<{ body: { title: string } }>) {
    return req.body.title
  }

  // @ts-expect-error without a codec the body is text or null
  @Get('/no-body')
  noBody(req: HttpRequest<{ body: null }>) {
    return req.body
  }

  // @ts-expect-error the codec gives a number
  @Get('/', { query: Page })
  wrongQuery(req: HttpRequest<{ query: { page: string } }>) {
    return req.query.page
  }

  // @ts-expect-error a handler gets a request and a context
  @Get('/')
  threeArguments(_req: HttpRequest, _ctx: PluginContext, _more: string) {
    return null
  }

  // @ts-expect-error a handler gets a request first
  @Get('/')
  context(ctx: PluginContext) {
    return ctx.metadata.id
  }

  // @ts-expect-error a bigint is not JSON
  @Get('/')
  bigint() {
    return 1n
  }

  // @ts-expect-error bytes cannot be carried
  @Get('/')
  bytes() {
    return new Uint8Array(1)
  }

  // @ts-expect-error a Map is {} in JSON
  @Get('/')
  async map() {
    return new Map([['a', 1]])
  }

  // @ts-expect-error the left side must be a PluginError
  @Get('/')
  leftString() {
    return TE.left('gone wrong')
  }

  // @ts-expect-error the left side must be a PluginError
  @Get('/')
  leftEither(): E.Either<Error, string> {
    return E.left(new Error('x'))
  }

  // @ts-expect-error the reader wants something that is not the context
  @Get('/')
  foreignReader(): RTE.ReaderTaskEither<{ db: string }, never, string> {
    return ({ db }) => TE.right(db)
  }

  // @ts-expect-error a function is not an answer
  @Delete('/')
  func() {
    return (a: number, b: number) => a + b
  }

  // @ts-expect-error a path is text
  @Get(5)
  path() {
    return null
  }

  // @ts-expect-error a schema has codecs
  @Get('/', { body: String })
  schema() {
    return null
  }

  // @ts-expect-error there is no such part
  @Get('/', { boddy: Note })
  part() {
    return null
  }
}

// @ts-expect-error redirects have the statuses of redirects
export const wrongRedirect = import('toru-plugin-api').then(({ redirect }) => redirect('/', 200))
