import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { isFromRegistry } from '../../../lib/cli/new/running-package.js'
import { folder } from '../../support/plugin-process.js'

/** The folder of an installed package, of which npm has noted something. */
const noted = (note: object): string => {
  const place = folder()
  const root = join(place, 'node_modules/a/node_modules/toru-plugin-api')
  mkdirSync(root, { recursive: true })
  const packages = { 'node_modules/a/node_modules/toru-plugin-api': note }
  writeFileSync(join(place, 'node_modules/.package-lock.json'), JSON.stringify({ packages }))
  return root
}

// Such as npm writes; what it does with real packages is in `spec/foreign`.
const NOTES: ReadonlyArray<readonly [note: object, known: boolean]> = [
  [{ resolved: 'https://registry.npmjs.org/toru-plugin-api/-/toru-plugin-api-1.0.0.tgz' }, true],
  [{ resolved: 'http://localhost:4873/toru-plugin-api/-/toru-plugin-api-1.0.0.tgz' }, true],
  [{ version: '1.0.0', integrity: 'sha512-…' }, true],
  [{ resolved: 'file:vendor/toru-plugin-api-1.0.0.tgz' }, false],
  [{ resolved: 'https://example.com/toru-plugin-api-1.0.0.tgz' }, false],
  [{ resolved: 'git+ssh://git@github.com/a/toru-plugin-api.git#1a2b3c' }, false],
  [{ resolved: '../toru-plugin-api', link: true }, false],
]

test('a package is from a registry if npm got it there', async t => {
  for (const [note, known] of NOTES)
    t.is(await isFromRegistry(noted(note), '1.0.0')(), known, JSON.stringify(note))
})

test('a checkout is not from a registry', async t => {
  t.false(await isFromRegistry(folder(), '1.0.0')())
})
