import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, realpathSync, type Stats, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join, resolve } from 'node:path'
import { O, pipe } from '../../fp.js'

/** The files of a program, and whether it is still the same. */
export interface Program {
  readonly files: ReadonlyArray<string>
  /** Changes with the content of a file, and with the set of files. */
  readonly version: string
}

/** What is known of a file until it changes. */
interface Known {
  readonly mark: string
  readonly hash: string
  /** The files and folders that its texts name. */
  readonly named: ReadonlyArray<string>
}

/** More files are not a program that anybody wrote. */
const MAX_FILES = 5_000

/**
 * Reads the files of a program of compiled JavaScript: those in the entry's folder, those that a
 * text in one of them names by a path (imports, workers, `new URL('./schema.sql', …)`), and the
 * packages of the same workspace. `without` is a folder that is no part of it.
 */
export const programReader = (entry: string, without: string | undefined): (() => Program) => {
  const known = new Map<string, Known>()
  const read = (file: string, stats: Stats): Known => {
    const mark = `${stats.mtimeMs} ${stats.size} ${stats.ino}`
    const before = known.get(file)
    if (before?.mark === mark) return before
    const text = textOf(file)
    const now = { mark, hash: hashOf(text), named: IS_CODE.test(file) ? namedIn(text, file) : [] }
    known.set(file, now)
    return now
  }
  return () => {
    const files = new Map<string, string>()
    const folders = new Set<string>()
    const queue: string[] = [entry, dirname(entry)]
    // The loop also visits what it adds.
    for (const path of queue) {
      if (files.has(path) || folders.has(path) || path === without) continue
      const stats = O.toUndefined(O.tryCatch(() => statSync(path)))
      if (stats?.isDirectory() === true) {
        folders.add(path)
        queue.push(...filesIn(path, isBelow(dirname(entry), path) ? IS_PROGRAM : ANYTHING))
      } else if (stats?.isFile() === true && files.size < MAX_FILES) {
        const { hash, named } = read(path, stats)
        files.set(path, hash)
        queue.push(...named)
      }
    }
    const all = [...files].sort(([a], [b]) => (a < b ? -1 : 1))
    return {
      files: all.map(([file]) => file),
      version: hashOf(JSON.stringify(all)),
    }
  }
}

const hashOf = (text: string): string => createHash('sha1').update(text).digest('base64')

const IS_CODE = /\.[cm]?js$/
const IS_PROGRAM = /\.(?:[cm]?js|json|node|wasm)$/
const ANYTHING = /./

const isBelow = (folder: string, path: string): boolean => `${path}/`.startsWith(`${folder}/`)

/** The files in a folder with such a name, and the folders below. */
const filesIn = (folder: string, names: RegExp): ReadonlyArray<string> =>
  pipe(
    O.tryCatch(() => readdirSync(folder, { withFileTypes: true })),
    O.match(
      () => [],
      entries =>
        entries
          .filter(({ name }) => !name.startsWith('.') && name !== 'node_modules')
          .filter(entry => entry.isDirectory() || names.test(entry.name))
          .map(({ name }) => join(folder, name)),
    ),
  )

/** What stands between two quotation marks, up to what a template fills in. */
const TEXT = /(?<=['"`])[^'"`\s\\$]{1,200}(?=['"`$])/g

/** The files and folders that texts in a file of JavaScript name. */
const namedIn = (code: string, file: string): ReadonlyArray<string> => {
  const folder = dirname(file)
  const texts = new Set(code.match(TEXT))
  return [...texts].flatMap(text => {
    // An absolute path is of the system, and may lead anywhere.
    if (/^(?:[./]*$|\/)/.test(text)) return []
    const path = resolve(folder, text)
    if (!text.includes('\0') && existsSync(path)) return [path]
    return /^[@\w]/.test(text) ? inWorkspace(text, file) : []
  })
}

/** Not what an author works on, also where it is a link. */
const OWN_PACKAGE = /^toru-plugin-api(?:\/|$)/

/** What an import finds in a package that is a link to somewhere else, as in a workspace. */
const inWorkspace = (specifier: string, file: string): ReadonlyArray<string> => {
  const [scope = '', name = ''] = specifier.split('/')
  const root = linkedPackage(scope.startsWith('@') ? join(scope, name) : scope, dirname(file))
  if (root === undefined || OWN_PACKAGE.test(specifier)) return []
  return pipe(
    O.tryCatch(() => [realpathSync(createRequire(file).resolve(specifier))]),
    // What only `import` finds. Its package.json names it among others.
    O.getOrElse(() => namedIn(textOf(join(root, 'package.json')), join(root, 'package.json'))),
  )
}

const linkedPackage = (name: string, folder: string): string | undefined => {
  const real = O.tryCatch(() => realpathSync(join(folder, 'node_modules', name)))
  if (O.isSome(real)) return real.value.includes('/node_modules/') ? undefined : real.value
  return dirname(folder) === folder ? undefined : linkedPackage(name, dirname(folder))
}

/** Bytes that are no UTF-8 stay apart from each other. */
const textOf = (file: string): string =>
  O.getOrElse(() => '')(O.tryCatch(() => readFileSync(file, 'latin1')))
