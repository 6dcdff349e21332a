import { dirname, join, relative, sep } from 'node:path'
import { isAtLeast } from '../node-version.js'
import type { TsConfig } from './tsconfig.js'

/** Where the compiler puts its output without `outDir`. */
export const besideSource = (source: string): string => source.replace(/\.([cm]?)tsx?$/, '.$1js')

/**
 * The file that a compiler of this version makes of a source. `program` has the files that it
 * compiles.
 */
export const outputIn = (
  { file, options: { outDir, rootDir, composite } }: TsConfig,
  version: string,
  program: ReadonlyArray<string>,
  source: string,
): string => {
  if (outDir === undefined) return besideSource(source)
  const root =
    rootDir ??
    (composite || isAtLeast(version, '6.0.0') ? dirname(file) : commonFolder(emitted(program)))
  return besideSource(join(outDir, relative(root, source)))
}

const emitted = (program: ReadonlyArray<string>): ReadonlyArray<string> =>
  program.filter(
    file => !/\.d\.(?:[^/]+\.)?[cm]?ts$/.test(file) && !file.includes(`${sep}node_modules${sep}`),
  )

/** The folder that has all files, or whose folders have. */
const commonFolder = (files: ReadonlyArray<string>): string => {
  const [first = [], ...rest] = files.map(file => dirname(file).split(sep))
  const length = first.findIndex((part, index) => rest.some(parts => parts[index] !== part))
  return first.slice(0, length === -1 ? undefined : length).join(sep) || sep
}
