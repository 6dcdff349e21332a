import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { show } from '../codec/explain.js'
import { millisecondsOf } from '../domain/duration.js'
import type { Middleware } from '../domain/handler.js'
import type { PluginMetadata } from '../domain/metadata.js'
import type { ResolvedOptions } from '../domain/plugin-definition.js'
import { checkDefinition, resolveOptions } from './check-definition.js'
import { codecProblems, kvProblems, routeProblems } from './check-routes.js'
import { type Method, methodOf } from './method.js'
import {
  annotatedMethods,
  type ClassNote,
  classesOf,
  classNotes,
  type MethodNote,
  ownClassNotes,
} from './notes.js'
import type { Problem } from './problem.js'

/** What a plugin object declares, found to be in order. */
export interface Declaration {
  readonly metadata: PluginMetadata
  readonly options: ResolvedOptions
  /** The class's own, the outermost first. */
  readonly middlewares: ReadonlyArray<Middleware>
  readonly methods: ReadonlyArray<Method>
}

/**
 * Reads a plugin object's annotations, once: what it declares, or every problem at once. Nothing of
 * the plugin is called.
 */
export const declare = (plugin: object): Either<ReadonlyArray<Problem>, Declaration> => {
  const className = classNameOf(plugin)
  const notes = classNotes(plugin)
  const definition = notes.flatMap(note => (note._tag === 'Plugin' ? [note.definition] : []))[0]
  const methods = annotatedMethods(plugin).map(annotated => methodOf(plugin, className, annotated))
  const problems = [
    ...checkDefinition(className, definition),
    ...twoDefinitions(plugin, className),
    ...middlewareProblems(className, notes),
    ...methods.flatMap(methodProblems),
    ...routeProblems(methods),
    ...kvProblems(methods),
    ...codecProblems(methods),
    ...intervalProblems(methods),
  ]
  return problems.length > 0 || definition === undefined
    ? E.left(problems)
    : E.right({
        metadata: definition.metadata,
        options: resolveOptions(definition.options),
        middlewares: notes.flatMap(note => (note._tag === 'Use' ? [note.middleware] : [])),
        methods,
      })
}

/** The name of a plugin's class, for people. */
export const classNameOf = (plugin: object): string => {
  const [nearest] = classesOf(plugin)
  return typeof nearest === 'function' && nearest.name !== '' ? nearest.name : 'the plugin'
}

/**
 * A class that extends a plugin may have a definition of its own; one class with two of them says
 * two things at once.
 */
const twoDefinitions = (plugin: object, place: string): ReadonlyArray<Problem> =>
  classesOf(plugin).some(
    owner => ownClassNotes(owner).filter(note => note._tag === 'Plugin').length > 1,
  )
    ? [{ place, cause: 'it has @Plugin twice', fix: 'Keep one of them' }]
    : []

const PLACES = {
  static: 'a static member',
  private: 'a private member',
  field: 'a field',
  accessor: 'an accessor',
} as const

const methodProblems = ({ place, declared, isFunction, notes }: Method): ReadonlyArray<Problem> => {
  if (declared !== 'method') {
    return [
      {
        place,
        cause: `${PLACES[declared]} cannot be a handler`,
        fix: 'Make it a public method of the class',
      },
    ]
  }
  if (!isFunction)
    return [
      {
        place,
        cause: 'it is annotated as a handler and is not a method',
        fix: 'Make it a public method of the class',
      },
    ]
  const wrong = middlewareProblems(place, notes)
  if (wrong.length > 0) return wrong
  return notes.some(note => note._tag === 'Use') && !notes.some(note => note._tag === 'Route')
    ? [
        {
          place,
          cause: '@Use stands on a method that no route leads to',
          fix: 'Add @Get or another route decorator to it, or take @Use away',
        },
      ]
    : []
}

/**
 * Types forbid it, and not every author has types: without this the error would name neither the
 * class nor the method.
 */
const middlewareProblems = (
  place: string,
  notes: ReadonlyArray<MethodNote | ClassNote>,
): ReadonlyArray<Problem> =>
  notes.flatMap(note =>
    note._tag === 'Use' && typeof note.middleware !== 'function'
      ? [
          {
            place,
            cause: `@Use was given ${show(note.middleware)}`,
            fix: 'Give it a middleware: next => (req, ctx) => next(req, ctx)',
          },
        ]
      : [],
  )

const intervalProblems = (methods: ReadonlyArray<Method>): ReadonlyArray<Problem> =>
  methods.flatMap(({ place, notes }) =>
    notes.flatMap(note =>
      note._tag !== 'Every' || millisecondsOf(note.interval) !== undefined
        ? []
        : [
            {
              place,
              cause: `@Every(${show(note.interval)}): expected an interval of 1 ms to 24 days`,
              fix: "Write '30 s', '5 m', '1 h' or a number of milliseconds",
            },
          ],
    ),
  )
