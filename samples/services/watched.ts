import { conflict, type PluginContext, type PluginError } from 'toru-plugin-api'
import { O, pipe, TE, t } from 'toru-plugin-api/fp'
import { ServiceName } from './service-name.js'

/** How many services may be watched: all of them are arguments of one command. */
const MOST = 100

/**
 * The watched services: a JSON array of names under a key that the frontend's `api.kv` sees, too.
 * If one of them cannot be a service's name, reading it is an error, and no command runs.
 */
const cell = (ctx: PluginContext) => ctx.kv.cell('watched_services', t.readonlyArray(ServiceName))

const none = (): ReadonlyArray<ServiceName> => []
const all = O.getOrElse(none)

export const watched = (
  ctx: PluginContext,
): TE.TaskEither<PluginError, ReadonlyArray<ServiceName>> =>
  pipe(
    cell(ctx).getOrElse(none),
    TE.map(names => [...new Set(names)]),
  )

/** Adds a service at the end, if it is not in the list. */
export const watch = (ctx: PluginContext, name: ServiceName): TE.TaskEither<PluginError, unknown> =>
  pipe(
    cell(ctx).update(current => [...new Set([...all(current), name])].slice(0, MOST)),
    TE.filterOrElse(
      names => names.includes(name),
      () => conflict(`${MOST} services are watched, and there is no room for more`),
    ),
  )

export const unwatch = (
  ctx: PluginContext,
  name: ServiceName,
): TE.TaskEither<PluginError, unknown> =>
  cell(ctx).update(current => all(current).filter(other => other !== name))
