import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Middleware } from '../domain/handler.js'
import type { Call, Declaration, Handler } from './declaration.js'
import type { ParsedNote } from './note-kinds.js'
import { classNameOf, classNotes, type NotedMethod, notedMethods } from './notes.js'
import { parseDefinition } from './parse-definition.js'
import { parseMiddleware, parseNote } from './parse-note.js'
import { unique } from './unique.js'
import { also, invalid, rights, sequence, struct, traverse, type Validation } from './validation.js'

/**
 * Reads the notes of a plugin object. Yields what it declares, or every problem at once. Calls
 * nothing of the plugin.
 */
export const explore = (plugin: object): Validation<Declaration> => {
  const className = classNameOf(plugin)
  const methods = notedMethods(plugin).map(parseMethod(plugin, className))
  return pipe(
    struct({
      definition: parseDefinition(className, plugin),
      middlewares: parseMiddlewares(className, plugin),
      handlers: pipe(methods, traverse(handlersOfMethod)),
    }),
    also(
      unique(
        methods.flatMap(({ place, notes }) => rights(notes).map(parsed => ({ place, parsed }))),
      ),
    ),
    E.map(({ definition, middlewares, handlers }) => ({
      ...definition,
      middlewares,
      handlers: handlers.flat(),
    })),
  )
}

const parseMiddlewares = (place: string, plugin: object): Validation<ReadonlyArray<Middleware>> =>
  sequence(
    classNotes(plugin)
      .flat()
      .flatMap(note => (note._tag === 'Use' ? [parseMiddleware(place, note)] : [])),
  )

/** A method whose parts have been parsed, each by itself. */
interface ParsedMethod {
  readonly place: string
  readonly call: Validation<Call>
  readonly notes: ReadonlyArray<Validation<ParsedNote>>
}

const parseMethod =
  (plugin: object, className: string) =>
  (method: NotedMethod): ParsedMethod => {
    const place = `${className}.${String(method.member)}`
    return {
      place,
      call: pipe(
        parseCall(plugin, place, method),
        E.chainFirst(() => parseUse(place, method)),
      ),
      notes: method.notes.map(parseNote(place)),
    }
  }

const handlersOfMethod = ({
  place: handlerName,
  call,
  notes,
}: ParsedMethod): Validation<ReadonlyArray<Handler>> =>
  pipe(
    struct({ call, notes: sequence(notes) }),
    E.map(({ call, notes }) => {
      const middlewares = notes.flatMap(note => (note._tag === 'Use' ? [note.middleware] : []))
      return notes.flatMap(note =>
        note._tag === 'Use' ? [] : [{ ...note, handlerName, call, middlewares }],
      )
    }),
  )

const KINDS = {
  static: 'a static member',
  private: 'a private member',
  field: 'a field',
  accessor: 'an accessor',
} as const

const parseCall = (
  plugin: object,
  place: string,
  { kind, current }: NotedMethod,
): Validation<Call> => {
  const fix = 'Make it a public method of the class'
  if (kind !== 'method') return invalid(place, `${KINDS[kind]} cannot be a handler`, fix)
  return typeof current === 'function'
    ? E.right(current.bind(plugin))
    : invalid(place, 'it is annotated as a handler and is not a method', fix)
}

/** `@Use` needs a route on the same method. */
const parseUse = (place: string, { notes }: NotedMethod): Validation<unknown> =>
  notes.some(note => note._tag === 'Use') && !notes.some(note => note._tag === 'Route')
    ? invalid(
        place,
        '@Use stands on a method that no route leads to',
        'Add @Get or another route decorator to it, or take @Use away',
      )
    : E.right(undefined)
