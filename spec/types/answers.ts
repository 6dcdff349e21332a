// Compiled under both kinds of decorators and never run: see routes.ts.
import { DateFromISOString } from 'io-ts-types'
import {
  Delete,
  empty,
  Get,
  Head,
  type HttpRequest,
  type HttpResponse,
  json,
  notFound,
  Options,
  Patch,
  type PluginContext,
  Post,
  Put,
  response,
  text,
  Use,
} from 'toru-plugin-api'
import { E, O, pipe, RTE, TE, t } from 'toru-plugin-api/fp'

const Note = t.type({ id: t.string, tags: t.array(t.string), at: DateFromISOString })
const State = t.keyof({ up: null, down: null })
const Service = t.intersection([
  t.type({ name: t.string, state: State }),
  t.partial({ since: t.number }),
])

const note = { id: 'a', tags: ['x'], at: new Date(0) }
const frozen = { id: 'a', tags: ['x'], at: new Date(0) } as const
declare const services: ReadonlyArray<t.TypeOf<typeof Service>>
declare const maybe: O.Option<t.TypeOf<typeof Note>>
declare const flag: boolean

export class RightAnswers {
  @Get('/', { response: Note })
  value() {
    return note
  }

  @Post('/', { response: Note })
  readOnly() {
    return frozen
  }

  @Put('/', { response: t.array(Service) })
  readOnlyArray() {
    return services
  }

  @Patch('/', { response: Note })
  async promise() {
    return note
  }

  @Delete('/', { response: Note })
  async promiseOfEither() {
    return flag ? E.right(note) : E.left(notFound('no'))
  }

  @Head('/', { response: Note })
  either(): E.Either<ReturnType<typeof notFound>, typeof note> {
    return E.right(note)
  }

  @Options('/', { response: Note })
  taskEither() {
    return pipe(TE.right(maybe), TE.chain(TE.fromOption(() => notFound('no'))))
  }

  @Get('/reader', { response: t.string })
  reader() {
    return pipe(
      RTE.ask<PluginContext>(),
      RTE.map(ctx => ctx.metadata.id),
    )
  }

  @Get('/json', { response: Note })
  json() {
    return json(note, 201)
  }

  @Get('/json-later', { response: Note })
  jsonLater() {
    return pipe(
      TE.right(note),
      TE.map(found => json(found, 201)),
    )
  }

  @Get('/two', { response: Note })
  two() {
    return flag ? note : json(note)
  }

  @Get('/unseen', { response: Note })
  unseen(): HttpResponse {
    return response({ body: '{}' })
  }

  @Get('/others', { response: Note })
  others() {
    return flag ? text('x') : empty()
  }

  @Get('/never', { response: Note })
  never() {
    return TE.left(notFound('no'))
  }

  @Get('/any', { response: Note })
  any() {
    return JSON.parse('{}')
  }

  @Get('/any-later', { response: Note })
  async anyLater() {
    return JSON.parse('{}')
  }

  @Get('/anything', { response: t.unknown })
  anything() {
    return note
  }

  @Get('/encoded', { response: t.type({ ids: t.union([t.bigint, t.null]) }) })
  encoded() {
    return { ids: 1n }
  }

  @Use(next => (req, ctx) => next(req, ctx))
  @Get('/:id', { params: t.type({ id: t.string }), response: t.union([Note, t.null]) })
  all(req: HttpRequest<{ params: { id: string } }>) {
    return req.params.id === 'a' ? note : null
  }

  // Without a response codec two answers of one handler need have nothing in common.
  @Get('/either-json')
  eitherJson() {
    return pipe(
      maybe,
      O.match(
        () => json(null),
        found => json(found),
      ),
    )
  }
}

export class WrongAnswers {
  // @ts-expect-error the value has no tags
  @Get('/', { response: Note })
  value() {
    return { id: 'a', at: new Date(0) }
  }

  // @ts-expect-error a property has another type
  @Get('/', { response: Note })
  property() {
    return { id: 5, tags: [], at: new Date(0) }
  }

  // @ts-expect-error what is encoded is not what is returned
  @Get('/', { response: Note })
  encoded() {
    return { id: 'a', tags: [], at: '1970-01-01T00:00:00Z' }
  }

  // @ts-expect-error it is a text and not one of two
  @Get('/', { response: State })
  literal() {
    return String('up')
  }

  // @ts-expect-error the promise is of something else
  @Post('/', { response: Note })
  async promise() {
    return [note]
  }

  // @ts-expect-error the right side is something else
  @Put('/', { response: Note })
  either() {
    return flag ? E.right({ id: 'a' }) : E.left(notFound('no'))
  }

  // @ts-expect-error the right side is something else
  @Patch('/', { response: Note })
  taskEither() {
    return TE.right('a')
  }

  // @ts-expect-error the right side is something else
  @Delete('/', { response: Note })
  reader() {
    return pipe(
      RTE.ask<PluginContext>(),
      RTE.map(ctx => ctx.metadata),
    )
  }

  // @ts-expect-error json was given something else
  @Get('/', { response: Note })
  json() {
    return json({ id: 'a' })
  }

  // @ts-expect-error json was given something else
  @Get('/', { response: Note })
  jsonLater() {
    return pipe(
      TE.right(note),
      TE.map(({ id }) => json({ id }, 201)),
    )
  }

  // @ts-expect-error one of two is something else
  @Head('/', { response: Note })
  two() {
    return flag ? note : 5
  }

  // @ts-expect-error nothing is returned
  @Options('/', { response: Note })
  nothing() {}

  // @ts-expect-error what is unknown may be anything
  @Get('/', { response: Note })
  unknown(): unknown {
    return note
  }

  // @ts-expect-error the left side must be a PluginError, here as well
  @Get('/', { response: Note })
  left() {
    return TE.left('gone wrong')
  }

  // @ts-expect-error a response is described by a codec
  @Get('/', { response: String })
  schema() {
    return 'a'
  }
}
