import type * as t from 'io-ts'
import type { Duration } from '../domain/duration.js'
import type { Middleware } from '../domain/handler.js'
import type { HttpMethod } from '../domain/http.js'
import type { PluginDefinition } from '../domain/plugin-definition.js'
import type { RouteSchema } from '../domain/route-schema.js'
import type { Segment } from './route-path.js'

/** What a decorator writes on a method. */
export type MethodNote =
  | {
      readonly _tag: 'Route'
      readonly method: HttpMethod
      readonly path: string
      readonly schema: RouteSchema
    }
  | { readonly _tag: 'Kv'; readonly key: string; readonly codec: t.Mixed | undefined }
  | { readonly _tag: 'Every'; readonly interval: Duration }
  | { readonly _tag: 'OnInit' }
  | { readonly _tag: 'OnShutdown' }
  | { readonly _tag: 'Use'; readonly middleware: Middleware }

/** One kind of note on a method. */
export type Note<Tag extends MethodNote['_tag']> = Extract<MethodNote, { readonly _tag: Tag }>

/** What a decorator writes on a class. */
export type ClassNote =
  | { readonly _tag: 'Plugin'; readonly definition: PluginDefinition }
  | { readonly _tag: 'Use'; readonly middleware: Middleware }

/** A note on a method, parsed. */
export type ParsedNote =
  | (Note<'Route'> & { readonly segments: ReadonlyArray<Segment> })
  /** The pattern is the key as it was declared: `theme` or `prefs/*`. */
  | (Omit<Note<'Kv'>, 'key'> & { readonly pattern: string; readonly key: KvKey })
  /** The interval as it was declared, and in milliseconds. */
  | { readonly _tag: 'Every'; readonly interval: string; readonly ms: number }
  | Note<'OnInit' | 'OnShutdown' | 'Use'>

/** One kind of parsed note. */
export type Parsed<Tag extends ParsedNote['_tag']> = Extract<ParsedNote, { readonly _tag: Tag }>

/** Which keys a KV handler answers. */
export type KvKey =
  | { readonly _tag: 'Exact'; readonly key: string }
  | { readonly _tag: 'Prefix'; readonly prefix: string }
