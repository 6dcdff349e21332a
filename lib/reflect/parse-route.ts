import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type * as t from 'io-ts'
import { exponentialPart } from '../codec/exponential-codec.js'
import { requiredProps } from '../codec/props.js'
import type { Note, Parsed } from './note-kinds.js'
import { namesOf, parsePattern, type Segment } from './route-path.js'
import { also, invalid, traverse, type Validation } from './validation.js'

/** Parses a route decorator: its path, and codecs that fit it. */
export const parseRoute = (place: string, note: Note<'Route'>): Validation<Parsed<'Route'>> =>
  pipe(
    parsePath(place, note.path),
    E.chainFirst(paramsFitPath(place, note)),
    also(
      pipe(
        Object.entries(note.schema),
        traverse(([part, codec]) => parseCodec(`${place} ${part}`, codec)),
      ),
    ),
    E.map(segments => ({ ...note, segments })),
  )

/** A codec must not take exponential time, because a client could keep the plugin busy. */
export const parseCodec = (place: string, codec: t.Mixed | undefined): Validation<unknown> => {
  const part = codec === undefined ? undefined : exponentialPart(codec)
  return part === undefined
    ? E.right(codec)
    : invalid(
        place,
        `several branches of ${shortened(part.name)} come back to it by the same way, so that each level of a body doubles the work`,
        "Give each branch of a union a tag, t.type({ kind: t.literal('leaf'), … }), and name a property once in an intersection",
      )
}

const shortened = (name: string): string => (name.length > 100 ? `${name.slice(0, 99)}…` : name)

const parsePath = (place: string, path: unknown): Validation<ReadonlyArray<Segment>> =>
  pipe(
    parsePattern(path),
    E.mapLeft(reason => `the path ${JSON.stringify(path)} cannot be a route: ${reason}`),
    E.mapLeft(cause => [{ place, cause, fix: 'Mend the path' }]),
  )

/** A codec for parameters must not require one that the path does not have. */
const paramsFitPath =
  (place: string, { path, schema: { params } }: Note<'Route'>) =>
  (segments: ReadonlyArray<Segment>): Validation<unknown> =>
    pipe(
      params === undefined ? [] : requiredProps(params),
      traverse(name =>
        namesOf(segments).includes(name)
          ? E.right(name)
          : invalid(
              place,
              `the params codec wants "${name}", which the path ${JSON.stringify(path)} does not have`,
              `Add "/:${name}" to the path, or take "${name}" out of the codec`,
            ),
      ),
    )
