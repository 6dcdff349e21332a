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
import { carryLibsql, needsLibsql } from './include-libsql.js'
import { findProject, type Project } from './project.js'
import { isHidden, shellPart } from './shell-part.js'
import { standaloneProgram } from './standalone.js'
import { type Trial, tryOut } from './trial.js'

/** How to pack. */
export interface PackOptions {
  /** The entry, or a folder that has one. */
  readonly entry: string | undefined
  /** The folder for the result. */
  readonly out: string
  /** Whether the file starts the plugin again when it dies. */
  readonly guardian: boolean
  /** Whether to make a program that has Node.js in it. */
  readonly standalone: boolean
  /**
   * Whether to carry the package libsql; unless said, where this Node.js has no SQLite of its own.
   */
  readonly libsql: boolean | undefined
  /** Whether to run the result. */
  readonly run: boolean
  /** Is told what is being done. */
  readonly step: (text: string) => void
}

/** What was packed. Sizes are in bytes, times in milliseconds. */
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
 * Packs a plugin: bundles it, asks it what it is, writes `<out>/<id>.binary` and what goes into
 * `<out>/<id>/`, and runs the result.
 */
export const pack = (options: PackOptions): TaskEither<CliError, Packed> =>
  pipe(
    TE.fromEither(findProject(options.entry)),
    TE.chain(project =>
      pipe(
        told(options, 'bundling', bundlePlugin(project.entry, project.root)),
        TE.bindTo('bundle'),
        TE.bind('described', ({ bundle }) =>
          inTemporaryFolder(folder => describeCode(bundle.code, folder)),
        ),
        TE.bind('file', ({ bundle, described }) =>
          told(options, 'writing', written(options, bundle, described)),
        ),
        TE.bind('frontend', ({ described }) =>
          packFrontend(project, options.out, described.metadata.id),
        ),
        TE.bind('libsql', ({ described }) =>
          carried(options, join(options.out, described.metadata.id)),
        ),
        TE.bind('trial', ({ described, file }) =>
          options.run
            ? told(options, 'running it in an empty folder', tryOut(file, described))
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

const told =
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

/** The file that is a shell script and JavaScript at once. */
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
          'the shell part of the file would end too early: this is a mistake in toru-plugin, please report it with your metadata',
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

const carried = ({ libsql }: PackOptions, folder: string): TaskEither<CliError, boolean> => {
  const isWanted = libsql ?? needsLibsql()
  return isWanted
    ? pipe(
        carryLibsql(folder),
        TE.map(() => true),
      )
    : TE.right(false)
}
