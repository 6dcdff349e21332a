import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { binaryName } from '../../domain/host.js'
import { type CliError, failure } from '../cli-error.js'
import { isAtLeast } from '../node-version.js'
import { type Bundle, bundlePlugin } from './bundle.js'
import { bundleFrontend } from './bundle-frontend.js'
import {
  carrySqlite,
  type Sqlite,
  type SqliteOptions,
  type SqliteSections,
} from './carry-sqlite.js'
import { type Described, describeCode } from './describe.js'
import { attempt, inTemporaryFolder, writeWhole } from './files.js'
import { packedFile } from './packed-file.js'
import { findProject, type Project } from './project.js'
import { isHidden, shellPart } from './shell-part.js'
import { standaloneProgram } from './standalone.js'
import { type Trial, tryOut } from './trial.js'
import { usesStore } from './uses-store.js'

/** The options of {@link pack}. */
export interface PackOptions extends SqliteOptions {
  /** The entry, or a folder that has it. */
  readonly entry: string | undefined
  /** The folder for the result. */
  readonly out: string
  /** Whether the file restarts the plugin when it dies. */
  readonly guardian: boolean
  /** Whether to run the result. */
  readonly run: boolean
}

/** A packed plugin. Sizes are in bytes. */
export interface Packed {
  readonly id: string
  readonly version: string
  readonly file: string
  readonly size: number
  readonly frontend: { readonly file: string; readonly size: number } | undefined
  readonly sqlite: Sqlite
  readonly trial: Trial | undefined
  readonly parts: Bundle['parts']
  readonly warnings: ReadonlyArray<string>
}

/**
 * Packs a plugin: bundles it, reads its description, writes `<out>/<id>.binary` and `<out>/<id>/`,
 * and runs the result.
 */
export const pack = (options: PackOptions): TaskEither<CliError, Packed> =>
  pipe(
    TE.fromEither(findProject(options.entry)),
    TE.chain(project =>
      pipe(
        withStep(options, 'Bundling', bundlePlugin(project.entry, project.root)),
        TE.bindTo('bundle'),
        TE.bind('described', ({ bundle }) =>
          inTemporaryFolder(folder => describeCode(bundle.code, folder)),
        ),
        TE.bind('frontend', ({ described }) =>
          packFrontend(project, options.out, described.metadata.id),
        ),
        TE.bind('usesStore', ({ bundle, frontend }) =>
          TE.fromTask(usesStore([...bundle.files, ...(frontend?.files ?? [])])),
        ),
        TE.bind('carried', ({ usesStore }) => carrySqlite(options, usesStore)),
        TE.bind('file', parts =>
          withStep(
            options,
            options.standalone ? 'Putting the plugin into a copy of Node.js' : 'Writing',
            written(options, parts),
          ),
        ),
        TE.bind('trial', ({ described, file }) =>
          options.run && runsHere(options)
            ? withStep(options, 'Running it in an empty folder', tryOut(file, described))
            : TE.right(undefined),
        ),
        TE.chain(({ bundle, described: { metadata }, file, frontend, carried, trial }) =>
          pipe(
            attempt(`${file} cannot be read`, () => stat(file)),
            TE.map(({ size }) => ({
              id: metadata.id,
              version: metadata.version,
              file,
              size,
              frontend: frontend && { file: frontend.file, size: frontend.size },
              sqlite: carried.sqlite,
              trial,
              parts: bundle.parts,
              warnings: [
                ...bundle.warnings,
                ...(frontend?.warnings ?? []),
                ...(options.run && !runsHere(options) ? [notRun(options)] : []),
              ],
            })),
          ),
        ),
      ),
    ),
  )

const withStep =
  <A>(
    { step }: PackOptions,
    text: string,
    work: TaskEither<CliError, A>,
  ): TaskEither<CliError, A> =>
  () => {
    step(text)
    return work()
  }

const runsHere = ({ node }: PackOptions): boolean => isAtLeast(process.versions.node, node)

const notRun = ({ node }: PackOptions): string =>
  `the result was not run: it is for Node.js ${node} and newer, and this is ${process.version}`

const written = (
  options: PackOptions,
  {
    bundle,
    described,
    usesStore,
    carried: { sections },
  }: {
    readonly bundle: Bundle
    readonly described: Described
    readonly usesStore: boolean
    readonly carried: SqliteSections
  },
): TaskEither<CliError, string> => {
  const file = join(options.out, binaryName(described.metadata.id))
  const program: TaskEither<CliError, string | Uint8Array> = options.standalone
    ? standaloneProgram(bundle.code, described, options.guardian)
    : TE.fromEither(scriptOf(bundle.code, described, options))
  return pipe(
    program,
    TE.map(program => packedFile(Buffer.from(program), sections, usesStore)),
    TE.chain(content => writeWhole(file, content, 0o755)),
    TE.map(() => file),
  )
}

/** The content of a file that is both a shell script and JavaScript. */
export const scriptOf = (
  code: string,
  { metadata, metadataText }: Described,
  { guardian, node }: Pick<PackOptions, 'guardian' | 'node'>,
): E.Either<CliError, string> => {
  const shell = shellPart({ id: metadata.id, metadata: metadataText, guardian, node })
  return isHidden(shell)
    ? E.right(`${shell}${code}`)
    : E.left(
        failure(
          'the shell part of the file would end too early',
          'This is a bug in toru-plugin: please report it with the metadata of the plugin.',
        ),
      )
}

interface PackedFrontend extends Pick<Bundle, 'warnings' | 'files'> {
  readonly file: string
  readonly size: number
}

const packFrontend = (
  { frontend, root }: Project,
  out: string,
  id: string,
): TaskEither<CliError, PackedFrontend | undefined> => {
  if (frontend === undefined) return TE.right(undefined)
  const file = join(out, id, 'bundle.js')
  return pipe(
    bundleFrontend({ entry: frontend, root, id }),
    TE.chain(({ code, warnings, files }) =>
      pipe(
        writeWhole(file, code, 0o644),
        TE.map(() => ({ file, size: Buffer.byteLength(code), warnings, files })),
      ),
    ),
  )
}
