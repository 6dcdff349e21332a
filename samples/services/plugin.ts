import {
  Delete,
  empty,
  Get,
  type HttpRequest,
  hostKv,
  Plugin,
  type PluginContext,
  type PluginError,
  Post,
  Put,
} from 'toru-plugin-api'
import { pipe, TE, t } from 'toru-plugin-api/fp'
import { Lines } from './lines.js'
import { localSystem } from './local-system.js'
import { type Action, AvailableService, LogEntry, Service } from './service.js'
import { ServiceName } from './service-name.js'
import type { System, Systemd } from './system.js'
import { available, control, known, logs, show } from './systemd.js'
import { unwatch, watch, watched } from './watched.js'

const Named = t.type({ name: ServiceName })
type Named = { readonly params: t.TypeOf<typeof Named> }

const Tail = t.partial({ lines: Lines })
type Tail = t.TypeOf<typeof Tail>
const USUAL_LINES = 100

@Plugin(
  {
    id: 'systemd',
    name: 'Services',
    version: '1.0.0',
    author: 'toru-plugin-api',
    icon: '⚙️',
    route: '/systemd',
  },
  // The page and the plugin share the list in the panel's own table. Some services take long to
  // stop.
  { kv: hostKv(), httpTimeout: 20_000 },
)
export class Services {
  readonly #system: System

  constructor(system: System = localSystem()) {
    this.#system = system
  }

  /** The watched services, as they are now. */
  @Get('/services', { response: t.readonlyArray(Service) })
  list(req: HttpRequest, ctx: PluginContext) {
    return pipe(
      watched(ctx),
      TE.chain(names => this.#ask(req, show(names))),
    )
  }

  /** All services of this machine. */
  @Get('/services/available', { response: t.readonlyArray(AvailableService) })
  available(req: HttpRequest) {
    return this.#ask(req, available())
  }

  @Post('/services/:name/start', { params: Named, response: Service })
  start(req: HttpRequest<Named>, ctx: PluginContext) {
    return this.#control('start', req, ctx)
  }

  @Post('/services/:name/stop', { params: Named, response: Service })
  stop(req: HttpRequest<Named>, ctx: PluginContext) {
    return this.#control('stop', req, ctx)
  }

  @Post('/services/:name/restart', { params: Named, response: Service })
  restart(req: HttpRequest<Named>, ctx: PluginContext) {
    return this.#control('restart', req, ctx)
  }

  @Get('/services/:name/logs', { params: Named, query: Tail, response: t.readonlyArray(LogEntry) })
  logs(req: HttpRequest<Named & { query: Tail }>) {
    return this.#ask(req, logs(req.params.name, req.query.lines ?? USUAL_LINES))
  }

  /** Adds a service to the watched ones. */
  @Put('/services/:name/watched', { params: Named, response: Service })
  watch(req: HttpRequest<Named>, ctx: PluginContext) {
    return pipe(
      this.#ask(req, known(req.params.name)),
      TE.chainFirst(() => watch(ctx, req.params.name)),
    )
  }

  /** Takes a service off the list. The service goes on running. */
  @Delete('/services/:name/watched', { params: Named })
  unwatch(req: HttpRequest<Named>, ctx: PluginContext) {
    return pipe(
      unwatch(ctx, req.params.name),
      TE.map(() => empty()),
    )
  }

  #control(
    action: Action,
    req: HttpRequest<Named>,
    ctx: PluginContext,
  ): TE.TaskEither<PluginError, Service> {
    const { name } = req.params
    ctx.log.info(`${action} ${name}`)
    return this.#ask(req, control(action, name))
  }

  /** Runs a program; its commands end when the request is aborted. */
  #ask<A>(
    { signal }: { readonly signal: AbortSignal },
    program: Systemd<A>,
  ): TE.TaskEither<PluginError, A> {
    return program({ ...this.#system, signal })
  }
}
