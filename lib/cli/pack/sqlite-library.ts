import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import * as t from 'io-ts'
import { LIBSQL_SCRIPT } from '../../domain/packed-file.js'
import { type CliError, failure } from '../cli-error.js'
import { fetchLibrary } from './fetch-library.js'
import { attempt } from './files.js'
import { compressed, fromCache, keep, sha256, type Wanted } from './library-cache.js'
import { libsqlScript } from './libsql-script.js'
import type { Carried } from './packed-file.js'

/** The package libsql as a packed file carries it. */
export interface PackedLibsql {
  readonly version: string
  readonly sections: ReadonlyArray<Carried>
}

/**
 * The package libsql for some systems: its script, and a native library for each system. A library
 * that is not installed is fetched with npm. `step` is called with what takes long.
 */
export const sqliteFor = (
  systems: ReadonlyArray<string>,
  step: (text: string) => void,
): TaskEither<CliError, PackedLibsql> =>
  pipe(
    TE.fromEither(installedLibsql()),
    TE.chain(libsql =>
      pipe(
        systems,
        TE.traverseSeqArray(system => libraryFor(system, libsql, step)),
        TE.bindTo('libraries'),
        TE.bind('script', () =>
          attempt(`${libsql.entry} cannot be bundled`, async () =>
            compressed(LIBSQL_SCRIPT, Buffer.from(await libsqlScript(libsql.entry))),
          ),
        ),
        TE.map(({ libraries, script }) => ({
          version: libsql.version,
          sections: [script, ...libraries],
        })),
      ),
    ),
  )

interface Libsql {
  readonly entry: string
  readonly version: string
}

const installedLibsql = (): E.Either<CliError, Libsql> =>
  pipe(
    O.Do,
    O.apS('entry', resolved(import.meta.url, 'libsql')),
    O.bind('manifest', ({ entry }) =>
      O.tryCatch((): unknown => createRequire(entry)('./package.json')),
    ),
    O.chain(({ entry, manifest }) =>
      Manifest.is(manifest) ? O.some({ entry, version: manifest.version }) : O.none,
    ),
    E.fromOption(() =>
      failure(
        'the package libsql is not installed: it is the SQLite for Node.js before 22.13',
        'Run npm install libsql, or pack with --node 22 for servers with Node.js 22.13 or newer.',
      ),
    ),
  )

const Manifest = t.type({ version: t.string })

const resolved = (from: string, name: string): O.Option<string> =>
  O.tryCatch(() => createRequire(from).resolve(name))

const libraryFor = (
  system: string,
  { entry, version }: Libsql,
  step: (text: string) => void,
): TaskEither<CliError, Carried> => {
  const name = `@libsql/${system}`
  const wanted = { system, version }
  const compress = (bytes: Buffer): TaskEither<CliError, Carried> =>
    pipe(
      TE.fromIO(() => step(`Compressing SQLite for ${system}`)),
      TE.chain(() => attempt(`${name} cannot be compressed`, () => compressed(system, bytes))),
      TE.chainFirst(carried => keep(wanted, carried)),
    )
  const cachedOr = (
    known: Wanted,
    otherwise: TaskEither<CliError, Carried>,
  ): TaskEither<CliError, Carried> =>
    pipe(
      fromCache(known),
      TE.orElse(() => otherwise),
    )
  return pipe(
    resolved(entry, name),
    O.match(
      () =>
        cachedOr(
          wanted,
          pipe(
            TE.fromIO(() => step(`Fetching ${name}`)),
            TE.chain(() => fetchLibrary(`${name}@${version}`)),
            TE.chain(compress),
          ),
        ),
      file =>
        pipe(
          attempt(`${file} cannot be read`, () => readFile(file)),
          TE.chain(bytes => cachedOr({ ...wanted, sha256: sha256(bytes) }, compress(bytes))),
        ),
    ),
  )
}
