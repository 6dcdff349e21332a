import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { binaryName } from '../../domain/host.js'
import { type CliError, failure } from '../cli-error.js'
import { type Bundle, bundlePlugin } from './bundle.js'
import { bundleFrontend } from './bundle-frontend.js'
import { type Described, describeCode } from './describe.js'
import { attempt, inTemporaryFolder, writeWhole } from './files.js'
import { includeLibsql, needsLibsql } from './include-libsql.js'
import { findProject, type Project } from './project.js'
import { isHidden, shellPart } from './shell-part.js'
import { standaloneProgram } from './standalone.js'
import { type Trial, tryOut } from './trial.js'

/** The options of {@link pack}. */
export interface PackOptions {
  /** The entry, or a folder that has it. */
  readonly entry: string | undefined
  /** The folder for the result. */
  readonly out: string
  /** Whether the file restarts the plugin when it dies. */
  readonly guardian: boolean
  /** Whether to include Node.js. */
  readonly standalone: boolean
  /** Whether to include libsql. By default, if this Node.js has no built-in SQLite. */
  readonly libsql: boolean | undefined
  /** Whether to run the result. */
  readonly run: boolean
  /** Called with what is being done. */
  readonly step: (text: string) => void
}

/** A packed plugin. Sizes are in bytes. */
export interface Packed {
  readonly id: string
  readonly version: string
  readonly file: string
  readonly size: number
  readonly frontend: { readonly file: string; readonly size: number } | undefined
  readonly libsql: boolean
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
        withStep(options, 'bundling', bundlePlugin(project.entry, project.root)),
        TE.bindTo('bundle'),
        TE.bind('described', ({ bundle }) =>
          inTemporaryFolder(folder => describeCode(bundle.code, folder)),
        ),
        TE.bind('file', ({ bundle, described }) =>
          withStep(options, 'writing', written(options, bundle, described)),
        ),
        TE.bind('frontend', ({ described }) =>
          packFrontend(project, options.out, described.metadata.id),
        ),
        TE.bind('libsql', ({ described }) =>
          libsqlIncluded(options, join(options.out, described.metadata.id)),
        ),
        TE.bind('trial', ({ described, file }) =>
          options.run
            ? withStep(options, 'running it in an empty folder', tryOut(file, described))
            : TE.right(undefined),
        ),
        TE.chain(({ bundle, described: { metadata }, file, frontend, libsql, trial }) =>
          pipe(
            attempt(`${file} cannot be read`, () => stat(file)),
            TE.map(({ size }) => ({
              id: metadata.id,
              version: metadata.version,
              file,
              size,
              frontend: frontend && { file: frontend.file, size: frontend.size },
              libsql,
              trial,
              parts: bundle.parts,
              warnings: [...bundle.warnings, ...(frontend?.warnings ?? [])],
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

const written = (
  options: PackOptions,
  bundle: Bundle,
  described: Described,
): TaskEither<CliError, string> => {
  const file = join(options.out, binaryName(described.metadata.id))
  const program: TaskEither<CliError, string | Uint8Array> = options.standalone
    ? standaloneProgram(bundle.code, described, options.guardian)
    : TE.fromEither(scriptOf(bundle.code, described, options.guardian))
  return pipe(
    program,
    TE.chain(content => writeWhole(file, content, 0o755)),
    TE.map(() => file),
  )
}

/** The content of a file that is both a shell script and JavaScript. */
export const scriptOf = (
  code: string,
  { metadata, metadataText }: Described,
  guardian: boolean,
): E.Either<CliError, string> => {
  const shell = shellPart({ id: metadata.id, metadata: metadataText, guardian })
  return isHidden(shell)
    ? E.right(`${shell}${code}`)
    : E.left(
        failure(
          'the shell part of the file would end too early. This is a bug in toru-plugin: ' +
            'please report it with your metadata',
        ),
      )
}

interface PackedFrontend {
  readonly file: string
  readonly size: number
  readonly warnings: Bundle['warnings']
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
    TE.chain(({ code, warnings }) =>
      pipe(
        writeWhole(file, code, 0o644),
        TE.map(() => ({ file, size: Buffer.byteLength(code), warnings })),
      ),
    ),
  )
}

const libsqlIncluded = ({ libsql }: PackOptions, folder: string): TaskEither<CliError, boolean> => {
  const isWanted = libsql ?? needsLibsql()
  return isWanted
    ? pipe(
        includeLibsql(folder),
        TE.map(() => true),
      )
    : TE.right(false)
}
