import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { millisecondsOf } from '../domain/duration.js'
import type { Middleware } from '../domain/handler.js'
import { type Declaration, declare } from '../reflect/declare.js'
import type { Method } from '../reflect/method.js'
import type { MethodNote } from '../reflect/notes.js'
import type { Problem } from '../reflect/problem.js'
import { parsePattern } from '../reflect/route-path.js'
import { around, entryOf, hookOf, kvRouteOf, routeHandler } from './handlers.js'
import type { Hook, KvRoute, Recurring, Route, RouteTable } from './route-table.js'

/** How to make a table. */
export interface TableOptions {
  /**
   * Whether what a handler answers is compared with its response codec. Else it is encoded as it
   * is: where the types are right, so is the answer.
   */
  readonly checkAnswers?: boolean
}

/**
 * An immutable table of what a plugin object answers, or every problem at once: see {@link
 * declare}.
 */
export const explore = (
  plugin: object,
  options?: TableOptions,
): Either<ReadonlyArray<Problem>, RouteTable> =>
  E.map((declaration: Declaration) => tableFrom(declaration, options))(declare(plugin))

/**
 * The table of what a plugin declares: the whole way of each message as one function, built once.
 */
export const tableFrom = (
  { metadata, options, middlewares, methods }: Declaration,
  { checkAnswers = false }: TableOptions = {},
): RouteTable => ({
  metadata,
  options,
  entry: entryOf(middlewares),
  routes: methods.flatMap(method =>
    method.notes.flatMap((note): ReadonlyArray<Route> => {
      if (note._tag !== 'Route') return []
      const { method: verb, path, schema } = note
      const pattern = parsePattern(path)
      const handler = around(middlewareOf(method.notes))(
        routeHandler(method.call, schema, { bodyLimit: options.bodyLimit, checkAnswers }),
      )
      return E.isLeft(pattern)
        ? []
        : [
            {
              method: verb,
              path,
              schema,
              segments: pattern.right,
              handlerName: method.place,
              handler,
            },
          ]
    }),
  ),
  kv: methods.flatMap(method =>
    method.notes.flatMap(
      (note): ReadonlyArray<KvRoute> =>
        note._tag === 'Kv' ? [kvRouteOf(method.place, method.call, note.key, note.codec)] : [],
    ),
  ),
  onInit: hooks(methods, 'OnInit'),
  onShutdown: hooks(methods, 'OnShutdown'),
  every: recurring(methods),
})

const middlewareOf = (notes: ReadonlyArray<MethodNote>): ReadonlyArray<Middleware> =>
  notes.flatMap(note => (note._tag === 'Use' ? [note.middleware] : []))

const hooks = (methods: ReadonlyArray<Method>, tag: 'OnInit' | 'OnShutdown'): ReadonlyArray<Hook> =>
  methods.flatMap(({ notes, place, call }) =>
    notes.some(note => note._tag === tag) ? [hookOf(place, call)] : [],
  )

const recurring = (methods: ReadonlyArray<Method>): ReadonlyArray<Recurring> =>
  methods.flatMap(({ notes, place, call }) =>
    notes.flatMap(note => {
      const ms = note._tag === 'Every' ? millisecondsOf(note.interval) : undefined
      return note._tag !== 'Every' || ms === undefined
        ? []
        : [{ ...hookOf(place, call), interval: String(note.interval), ms }]
    }),
  )
