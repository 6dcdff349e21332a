import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { packedPackage, ROOT } from '../support/packed-project.js'
import { runFile } from '../support/packing.js'
import { folder } from '../support/plugin-process.js'
import { isNeededToRun, type Registry, startRegistry } from '../support/registry.js'

// What npm itself notes of a package that it installs, and what `toru-plugin new` makes of that.

const json = (...path: ReadonlyArray<string>) => JSON.parse(readFileSync(join(...path), 'utf8'))

/** Installs this package as its users do, and yields the folder that has its project. */
const installed = async (registry: Registry, spec: string, ...flags: ReadonlyArray<string>) => {
  const place = folder()
  const { code, stderr } = await runFile(
    'npm',
    ['install', spec, 'fp-ts', 'io-ts', '--prefix', place, ...flags],
    { cwd: place, env: registry.env },
  )
  if (code !== 0) throw new Error(stderr)
  return join(place, flags.includes('--global') ? 'lib' : '', 'node_modules/toru-plugin-api')
}

/** What a project depends on that an installed package makes. */
const dependencyBy = async (registry: Registry, own: string): Promise<string> => {
  const cwd = folder()
  const args = [join(own, 'dist/lib/cli/main.js'), 'new', 'demo', '--no-install']
  const { code, stderr } = await runFile(process.execPath, args, { cwd, env: registry.env })
  if (code !== 0) throw new Error(stderr)
  return json(cwd, 'demo/package.json').dependencies['toru-plugin-api']
}

test('what a registry has is depended on by its version, and anything else is packed', async t => {
  const { tarball } = await packedPackage()
  const empty = await startRegistry(t, { isWhole: isNeededToRun })
  const full = await startRegistry(t, {
    published: { 'toru-plugin-api': tarball },
    isWhole: isNeededToRun,
  })
  const { version } = json(ROOT, 'package.json')
  const file = `file:vendor/toru-plugin-api-${version}.tgz`
  const fromFile = await installed(full, tarball)
  const fromRegistry = await installed(full, 'toru-plugin-api')
  t.is(await dependencyBy(full, fromFile), file)
  t.is(await dependencyBy(empty, fromRegistry), `^${version}`)
  // npm notes nothing of a global package, so the registry is asked.
  const global = await installed(full, tarball, '--global')
  t.is(await dependencyBy(full, global), `^${version}`)
  t.is(await dependencyBy(empty, global), file)
})
