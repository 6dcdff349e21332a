import { existsSync } from 'node:fs'
import { cp, mkdir, readdir, rename, rm } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure } from '../cli-error.js'
import { attempt, temporaryName } from './files.js'

/** The packages that libsql consists of, besides the native ones. */
const PACKAGES = ['libsql', '@neon-rs/load', 'detect-libc']

/** Whether this Node.js has no built-in SQLite (before 22.13). */
export const needsLibsql = (): boolean => process.getBuiltinModule('node:sqlite') === undefined

/**
 * Puts the package libsql, with its native code for this machine, into `<folder>/node_modules`,
 * where a packed plugin looks for it. It replaces what was there in one step.
 */
export const includeLibsql = (folder: string): TaskEither<CliError, void> => {
  const from = packageFolder()
  return from === undefined
    ? TE.left(
        failure(
          'the package libsql is not installed',
          'Run npm install libsql, or pack with --no-libsql for servers with Node.js 22.13 ' +
            'or newer.',
        ),
      )
    : attempt(`libsql cannot be copied into ${folder}`, async () => {
        const target = join(folder, 'node_modules')
        const next = temporaryName(target)
        for (const name of [...PACKAGES, ...(await nativePackages(from))]) {
          const source = [join(from, 'libsql', 'node_modules', name), join(from, name)].find(path =>
            existsSync(path),
          )
          if (source === undefined) continue
          await mkdir(dirname(join(next, name)), { recursive: true })
          await cp(source, join(next, name), {
            recursive: true,
            dereference: true,
            filter: path => !/\/(types|README\.md|bin)$/.test(path),
          })
        }
        await rm(target, { recursive: true, force: true })
        await rename(next, target)
      })
}

/** The `node_modules` that has libsql, an optional dependency of this package. */
const packageFolder = (): string | undefined => {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve('libsql')))
  } catch {
    return undefined
  }
}

const nativePackages = async (from: string): Promise<ReadonlyArray<string>> => {
  const kind = `${process.platform}-${process.arch}`
  const names = await readdir(join(from, '@libsql')).catch(() => [])
  return names
    .filter(name => name === kind || name.startsWith(`${kind}-`))
    .sort()
    .map(name => `@libsql/${name}`)
}
