// The programs whose start and whose memory are measured.
import { execFileSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { DIST } from '../process.js'

/** The sample that is started. */
export const HELLO = join(DIST, 'samples/hello/main.js')

/** Files that were written for the bench, in a folder of its own. */
export interface Programs {
  /** An empty file. */
  readonly empty: string
  /** Imports the given packages that ours imports on its way to the socket, and nothing else. */
  readonly given: string
  /** Imports `reflect-metadata` and `io-ts`. */
  readonly essentials: string
  /** The hello sample as `toru-plugin pack` makes it: one file. */
  readonly bundle: string
}

/** Writes the programs into a folder. */
export const writePrograms = (folder: string): Programs => {
  mkdirSync(folder, { recursive: true })
  const file = (name: string, text: string): string => {
    writeFileSync(join(folder, name), text)
    return join(folder, name)
  }
  const pack = [join(DIST, 'lib/cli/main.js'), 'pack', HELLO, '--out', folder, '--no-run']
  execFileSync(process.execPath, pack, { stdio: 'ignore' })
  return {
    empty: file('empty.cjs', ''),
    given: file('given.mjs', importing(packagesOf(join(DIST, 'lib/index.js')))),
    essentials: file('essentials.mjs', importing(['reflect-metadata', 'io-ts'])),
    bundle: join(folder, 'my-plugin.binary'),
  }
}

const { resolve } = createRequire(import.meta.url)

const importing = (packages: ReadonlyArray<string>): string =>
  packages.map(name => `import ${JSON.stringify(pathToFileURL(resolve(name)).href)}\n`).join('')

/**
 * The packages that a compiled file and its imports import. Of dynamic imports, only the two that
 * every start needs count.
 */
export const packagesOf = (entry: string): ReadonlyArray<string> => {
  const seen = new Set<string>()
  const packages = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    for (const specifier of importsOf(readFileSync(file, 'utf8'))) {
      if (specifier.startsWith('.')) visit(join(dirname(file), specifier))
      else if (!specifier.startsWith('node:')) packages.add(specifier)
    }
  }
  visit(entry)
  return [...packages].sort()
}

const importsOf = (text: string): ReadonlyArray<string> => [
  ...[...text.matchAll(/^(?:import|export)\s(?:[^'"]*?\sfrom\s)?['"]([^'"]+)['"]/gm)].map(
    ([, specifier = '']) => specifier,
  ),
  ...[...text.matchAll(/import\('(\.\/(?:start|serve)\.js)'\)/g)].map(
    ([, specifier = '']) => specifier,
  ),
]
