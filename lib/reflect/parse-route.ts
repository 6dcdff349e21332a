import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { requiredProps } from '../codec/props.js'
import type { RouteMatch } from './declaration.js'
import type { Note } from './notes.js'
import { parseCodec } from './parse-codec.js'
import { namesOf, parsePattern, type Segment } from './route-path.js'
import { invalid, struct, traverse, type Validation } from './validation.js'

/** A route decorator: its path as segments, and codecs that fit it. */
export const parseRoute = (place: string, note: Note<'Route'>): Validation<RouteMatch> =>
  pipe(
    struct({
      segments: pipe(parsePath(place, note.path), E.chainFirst(paramsFitPath(place, note))),
      codecs: pipe(
        Object.entries(note.schema),
        traverse(([part, codec]) => parseCodec(`${place} ${part}`, codec)),
      ),
    }),
    E.map(({ segments }) => ({ ...note, segments })),
  )

const parsePath = (place: string, path: unknown): Validation<ReadonlyArray<Segment>> =>
  pipe(
    parsePattern(path),
    E.mapLeft(reason => [
      {
        place,
        cause: `the path ${JSON.stringify(path)} cannot be a route: ${reason}`,
        fix: 'Mend the path',
      },
    ]),
  )

/** A codec for parameters may not require what the path does not have. */
const paramsFitPath =
  (place: string, { path, schema: { params } }: Note<'Route'>) =>
  (segments: ReadonlyArray<Segment>): Validation<unknown> =>
    pipe(
      params === undefined ? [] : requiredProps(params),
      traverse(name =>
        namesOf(segments).includes(name)
          ? E.right(name)
          : invalid({
              place,
              cause: `the params codec wants "${name}", which the path ${JSON.stringify(path)} does not have`,
              fix: `Add "/:${name}" to the path, or take "${name}" out of the codec`,
            }),
      ),
    )
