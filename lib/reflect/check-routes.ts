import * as E from 'fp-ts/lib/Either.js'
import type * as t from 'io-ts'
import { propsOf, requiredProps } from '../codec/codec-props.js'
import { doublingCodec } from '../codec/exponential-codec.js'
import type { Method } from './method.js'
import type { MethodNote } from './notes.js'
import type { Problem } from './problem.js'
import { parsePattern, type Segment, shapeOf } from './route-path.js'

type Noted<Tag extends MethodNote['_tag']> = Extract<MethodNote, { readonly _tag: Tag }>

/**
 * Paths that cannot be matched, codecs for parameters that the path does not have, and routes that
 * are declared twice.
 */
export const routeProblems = (methods: ReadonlyArray<Method>): ReadonlyArray<Problem> => {
  const routes = noted(methods, 'Route').map(({ place, note }) => ({
    place,
    note,
    pattern: parsePattern(note.path),
  }))
  return [
    ...routes.flatMap(({ place, note, pattern }) =>
      E.isLeft(pattern)
        ? [
            {
              place,
              cause: `the path ${JSON.stringify(note.path)} cannot be a route: ${pattern.left}`,
              fix: 'Mend the path',
            },
          ]
        : paramProblems(place, note, pattern.right),
    ),
    ...twice(
      routes.flatMap(({ place, note, pattern }) =>
        E.isLeft(pattern)
          ? []
          : [
              {
                place,
                what: `${note.method} ${note.path}`,
                same: `${note.method} ${shapeOf(pattern.right)}`,
              },
            ],
      ),
      'Give one of them another method or path',
    ),
  ]
}

/** Keys that no message can have or that two handlers claim. */
export const kvProblems = (methods: ReadonlyArray<Method>): ReadonlyArray<Problem> => {
  const handlers = noted(methods, 'Kv')
  return [
    ...handlers.flatMap(({ place, note }) => {
      const fault = keyFault(note.key)
      return fault === undefined
        ? []
        : [
            {
              place,
              cause: `@Kv(${JSON.stringify(note.key)}): ${fault}`,
              fix: "Write a key such as 'theme', or a prefix such as 'prefs/*'",
            },
          ]
    }),
    ...twice(
      handlers.map(({ place, note }) => ({ place, what: `@Kv('${note.key}')`, same: note.key })),
      'Give one of them another key',
    ),
  ]
}

/** Codecs that others can make work for as long as they like. */
export const codecProblems = (methods: ReadonlyArray<Method>): ReadonlyArray<Problem> => [
  ...noted(methods, 'Route').flatMap(({ place, note }) =>
    Object.entries(note.schema).flatMap(([part, codec]) =>
      doublingProblem(`${place} ${part}`, codec),
    ),
  ),
  ...noted(methods, 'Kv').flatMap(({ place, note }) => doublingProblem(place, note.codec)),
]

const doublingProblem = (place: string, codec: t.Mixed | undefined): ReadonlyArray<Problem> => {
  const doubling = codec === undefined ? undefined : doublingCodec(codec)
  return doubling === undefined
    ? []
    : [
        {
          place,
          cause: `several branches of ${shortened(doubling.name)} come back to it by the same way, so that each level of a body doubles the work`,
          fix: "Give each branch of a union a tag, t.type({ kind: t.literal('leaf'), … }), and name a property once in an intersection",
        },
      ]
}

const shortened = (name: string): string => (name.length > 100 ? `${name.slice(0, 99)}…` : name)

const keyFault = (key: unknown): string | undefined => {
  if (typeof key !== 'string' || key === '') return 'a key is a text of at least one character'
  return key.slice(0, -1).includes('*') ? '"*" may only stand at the end of a key' : undefined
}

const paramProblems = (
  place: string,
  note: Noted<'Route'>,
  segments: ReadonlyArray<Segment>,
): ReadonlyArray<Problem> => {
  if (note.schema.params === undefined) return []
  const names = segments.flatMap(segment =>
    segment._tag === 'Param' ? [segment.name] : segment._tag === 'Rest' ? ['*'] : [],
  )
  const required = new Set(requiredProps(note.schema.params))
  return [...propsOf(note.schema.params).keys()]
    .filter(name => required.has(name) && !names.includes(name))
    .map(name => ({
      place,
      cause: `the params codec wants "${name}", which the path ${JSON.stringify(note.path)} does not have`,
      fix: `Add "/:${name}" to the path, or take "${name}" out of the codec`,
    }))
}

const noted = <Tag extends MethodNote['_tag']>(methods: ReadonlyArray<Method>, tag: Tag) =>
  methods.flatMap(({ place, notes }) =>
    notes.filter((note): note is Noted<Tag> => note._tag === tag).map(note => ({ place, note })),
  )

interface Claim {
  readonly place: string
  readonly what: string
  readonly same: string
}

const twice = (claims: ReadonlyArray<Claim>, fix: string): ReadonlyArray<Problem> =>
  claims.flatMap((claim, index) => {
    const first = claims.slice(0, index).find(earlier => earlier.same === claim.same)
    if (first === undefined) return []
    const also =
      first.what === claim.what ? 'answers it' : `answers the same requests as ${first.what}`
    return [
      {
        place: claim.place,
        cause: `${claim.what} is declared twice: ${first.place} ${also} already`,
        fix,
      },
    ]
  })
