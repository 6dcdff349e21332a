import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { millisecondsOf } from '../domain/duration.js'
import type { Middleware } from '../domain/handler.js'
import { show } from '../domain/text/show.js'
import type { ClassNote, KvKey, MethodNote, Note, Parsed, ParsedNote } from './note-kinds.js'
import { parseCodec, parseRoute } from './parse-route.js'
import { also, invalid, type Validation } from './validation.js'

/** Parses a note of a method. `place` is the name of the method in problems. */
export const parseNote =
  (place: string) =>
  (note: MethodNote): Validation<ParsedNote> => {
    switch (note._tag) {
      case 'Route':
        return parseRoute(place, note)
      case 'Kv':
        return parseKv(place, note)
      case 'Every':
        return parseEvery(place, note)
      case 'Use':
        return pipe(
          parseMiddleware(place, note),
          E.map(middleware => ({ _tag: 'Use', middleware })),
        )
      case 'OnInit':
      case 'OnShutdown':
        return E.right(note)
    }
  }

/**
 * Parses the argument of `@Use`, because an author without types may pass anything. Otherwise the
 * error would name neither the class nor the method.
 */
export const parseMiddleware = (
  place: string,
  { middleware }: Extract<MethodNote | ClassNote, { readonly _tag: 'Use' }>,
): Validation<Middleware> =>
  typeof middleware === 'function'
    ? E.right(middleware)
    : invalid(
        place,
        `@Use was given ${show(middleware)}`,
        'Give it a middleware: next => (req, ctx) => next(req, ctx)',
      )

const parseKv = (place: string, { key: pattern, codec }: Note<'Kv'>): Validation<Parsed<'Kv'>> =>
  pipe(
    parseKey(place, pattern),
    also(parseCodec(place, codec)),
    E.map(key => ({ _tag: 'Kv', pattern, key, codec })),
  )

const parseKey = (place: string, key: unknown): Validation<KvKey> => {
  const refused = (reason: string) =>
    invalid(
      place,
      `@Kv(${JSON.stringify(key)}): ${reason}`,
      "Write a key such as 'theme', or a prefix such as 'prefs/*'",
    )
  if (typeof key !== 'string' || key === '')
    return refused('a key is a text of at least one character')
  if (key.slice(0, -1).includes('*')) return refused('"*" may only stand at the end of a key')
  return E.right(
    key.endsWith('*') ? { _tag: 'Prefix', prefix: key.slice(0, -1) } : { _tag: 'Exact', key },
  )
}

const parseEvery = (place: string, { interval }: Note<'Every'>): Validation<Parsed<'Every'>> => {
  const ms = millisecondsOf(interval)
  return ms === undefined
    ? invalid(
        place,
        `@Every(${show(interval)}): expected an interval of 1 ms to 24 days`,
        "Write '30 s', '5 m', '1 h' or a number of milliseconds",
      )
    : E.right({ _tag: 'Every', interval: String(interval), ms })
}
