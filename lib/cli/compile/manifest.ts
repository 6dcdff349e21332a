import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { type CliError, failure } from '../cli-error.js'
import { readJson } from '../doctor/json-file.js'

/** What the package.json of a project says about how it is compiled. */
export interface Manifest {
  /** `toru.entry`: the plugin's entry, in TypeScript or compiled JavaScript. */
  readonly entry: string | undefined
  /** `toru.tsconfig`: the tsconfig.json with which `tsc` compiles it. */
  readonly tsconfig: string | undefined
  /** `scripts`. */
  readonly scripts: Readonly<Record<string, string>>
}

const ManifestJson = t.partial({
  toru: t.partial({ entry: t.string, tsconfig: t.string }),
  scripts: t.record(t.string, t.string),
})

/** Reads the package.json of a folder, which need not have one. Left if it cannot be read. */
export const manifestOf = (folder: string): E.Either<CliError, Manifest> => {
  const file = join(folder, 'package.json')
  return pipe(
    readJson(file, false),
    E.orElse(unread => (unread.missing ? E.right({}) : E.left(unread.reason))),
    E.filterOrElse(
      ManifestJson.is,
      () => 'expected "toru" with "entry" and "tsconfig", and "scripts", all of them strings',
    ),
    E.bimap(
      reason => failure(`${file} cannot be read: ${reason}`, 'Correct the file.'),
      ({ toru, scripts }) => ({
        entry: toru?.entry,
        tsconfig: toru?.tsconfig,
        scripts: scripts ?? {},
      }),
    ),
  )
}
