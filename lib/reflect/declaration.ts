import type { Middleware } from '../domain/handler.js'
import type { PluginMetadata } from '../domain/metadata.js'
import type { ResolvedOptions } from '../domain/plugin-definition.js'
import type { Parsed, ParsedNote } from './note-kinds.js'

/** A method, bound to its plugin object. */
export type Call = (...args: ReadonlyArray<unknown>) => unknown

/** A method of a plugin. */
export interface Method {
  /** `Notes.add`, for logs and tools. */
  readonly handlerName: string
  readonly call: Call
  /** The middleware of the method, the outermost first. */
  readonly middlewares: ReadonlyArray<Middleware>
}

/** A method with one of its notes. */
export type Handler<Tag extends HandlerTag = HandlerTag> = Parsed<Tag> & Method

/** The kinds of handlers: `@Use` makes none. */
export type HandlerTag = Exclude<ParsedNote['_tag'], 'Use'>

/** Everything that a plugin declares. */
export interface Declaration {
  readonly metadata: PluginMetadata
  readonly options: ResolvedOptions
  /** The middleware of the class, the outermost first. */
  readonly middlewares: ReadonlyArray<Middleware>
  readonly handlers: ReadonlyArray<Handler>
}

/** The handlers of one kind. */
export const handlersOf = <Tag extends HandlerTag>(
  { handlers }: Declaration,
  tag: Tag,
): ReadonlyArray<Handler<Tag>> =>
  handlers.filter((handler): handler is Handler<Tag> => handler._tag === tag)
