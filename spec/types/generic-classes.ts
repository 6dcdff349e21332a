// Compiled under both kinds of decorators and never run: see routes.ts. Where the type of an answer
// depends on a type parameter, the parameter counts as what its constraint allows, and what the
// type cannot show is left to the check at run time.
import type { HttpResponse, KvOperation, PluginContext, PluginError } from 'toru-plugin-api'
import {
  Every,
  Get,
  type HttpRequest,
  json,
  Kv,
  notFound,
  OnInit,
  Plugin,
  Post,
  Put,
} from 'toru-plugin-api'
import { E, O, pipe, RTE, TE, t } from 'toru-plugin-api/fp'

interface Entity {
  readonly id: string
}
const Named = t.type({ id: t.string })

export abstract class Crud<T extends Entity, L extends ReadonlyArray<T> = ReadonlyArray<T>> {
  abstract load(id: string): Promise<T>
  abstract found(): T | undefined
  abstract list: L

  @Get('/:id')
  one(req: HttpRequest<{ params: { id: string } }>): Promise<T> {
    return this.load(req.params.id)
  }
  @Get('/te')
  taskEither(): TE.TaskEither<PluginError, T> {
    return TE.tryCatch(
      () => this.load('a'),
      () => notFound('no'),
    )
  }
  @Get('/either')
  either(): E.Either<PluginError, T> {
    return pipe(this.found(), E.fromNullable(notFound('no')))
  }
  @Get('/either-later')
  async eitherLater(): Promise<E.Either<PluginError, T>> {
    return E.right(await this.load('a'))
  }
  @Get('/rte')
  reader(): RTE.ReaderTaskEither<PluginContext, PluginError, T> {
    return RTE.fromTaskEither(this.taskEither())
  }
  @Get('/undefined')
  perhaps(): T | undefined {
    return this.found()
  }
  @Get('/null')
  async perhapsLater(): Promise<T | null> {
    return this.found() ?? null
  }
  @Get('/array')
  array(): ReadonlyArray<T> {
    return this.list
  }
  @Get('/array-parameter')
  arrayParameter(): L {
    return this.list
  }
  @Get('/record')
  record(): Record<string, T> {
    return {}
  }
  @Get('/inside')
  async inside(): Promise<{ readonly items: ReadonlyArray<T>; readonly next?: T['id'] }> {
    return { items: this.list }
  }
  @Get('/partial')
  partial(): Partial<T> {
    return {}
  }
  @Get('/picked')
  picked(): Pick<T, 'id'> & { readonly more: boolean } {
    return { id: '', more: true } as Pick<T, 'id'> & { readonly more: boolean }
  }
  @Get('/json')
  json(): HttpResponse<T | undefined> {
    return json(this.found())
  }
  @Get('/option')
  option(): O.Option<T> {
    return O.fromNullable(this.found())
  }
  @Get('/fits', { response: Named })
  fits(): Promise<T> {
    return this.load('a')
  }
  @Get('/fits-te', { response: t.array(Named) })
  fitsLater(): TE.TaskEither<PluginError, ReadonlyArray<T>> {
    return TE.right(this.list)
  }
  @Post('/', { body: Named })
  create(req: HttpRequest<{ body: { id: string } }>): T | PluginError {
    return this.found() ?? notFound(req.body.id)
  }
  @Put('/')
  text(req: HttpRequest<{ body: string | null }>): string {
    return req.body ?? ''
  }
  @Kv('entity', Named)
  kv(_operation: KvOperation<Entity>): Promise<T | null> {
    return this.load('a')
  }
  @OnInit
  ready(): Promise<T> {
    return this.load('a')
  }
  @Every('1 m')
  often(): TE.TaskEither<PluginError, T> {
    return this.taskEither()
  }
}

/** No constraint says what it is: the check at run time finds it. */
export abstract class Unconstrained<A> {
  abstract value: A
  @Get('/')
  now(): A {
    return this.value
  }
  @Get('/later')
  async later(): Promise<A> {
    return this.value
  }
  @Get('/te')
  program(): TE.TaskEither<PluginError, A> {
    return TE.right(this.value)
  }
  @Get('/fits', { response: Named })
  fits(): A {
    return this.value
  }
}

// biome-ignore lint/suspicious/noExplicitAny: what TypeScript demands of a mixin (TS2545)
type Constructor = abstract new (...args: any[]) => object

/** A mixin with a route. */
export const WithHealth = <Base extends Constructor, A extends Entity>(Base: Base, value: A) => {
  abstract class Health extends Base {
    @Get('/health')
    health(): A {
      return value
    }
    @Get('/health/:name')
    async named(req: HttpRequest<{ params: { name: string } }>, _ctx: PluginContext): Promise<A> {
      return { ...value, name: req.params.name }
    }
  }
  return Health
}

class Note implements Entity {
  constructor(
    readonly id: string,
    readonly title: string,
  ) {}
}

@Plugin({ id: 'notes', name: 'Notes', version: '1.0.0', icon: '🗒️', route: '/notes' })
export class Notes extends WithHealth(Crud<Note>, { id: 'a' }) {
  list: ReadonlyArray<Note> = []
  async load(id: string): Promise<Note> {
    return new Note(id, '')
  }
  found(): Note | undefined {
    return undefined
  }
}

export abstract class WrongConstraints<T extends bigint, F extends () => number, N extends number> {
  abstract value: T
  abstract run: F
  abstract count: N
  // @ts-expect-error The constraint is a bigint.
  @Get('/bigint')
  bigint(): T {
    return this.value
  }
  // @ts-expect-error The constraint is a bigint.
  @Get('/bigint-later')
  async bigintLater(): Promise<T> {
    return this.value
  }
  // @ts-expect-error The left side is a number.
  @Get('/left')
  left(): TE.TaskEither<N, string> {
    return TE.left(this.count)
  }
  // @ts-expect-error A number is not what the codec encodes.
  @Get('/codec', { response: Named })
  codec(): N {
    return this.count
  }
}
