import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type * as t from 'io-ts'
import type { Logger } from '../domain/context.js'
import type { Earlier, KvStore } from '../domain/kv.js'
import { type PluginError, serializationError } from '../domain/plugin-error.js'
import { clipped } from '../domain/text/show.js'
import { decodeStored, encodeStored, parseStored } from './cell-text.js'
import { tryUpdate } from './store.js'

// A stored value outlives the codec that wrote it. A value that only an older codec fits is carried
// over when it is read, and kept under a key of its own. A plugin that is rolled back finds a value
// that is newer than it is, and takes up what was kept.

/** Which plugin reads a cell, and where it says what it has carried over. */
export interface CellOwner {
  readonly version: string
  readonly log: Pick<Logger, 'info' | 'warn'>
}

/** What a cell is made of. */
export interface CellParts<A> {
  readonly store: KvStore
  readonly owner: CellOwner
  readonly key: string
  readonly codec: t.Type<A, unknown, unknown>
  readonly before: ReadonlyArray<Earlier<A>>
}

/** What begins the keys under which values of other versions are kept. */
const KEPT = { older: 'toru.older:', newer: 'toru.newer:' } as const

/** The keys under which values of other versions than that of `key` are kept. */
export const keptKeys = (key: string): ReadonlyArray<string> =>
  Object.values(KEPT).map(kept => kept + key)

/** Whether a key is one of those, and was not asked for by its prefix. */
export const isHidden = (key: string, prefix: string): boolean =>
  Object.values(KEPT).some(kept => key.startsWith(kept) && !prefix.startsWith('toru.'))

/** A stored value: one of this version, or of an older one, with the text that is to replace it. */
export type Reading<A> =
  | { readonly _tag: 'Current'; readonly value: A }
  | { readonly _tag: 'Older'; readonly codec: string; readonly next: string }

/** Reads a stored text. Left if neither the codec nor an older one fits it. */
export const readStored = <A>(
  { key, codec, before }: Omit<CellParts<A>, 'store' | 'owner'>,
  text: string,
): Either<PluginError, Reading<A>> =>
  pipe(
    parseStored(key, text),
    E.chain(json => {
      const current = decodeStored(key, codec, json)
      if (E.isRight(current)) return E.right({ _tag: 'Current', value: current.right })
      for (const [older, carry] of before) {
        const decoded = decodeStored(key, older, json)
        if (E.isRight(decoded)) return carriedOver(key, codec, older, () => carry(decoded.right))
      }
      return current
    }),
  )

const carriedOver = <A>(
  key: string,
  codec: t.Type<A, unknown, unknown>,
  older: t.Mixed,
  carry: () => A,
): Either<PluginError, Reading<A>> =>
  pipe(
    E.tryCatch(carry, cause =>
      serializationError(
        `the value stored under ${JSON.stringify(key)} is of an older version, ${clipped(older.name)}, and the function that carries it over threw`,
        cause,
      ),
    ),
    E.chain(value => encodeStored(key, codec, value)),
    E.map(next => ({ _tag: 'Older', codec: older.name, next })),
  )

/**
 * The value of a cell. One of another version is carried over, or taken up again, before it is
 * given; nothing is replaced that is not kept.
 */
export const readCell = <A>(parts: CellParts<A>): TaskEither<PluginError, Option<A>> =>
  pipe(
    parts.store.get(parts.key),
    TE.chain(
      O.match(
        () => TE.right(O.none),
        text =>
          pipe(
            readStored(parts, text),
            E.match(
              misfit => rollBack(parts, text, misfit),
              reading =>
                reading._tag === 'Current'
                  ? TE.right(O.some(reading.value))
                  : carryOver(parts, text, reading.codec, reading.next),
            ),
          ),
      ),
    ),
  )

const carryOver = <A>(
  parts: CellParts<A>,
  text: string,
  older: string,
  next: string,
): TaskEither<PluginError, Option<A>> => {
  const { key, codec, owner } = parts
  const kept = KEPT.older + key
  return replace(parts, text, next, kept, () =>
    owner.log.info(
      `the value stored under ${JSON.stringify(key)} was of an older version, ${clipped(older)}, and was carried over to that of ${owner.version}, ${clipped(codec.name)}; what was stored is kept under ${JSON.stringify(kept)}`,
    ),
  )
}

/** Takes up what was kept when the value was carried over, if that fits; else the misfit it is. */
const rollBack = <A>(
  parts: CellParts<A>,
  text: string,
  misfit: PluginError,
): TaskEither<PluginError, Option<A>> => {
  const { store, key, codec, owner } = parts
  const kept = KEPT.newer + key
  return pipe(
    store.get(KEPT.older + key),
    TE.chain(older =>
      O.isSome(older) && E.isRight(readStored(parts, older.value))
        ? replace(parts, text, older.value, kept, () =>
            owner.log.warn(
              `the value stored under ${JSON.stringify(key)} is of a newer version than ${owner.version}; what was stored before, which fits ${clipped(codec.name)}, is used again, and the newer value is kept under ${JSON.stringify(kept)}`,
            ),
          )
        : TE.left(misfit),
    ),
  )
}

/**
 * Keeps a stored text under another key, replaces it, and reads the cell again. If another process
 * has replaced it meanwhile, that text is left alone and read.
 */
const replace = <A>(
  parts: CellParts<A>,
  text: string,
  next: string,
  kept: string,
  done: () => void,
): TaskEither<PluginError, Option<A>> =>
  pipe(
    parts.store.set(kept, text),
    TE.chain(() =>
      tryUpdate(parts.store, parts.key, stored => {
        const isSame = O.isSome(stored) && stored.value === text
        return E.right([isSame, isSame ? O.some(next) : stored])
      }),
    ),
    TE.chain(replaced => {
      if (replaced) done()
      return readCell(parts)
    }),
  )
