// Compiled under both kinds of decorators and never run: see routes.ts.
import {
  Get,
  type HttpRequest,
  Kv,
  type KvOperation,
  type Middleware,
  OnInit,
  OnShutdown,
  Plugin,
  type PluginContext,
  secret,
  Use,
} from 'toru-plugin-api'
import { E, O, TE, t } from 'toru-plugin-api/fp'

const metadata = { id: 'a', name: 'A', version: '1', icon: 'x', route: '/a' }
const Config = t.type({ TOKEN: secret(t.string), PORT: t.string })
const Theme = t.union([t.literal('dark'), t.literal('light')])

const pass: Middleware = next => (req, ctx) => next(req, ctx)

@Use(pass)
@Plugin({ ...metadata, author: 'B' }, { config: Config, httpTimeout: 5 })
export class RightPlugin {
  @OnInit
  init(ctx: PluginContext) {
    return ctx.kv.set('a', 'b')
  }

  @OnInit
  async initLater(ctx: PluginContext<t.TypeOf<typeof Config>>) {
    const token: string = ctx.config.TOKEN
    ctx.log.info({ size: token.length }, 'ready')
  }

  @OnShutdown
  end() {}

  @Get('/')
  one(_req: HttpRequest, ctx: PluginContext<{ PORT: string }>) {
    return ctx.config.PORT
  }

  @Kv('theme', Theme)
  theme(op: KvOperation<'dark' | 'light'>) {
    return op.action === 'get' ? O.some('dark' as const) : O.none
  }

  @Kv('text')
  text(op: KvOperation) {
    return op.action === 'set' ? undefined : 'text'
  }

  @Kv('later', t.number)
  later(op: KvOperation<number>, ctx: PluginContext) {
    return op.action === 'set' ? ctx.kv.set('later', String(op.value)) : TE.right(1)
  }
}

export class WrongMethods {
  // @ts-expect-error a hook gets the context alone
  @OnInit
  init(_req: HttpRequest, _ctx: PluginContext) {}

  // @ts-expect-error the left side must be a PluginError
  @OnShutdown
  end() {
    return E.left('x')
  }

  // @ts-expect-error the codec gives 'dark' or 'light'
  @Kv('theme', Theme)
  theme(op: KvOperation<number>) {
    return op.action === 'set' ? op.value : undefined
  }

  // @ts-expect-error what is returned must be what the codec encodes
  @Kv('theme', Theme)
  returned() {
    return 5
  }

  // @ts-expect-error without a codec a value is text
  @Kv('text')
  number() {
    return TE.right(5)
  }

  // @ts-expect-error a middleware is a function from handler to handler
  @Use((req: HttpRequest) => req)
  @Get('/')
  used() {
    return null
  }
}

// @ts-expect-error the config codec gives no DATABASE
@Plugin(metadata, { config: Config })
export class WrongConfig {
  @Get('/')
  one(_req: HttpRequest, ctx: PluginContext<{ DATABASE: string }>) {
    return ctx.config.DATABASE
  }
}

// @ts-expect-error without a config codec there is no config
@Plugin(metadata)
export class NoConfig {
  @Get('/')
  one(_req: HttpRequest, ctx: PluginContext<{ TOKEN: string }>) {
    return ctx.config.TOKEN
  }
}

// @ts-expect-error the icon is missing
@Plugin({ id: 'a', name: 'A', version: '1', route: '/a' })
export class NoIcon {}

// @ts-expect-error there is no such option
@Plugin(metadata, { timeout: 5 })
export class WrongOption {}
