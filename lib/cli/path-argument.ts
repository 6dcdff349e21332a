import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { BINARY_SUFFIX, binaryName, defaultSocket, ID_PATTERN } from '../domain/host.js'
import { type CliError, usageError } from './cli-error.js'
import { guess } from './guess.js'

/** What is at a path. */
export type PathKind = 'nothing' | 'file' | 'folder' | 'socket' | 'special'

/** What a command takes as a path. */
export interface Wanted {
  readonly kinds: ReadonlyArray<PathKind>
  /** How the names of its files end. */
  readonly names: RegExp
  /** What to name, as a sentence. */
  readonly expected: string
}

/** What is at a path. A path that cannot be looked at counts as nothing. */
export const kindAt = (path: string): PathKind => {
  const found = E.tryCatch(() => statSync(path), E.toError)
  if (E.isLeft(found)) return 'nothing'
  const stats = found.right
  if (stats.isFile()) return 'file'
  if (stats.isDirectory()) return 'folder'
  return stats.isSocket() ? 'socket' : 'special'
}

/** The kind of a path, if that is wanted. A usage error, with what may have been meant. */
export const pathArgument = (path: string, wanted: Wanted): E.Either<CliError, PathKind> => {
  const kind = kindAt(path)
  return wanted.kinds.includes(kind)
    ? E.right(kind)
    : E.left(usageError(`${path} ${IS[kind]}`, hintFor(path, kind, wanted)))
}

/** Whether a word is the address of a page, and no path. */
export const isUrl = (word: string): boolean => /^https?:\/\//.test(word)

const IS: Readonly<Record<PathKind, string>> = {
  nothing: 'does not exist',
  file: 'is a file',
  folder: 'is a folder',
  socket: 'is a socket',
  special: 'is neither a file, a folder nor a socket',
}

const hintFor = (path: string, kind: PathKind, wanted: Wanted): string => {
  if (isUrl(path)) return `${wanted.expected} For a URL use curl.`
  const fits = (one: string): boolean => {
    const found = kindAt(one)
    return wanted.kinds.includes(found) && (found !== 'file' || wanted.names.test(one))
  }
  const meant =
    kind === 'folder' ? below(path).find(fits) : (ofPlugin(path).find(fits) ?? similar(path, fits))
  if (meant === undefined) return wanted.expected
  return kind === 'folder' ? `Name a file in it, such as ${meant}.` : `Did you mean ${meant}?`
}

/** Where a plugin's file may be in its project, the entries as `pack` and `dev` look for them. */
export const ENTRIES = [
  'src/main.ts',
  'src/plugin.ts',
  'src/index.ts',
  'main.ts',
  'plugin.ts',
  'index.ts',
  'dist/main.js',
  'main.js',
  'index.js',
]

const below = (folder: string): ReadonlyArray<string> => [
  ...['packed', '.'].flatMap(name =>
    namesIn(join(folder, name))
      .filter(file => file.endsWith(BINARY_SUFFIX))
      .map(file => join(folder, name, file)),
  ),
  ...ENTRIES.map(name => join(folder, name)),
]

/** The files of a plugin whose id, or whose file without its folder, somebody wrote. */
const ofPlugin = (written: string): ReadonlyArray<string> => {
  const id = written.replace(/\.(binary|sock)$/, '')
  return ID_PATTERN.test(id)
    ? [
        defaultSocket(id),
        ...['.', 'packed', 'plugins'].map(folder => join(folder, binaryName(id))),
        ...below(id),
      ]
    : []
}

const similar = (path: string, fits: (path: string) => boolean): string | undefined => {
  const folder = dirname(path)
  const names = namesIn(folder).filter(name => fits(join(folder, name)))
  const name = guess(basename(path), names)
  return name === undefined ? undefined : join(folder, name)
}

const namesIn = (folder: string): ReadonlyArray<string> =>
  pipe(
    E.tryCatch(() => readdirSync(folder).sort(), E.toError),
    E.getOrElse((): ReadonlyArray<string> => []),
  )
