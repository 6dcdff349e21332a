import type * as t from 'io-ts'
import type { PluginContext } from '../domain/context.js'
import type { HttpHandler } from '../domain/handler.js'
import type { HttpMethod } from '../domain/http.js'
import type { KvOperation } from '../domain/kv.js'
import type { PluginMetadata } from '../domain/metadata.js'
import type { Outcome } from '../domain/outcome.js'
import type { ResolvedOptions } from '../domain/plugin-definition.js'
import type { RouteSchema } from '../domain/route-schema.js'
import type { Segment } from '../reflect/route-path.js'

/**
 * A route: what it matches, what it decodes, and the whole way from the request to the response as
 * one function.
 */
export interface Route {
  readonly method: HttpMethod
  readonly path: string
  readonly segments: ReadonlyArray<Segment>
  readonly schema: RouteSchema
  /** The name of the method, for logs and tools. */
  readonly handlerName: string
  readonly handler: HttpHandler
}

/** A KV handler: the key, or the prefix where the declared key ended in `*`. */
export interface KvRoute {
  /** As it was declared: `theme` or `prefs/*`. */
  readonly pattern: string
  readonly codec: t.Mixed | undefined
  readonly handlerName: string
  /** Given the decoded operation, yields what the method returned. */
  readonly call: (operation: KvOperation<unknown>, ctx: PluginContext) => Outcome<unknown>
}

/** A method that runs at the beginning or at the end. */
export interface Hook {
  readonly handlerName: string
  readonly call: (ctx: PluginContext) => Outcome<unknown>
}

/** A method that runs again and again. */
export interface Recurring extends Hook {
  /** As it was declared: `5 m`. */
  readonly interval: string
  /** The same in milliseconds. */
  readonly ms: number
}

/** Everything that a plugin object declares, read once and never changed. */
export interface RouteTable {
  readonly metadata: PluginMetadata
  readonly options: ResolvedOptions
  readonly routes: ReadonlyArray<Route>
  /** The class's middleware around whatever a request leads to, also where that is no route. */
  readonly entry: HttpHandler
  readonly kv: ReadonlyArray<KvRoute>
  readonly onInit: ReadonlyArray<Hook>
  readonly onShutdown: ReadonlyArray<Hook>
  readonly every: ReadonlyArray<Recurring>
}
