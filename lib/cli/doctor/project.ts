import { realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { isAtLeast } from '../node-version.js'
import { compilerFindings } from './compiler.js'
import { type Finding, reporter } from './finding.js'
import { readJson } from './json-file.js'

const { ok, error } = reporter('package')

/**
 * Checks a project: its package.json, its tsconfig.json, and its dependencies. A directory without
 * a package.json is no project.
 */
export const projectFindings = (directory: string): ReadonlyArray<Finding> => {
  const file = resolve(directory, 'package.json')
  const manifest = readJson(file, false)
  if (E.isLeft(manifest)) {
    return manifest.left.missing
      ? [ok(`${file} does not exist: no project to check`)]
      : [error(`${file} cannot be read: ${manifest.left.reason}`, 'Correct the file.')]
  }
  const type = manifest.right.type === 'module' ? 'module' : 'commonjs'
  return [
    ok(`"type": "${type}" in ${file}`),
    ...compilerFindings(resolve(directory), type),
    ...dependencyFindings(file),
  ]
}

const PACKAGE = 'toru-plugin-api'
/** The oldest versions that this package works with, as in its `peerDependencies`. */
const PEERS = { 'fp-ts': '2.13.0', 'io-ts': '2.2.20' } as const

const dependencyFindings = (file: string): ReadonlyArray<Finding> => {
  const dependencies = reporter('dependencies')
  const own = located(PACKAGE, file)
  if (own === undefined) {
    return [
      dependencies.error(
        `${PACKAGE} is not installed`,
        `npm install ${PACKAGE} ${Object.keys(PEERS).join(' ')}`,
      ),
    ]
  }
  return Object.entries(PEERS).map(([name, oldest]) => {
    const here = located(name, file)
    if (here === undefined)
      return dependencies.error(`${name} is not installed`, `npm install ${name}`)
    if (!isAtLeast(here.version, oldest) || isAtLeast(here.version, '3.0.0')) {
      return dependencies.error(
        `${name} is ${here.version}, and ${PACKAGE} needs ${oldest} or newer, before 3.0.0`,
        `npm install ${name}@^${oldest}`,
      )
    }
    const there = located(name, own.file)
    if (there !== undefined && there.file !== here.file) {
      return dependencies.error(
        `there are two copies of ${name}: ${here.file} (${here.version}) for the project and ${there.file} (${there.version}) for ${PACKAGE}. ` +
          'The codecs of one copy do not work with the other',
        `Run npm dedupe; if both stay: npm install ${name}@${there.version}`,
      )
    }
    return dependencies.ok(`${name} ${here.version}`)
  })
}

/** The real path of the package.json that imports of a package resolve to, if it is installed. */
const located = (
  name: string,
  from: string,
): { readonly file: string; readonly version: string } | undefined => {
  const found = E.tryCatch(
    () => realpathSync(createRequire(from).resolve(join(name, 'package.json'))),
    E.toError,
  )
  if (E.isLeft(found)) return undefined
  const manifest = readJson(found.right, false)
  const version = E.isRight(manifest) ? manifest.right.version : undefined
  return { file: found.right, version: typeof version === 'string' ? version : '0.0.0' }
}
