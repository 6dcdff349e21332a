import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join, relative, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { PluginDescription } from '../../domain/plugin-description.js'
import { makeFolder } from '../../plugin-process/make-folder.js'
import { type CliError, failure, failureOf } from '../cli-error.js'
import { findProject } from '../pack/project.js'
import type { Terminal } from '../terminal.js'
import { clientFile, FIRST_WORDS } from './client.js'
import { noteGaps } from './route-schemas.js'

/**
 * What to write, and where: a file, `-` for stdout, or `true` for `client.ts` beside the frontend's
 * entry.
 */
export interface ClientRequest {
  readonly entry: string
  readonly target: true | string
  /** Whether to compare the file instead of writing it. */
  readonly check: boolean
}

/** Writes the client of a plugin's frontend, or compares it with what is there. */
export const writeClient = (
  terminal: Terminal,
  plugin: PluginDescription,
  { entry, target, check }: ClientRequest,
): E.Either<CliError, void> => {
  const { text, gaps } = clientFile(plugin)
  noteGaps(terminal, gaps)
  if (target === '-') return E.right(terminal.write(text))
  const file = target === true ? placeOf(entry) : resolve(target)
  const shown = relative(process.cwd(), file)
  const isCurrent = saysTheSame(file, text)
  if (check)
    return isCurrent
      ? E.right(terminal.note(`${shown} is up to date`))
      : E.left(
          failure(
            `${shown} is out of date`,
            'Run the same command without --check to write it again.',
          ),
        )
  // A formatted file stays as it is, and so does its time.
  if (isCurrent) return E.right(terminal.note(`${shown} is up to date already`))
  return pipe(
    stored(file, text),
    E.map(() => terminal.note(`wrote ${shown}`)),
  )
}

/** Writes a client to a file, and makes its directory. */
const stored = (file: string, text: string): E.Either<CliError, void> =>
  E.tryCatch(
    () => {
      makeFolder(dirname(file))
      writeFileSync(file, text)
    },
    cause => failureOf(`${relative(process.cwd(), file)} cannot be written`, cause),
  )

/**
 * Writes an existing client again if it is out of date, and yields whether it was. A file that is
 * missing, or that somebody wrote by hand, is left alone.
 */
export const renewClient = (
  file: string,
  plugin: PluginDescription,
): E.Either<CliError, boolean> => {
  if (!textOf(file).startsWith(FIRST_WORDS)) return E.right(false)
  const { text } = clientFile(plugin)
  return saysTheSame(file, text)
    ? E.right(false)
    : pipe(
        stored(file, text),
        E.map(() => true),
      )
}

const textOf = (file: string): string => (existsSync(file) ? readFileSync(file, 'utf8') : '')

const saysTheSame = (file: string, text: string): boolean => essence(textOf(file)) === essence(text)

const placeOf = (entry: string): string => {
  const project = findProject(entry)
  if (E.isLeft(project)) return resolve('frontend/client.ts')
  const { frontend, root } = project.right
  return clientBeside(frontend ?? join(root, 'frontend', 'main.ts'))
}

/** Where the client of a frontend stands: beside its entry. */
export const clientBeside = (frontend: string): string => join(dirname(frontend), 'client.ts')

/** A text without what a formatter may change. */
const essence = (text: string): string =>
  text
    .replace(/[\s;,]/g, '')
    .replaceAll("'", '"')
    .replace(/([=:(<{[])\|/g, '$1')
