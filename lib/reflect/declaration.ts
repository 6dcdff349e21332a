import type * as t from 'io-ts'
import type { Middleware } from '../domain/handler.js'
import type { HttpMethod } from '../domain/http.js'
import type { PluginMetadata } from '../domain/metadata.js'
import type { ResolvedOptions } from '../domain/plugin-definition.js'
import type { RouteSchema } from '../domain/route-schema.js'
import type { Segment } from './route-path.js'

/** A method, bound to its plugin object. */
export type Call = (...args: ReadonlyArray<unknown>) => unknown

/** The method of a note. */
export interface Handler {
  /** `Notes.add`, for logs and tools. */
  readonly handlerName: string
  readonly call: Call
}

/** What a route decorator says: which requests the method answers, and what it decodes. */
export interface ParsedRoute {
  readonly _tag: 'Route'
  readonly method: HttpMethod
  readonly path: string
  readonly segments: ReadonlyArray<Segment>
  readonly schema: RouteSchema
}

/** What `@Kv` says: the key, or the prefix if the declared key ends in `*`. */
export interface ParsedKv {
  readonly _tag: 'Kv'
  /** As it was declared: `theme` or `prefs/*`. */
  readonly pattern: string
  readonly key: KvKey
  readonly codec: t.Mixed | undefined
}

/** Which keys a KV handler answers. */
export type KvKey =
  | { readonly _tag: 'Exact'; readonly key: string }
  | { readonly _tag: 'Prefix'; readonly prefix: string }

/** What `@Every` says. */
export interface ParsedEvery {
  readonly _tag: 'Every'
  /** As it was declared: `5 m`. */
  readonly interval: string
  /** The same in milliseconds. */
  readonly ms: number
}

/** What a decorator of a method says, parsed. */
export type Parsed =
  | ParsedRoute
  | ParsedKv
  | ParsedEvery
  | { readonly _tag: 'OnInit' }
  | { readonly _tag: 'OnShutdown' }
  | { readonly _tag: 'Use'; readonly middleware: Middleware }

/** A route, with the middleware of its method, the outermost first. */
export type Route = ParsedRoute & Handler & { readonly middlewares: ReadonlyArray<Middleware> }

/** A method that answers KV messages. */
export type KvRoute = ParsedKv & Handler

/** A method that runs at an interval. */
export type Recurring = ParsedEvery & Handler

/** A method that runs at the start or at the end. */
export type Hook = Handler

/** Everything that a plugin declares. */
export interface Declaration {
  readonly metadata: PluginMetadata
  readonly options: ResolvedOptions
  /** The middleware of the class, the outermost first. */
  readonly middlewares: ReadonlyArray<Middleware>
  readonly routes: ReadonlyArray<Route>
  readonly kv: ReadonlyArray<KvRoute>
  readonly onInit: ReadonlyArray<Hook>
  readonly onShutdown: ReadonlyArray<Hook>
  readonly every: ReadonlyArray<Recurring>
}
