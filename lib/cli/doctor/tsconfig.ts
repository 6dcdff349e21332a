import { createRequire } from 'node:module'
import { dirname, isAbsolute, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { type JsonObject, readJson, type Unread } from './json-file.js'

/** The compiler options of a tsconfig.json, with those that it inherits. Left with the bad file. */
export const compilerOptions = (
  file: string,
  trail: ReadonlyArray<string> = [],
): E.Either<Unread & { readonly file: string }, JsonObject> => {
  if (trail.includes(file))
    return E.left({
      file,
      missing: false,
      reason: `it extends itself through ${trail.join(', ')}`,
    })
  return pipe(
    readJson(file, true),
    E.mapLeft(unread => ({ ...unread, missing: unread.missing && trail.length === 0, file })),
    E.bindTo('config'),
    E.bind('inherited', ({ config }) =>
      pipe(
        basesOf(config.extends),
        E.traverseArray(base =>
          pipe(
            located(base, file),
            E.chain(found => compilerOptions(found, [...trail, file])),
          ),
        ),
      ),
    ),
    E.map(({ config, inherited }) =>
      Object.assign(
        {},
        ...inherited,
        t.UnknownRecord.is(config.compilerOptions) ? config.compilerOptions : {},
      ),
    ),
  )
}

const basesOf = (extended: unknown): ReadonlyArray<string> =>
  typeof extended === 'string'
    ? [extended]
    : Array.isArray(extended)
      ? extended.filter(t.string.is)
      : []

/** The file that `extends` names: a path, with or without .json, or a package. */
const located = (
  base: string,
  from: string,
): E.Either<Unread & { readonly file: string }, string> => {
  if (base.startsWith('.') || isAbsolute(base)) {
    const path = resolve(dirname(from), base)
    return E.right(path.endsWith('.json') ? path : `${path}.json`)
  }
  const { resolve: find } = createRequire(from)
  return pipe(
    E.tryCatch(() => find(base.endsWith('.json') ? base : join(base, 'tsconfig.json')), E.toError),
    E.alt(() => E.tryCatch(() => find(`${base}.json`), E.toError)),
    E.mapLeft(() => ({
      file: from,
      missing: false,
      reason: `it extends ${base}, which is not installed`,
    })),
  )
}
