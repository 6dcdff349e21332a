import { chmodSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { carrySqlite, type Sqlite, type SqliteOptions } from '../../../lib/cli/pack/carry-sqlite.js'
import { sqliteFor } from '../../../lib/cli/pack/sqlite-library.js'
import {
  DEFAULT_TARGETS,
  hasSqlite,
  oldestNodeOf,
  systemsOf,
} from '../../../lib/cli/pack/target-options.js'
import { nativeSystem } from '../../../lib/kv/sqlite/driver/native-system.js'
import { pluginText, project } from '../../support/packing.js'
import { folder } from '../../support/plugin-process.js'
import { toruPlugin } from '../../support/terminal.js'

// Which packed file carries SQLite, and for which systems.

const packedWith = async (files: Readonly<Record<string, string>>): Promise<unknown> => {
  const args = ['--out', folder(), '--no-run', '--json']
  const { stdout, stderr } = await toruPlugin('pack', project(files), ...args)
  return stdout === '' ? stderr : JSON.parse(stdout).sqlite
}

const carriedFor = (...systems: ReadonlyArray<string>): Sqlite => ({
  _tag: 'Carried',
  version: '0.5.29',
  systems,
})

const decided = async (
  options: Partial<SqliteOptions>,
  usesStore = true,
): Promise<Sqlite | string> => {
  const defaults = { ...DEFAULT_TARGETS, sqlite: true, standalone: false, step: () => undefined }
  const result = await carrySqlite({ ...defaults, ...options }, usesStore)()
  return E.isLeft(result) ? result.left.message : result.right.sqlite
}

test.serial(
  'a file carries SQLite if the plugin has a store and the servers may have none',
  async t => {
    const none = (because: string): Sqlite => ({ _tag: 'None', because })
    t.deepEqual(await decided({}), carriedFor(nativeSystem()))
    t.deepEqual(await decided({}, false), none('the plugin does not use its store'))
    t.deepEqual(await decided({ arch: ['linux-x64-gnu'] }, false), carriedFor('linux-x64-gnu'))
    t.deepEqual(await decided({ sqlite: false }), none('--no-sqlite'))
    t.deepEqual(await decided({ node: '22.13' }), none('Node.js 22.13 has its own'))
    t.deepEqual(await decided({ node: '22.12' }), carriedFor(nativeSystem()))
    t.deepEqual(
      await decided({ standalone: true }),
      hasSqlite(process.versions.node)
        ? none('the Node.js in it has its own')
        : carriedFor(nativeSystem()),
    )
  },
)

test.serial('a plugin uses its store if its backend or its frontend says so', async t => {
  const none = { _tag: 'None', because: 'the plugin does not use its store' }
  const main = { 'main.js': pluginText({}) }
  t.deepEqual(await packedWith({ ...main, 'frontend/main.ts': 'console.log(1)' }), none)
  const frontend = "api.kv.get('x'); declare const api: any"
  t.deepEqual(
    await packedWith({ ...main, 'frontend/main.ts': frontend }),
    carriedFor(nativeSystem()),
  )
})

test.serial('--node names the oldest Node.js of the servers', t => {
  const read = (text: string) => E.toUnion(oldestNodeOf(text))
  t.deepEqual(
    ['20', '20.19', '20.19.0', '21', '22', '22.12', '22.13', '23', '24', '26.1'].map(read),
    ['20.19', '20.19', '20.19.0', '21.0', '22.13', '22.12', '22.13', '23.4', '24.0', '26.1'],
  )
  for (const text of ['', '18', '20.18', '22.13.1', 'v22', '22.', 'lts', '-1', '>=22', '1e2'])
    t.true(E.isLeft(oldestNodeOf(text)), text)
  t.deepEqual(['20.19', '22.12', '22.13', '23.0', '23.3', '23.4', '24.0'].map(hasSqlite), [
    false,
    false,
    true,
    false,
    false,
    true,
    true,
  ])
})

test.serial('--arch names systems as people do', t => {
  const read = (...given: ReadonlyArray<string>) => E.toUnion(systemsOf(given))
  t.deepEqual(read('x64'), ['linux-x64-gnu'])
  t.deepEqual(read('x86_64,aarch64', 'arm', 'x64'), [
    'linux-x64-gnu',
    'linux-arm64-gnu',
    'linux-arm-gnueabihf',
  ])
  t.deepEqual(read('x64-musl, linux-arm64-musl'), ['linux-x64-musl', 'linux-arm64-musl'])
  for (const text of [
    '',
    'x',
    'x6',
    'mips',
    'x64-',
    'darwin-arm64',
    'linux',
    'x64,,arm64',
    'x64 arm64',
  ])
    t.true(E.isLeft(systemsOf([text])), text)
})

test.serial('wrong targets are errors of the command line that say what to write', async t => {
  const root = project({ 'main.js': '' })
  const errors = await Promise.all(
    [
      ['--arch', 'mips'],
      ['--node', '18'],
      ['--standalone', '--arch', 'x64'],
      ['--standalone', '--node', '22'],
    ].map(args => toruPlugin('pack', root, ...args)),
  )
  t.deepEqual(
    errors.map(({ code }) => code),
    [2, 2, 2, 2],
  )
  t.regex(
    errors[0]?.stderr ?? '',
    /--arch mips: expected x64, arm64 or arm for a system with glibc, or one of linux-x64-gnu, /,
  )
  t.regex(
    errors[1]?.stderr ?? '',
    /--node 18: expected the oldest Node\.js of the servers, 20\.19 or newer\n.*--node 22\./,
  )
})

/** A folder with an npm that packs a library of these bytes, or fails. */
const fakeNpm = (library: string | undefined): string => {
  const place = folder()
  mkdirSync(join(place, 'package'))
  writeFileSync(join(place, 'package', 'index.node'), library ?? '')
  writeFileSync(
    join(place, 'npm'),
    library === undefined
      ? '#!/bin/sh\necho "npm error network" >&2; exit 1\n'
      : `#!/bin/sh\n[ "$1 $2" = "pack @libsql/linux-arm-musleabihf@0.5.29" ] || exit 9\ntar -czf "$4/x.tgz" -C ${place} package\n`,
  )
  chmodSync(join(place, 'npm'), 0o755)
  return place
}

test.serial('a library that is not installed is fetched with npm once, and kept', async t => {
  const { PATH, XDG_CACHE_HOME } = process.env
  t.teardown(() => Object.assign(process.env, { PATH, XDG_CACHE_HOME: XDG_CACHE_HOME ?? '' }))
  process.env.XDG_CACHE_HOME = folder()
  const get = (npm: string) => {
    process.env.PATH = `${npm}:${PATH}`
    return sqliteFor(['linux-arm-musleabihf'], () => undefined)()
  }
  t.deepEqual(
    await get(fakeNpm(undefined)),
    E.left({
      message:
        '@libsql/linux-arm-musleabihf@0.5.29 is not installed and cannot be fetched: npm: it ended with exit code 1\nnpm error network',
      hint: 'Solve that, or install it: npm install --no-save --force @libsql/linux-arm-musleabihf@0.5.29',
      code: 1,
    }),
  )
  for (const library of ['a library', undefined]) {
    const got = await get(fakeNpm(library))
    const { compressed } = (E.isRight(got) ? got.right.sections[1] : undefined) ?? {}
    t.is(brotliDecompressSync(compressed ?? '').toString(), 'a library')
  }
})
