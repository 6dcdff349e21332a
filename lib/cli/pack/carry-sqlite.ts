import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { NATIVE_SYSTEMS, nativeSystem } from '../../kv/sqlite/driver/native-system.js'
import { type CliError, failure } from '../cli-error.js'
import type { Carried } from './packed-file.js'
import { sqliteFor } from './sqlite-library.js'
import { hasSqlite } from './target-options.js'

/** What decides whether a file carries SQLite, and for which systems. */
export interface SqliteOptions {
  /** Whether to carry it if it is needed. */
  readonly sqlite: boolean
  /** The systems for which to carry it in any case. By default this one, if it is needed. */
  readonly arch: ReadonlyArray<string> | undefined
  /** The oldest Node.js that the file is for. */
  readonly node: string
  readonly standalone: boolean
  /** Called with what is being done. */
  readonly step: (text: string) => void
}

/** The SQLite that a file carries, or why it carries none. */
export type Sqlite =
  | {
      readonly _tag: 'Carried'
      /** The version of libsql. */
      readonly version: string
      readonly systems: ReadonlyArray<string>
    }
  | { readonly _tag: 'None'; readonly because: string }

/** The SQLite of a file, with what is put into it. */
export interface SqliteSections {
  readonly sqlite: Sqlite
  readonly sections: ReadonlyArray<Carried>
}

/** Decides about SQLite, and gets it. */
export const carrySqlite = (
  { sqlite, arch, node, standalone, step }: SqliteOptions,
  usesStore: boolean,
): TaskEither<CliError, SqliteSections> => {
  if (!sqlite) return none('--no-sqlite')
  if (arch === undefined) {
    if (!usesStore) return none('the plugin does not use its store')
    if (hasSqlite(standalone ? process.versions.node : node))
      return none(standalone ? 'the Node.js in it has its own' : `Node.js ${node} has its own`)
  }
  return pipe(
    arch === undefined ? thisSystem() : TE.right(arch),
    TE.chain(systems =>
      pipe(
        sqliteFor(systems, step),
        TE.map(({ version, sections }) => ({
          sqlite: { _tag: 'Carried' as const, version, systems },
          sections,
        })),
      ),
    ),
  )
}

const none = (because: string): TaskEither<CliError, SqliteSections> =>
  TE.right({ sqlite: { _tag: 'None', because }, sections: [] })

/** A host runs on Linux, also if its plugins are packed elsewhere. */
const thisSystem = (): TaskEither<CliError, ReadonlyArray<string>> => {
  const system = process.platform === 'linux' ? nativeSystem() : `linux-${process.arch}-gnu`
  return NATIVE_SYSTEMS.some(known => known === system)
    ? TE.right([system])
    : TE.left(
        failure(
          `there is no libsql for ${system}, which is the SQLite for Node.js before 22.13`,
          'Pack with --node 22 for servers with Node.js 22.13 or newer, or name another ' +
            'system with --arch.',
        ),
      )
}
