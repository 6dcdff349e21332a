import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import {
  dataDirectoryFindings,
  socketDirectoryFindings,
} from '../../../lib/cli/doctor/directories.js'
import { examine } from '../../../lib/cli/doctor/examine.js'
import type { Finding } from '../../../lib/cli/doctor/finding.js'
import { nodeFindings } from '../../../lib/cli/doctor/node.js'
import { orphans } from '../../../lib/cli/doctor/orphans.js'
import { projectFindings } from '../../../lib/cli/doctor/project.js'
import { staleSockets } from '../../../lib/cli/doctor/sockets.js'
import { isAtLeast } from '../../../lib/cli/node-version.js'
import { bin, ROOT } from '../../support/packed-project.js'
import { folder, startPlugin } from '../../support/plugin-process.js'
import { toruPlugin } from '../../support/terminal.js'

/** A directory with files, of which those that are no text are JSON. */
const directory = (files: Readonly<Record<string, unknown>>): string => {
  const place = folder()
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    writeFileSync(
      join(place, name),
      typeof content === 'string' || Buffer.isBuffer(content) ? content : JSON.stringify(content),
    )
  }
  return place
}

/** A project in which this package and its peers are installed. */
const project = (files: Readonly<Record<string, unknown>>): string => {
  const place = directory({ 'package.json': { type: 'module' }, ...files })
  mkdirSync(join(place, 'node_modules'), { recursive: true })
  symlinkSync(ROOT, join(place, 'node_modules', 'toru-plugin-api'))
  for (const name of ['fp-ts', 'io-ts']) {
    if (`node_modules/${name}/package.json` in files) continue
    symlinkSync(join(ROOT, 'node_modules', name), join(place, 'node_modules', name))
  }
  return place
}

const troubles = (findings: ReadonlyArray<Finding>) =>
  findings
    .filter(({ level }) => level !== 'ok')
    .map(({ check, level, found, mend }) => [level, check, found, mend])

const NODENEXT = { target: 'es2022', module: 'nodenext' }

test('a good project has nothing to mend', t => {
  const findings = projectFindings(project({ 'tsconfig.json': { compilerOptions: NODENEXT } }))
  t.deepEqual(troubles(findings), [])
  t.deepEqual(
    [...new Set(findings.map(({ check }) => check))],
    ['package', 'tsconfig', 'dependencies'],
  )
})

for (const [what, compilerOptions, type, expected] of [
  ['legacy decorators', { ...NODENEXT, experimentalDecorators: true }, 'module', []],
  [
    'legacy decorators for esnext, which tsc lowers',
    { ...NODENEXT, target: 'esnext', experimentalDecorators: true },
    'module',
    [],
  ],
  [
    'standard decorators for esnext',
    { ...NODENEXT, target: 'ESNext' },
    'module',
    [['error', /leaves decorators in the JavaScript/, /"target": "es2022"/]],
  ],
  [
    'standard decorators for esnext that something else compiles',
    { target: 'esnext', noEmit: true, module: 'esnext' },
    'module',
    [],
  ],
  [
    'decorator metadata',
    { ...NODENEXT, experimentalDecorators: true, emitDecoratorMetadata: true },
    'module',
    [['warning', /nothing uses/, /Remove/]],
  ],
  [
    'decorator metadata of standard decorators',
    { ...NODENEXT, emitDecoratorMetadata: true },
    'module',
    [['error', /tsc refuses/, /Remove/]],
  ],
  [
    'ES modules that package.json calls CommonJS',
    { ...NODENEXT, module: 'es2022' },
    'commonjs',
    [['error', /emits ES modules/, /"type": "module"/]],
  ],
  ['ES modules', { ...NODENEXT, module: 'es2022' }, 'module', []],
  [
    'CommonJS that package.json calls ES modules',
    { ...NODENEXT, module: 'commonjs' },
    'module',
    [['error', /emits CommonJS/, /nodenext/]],
  ],
  ['CommonJS', { ...NODENEXT, module: 'commonjs' }, 'commonjs', []],
  ['node20', { ...NODENEXT, module: 'Node20' }, 'commonjs', []],
  ['no module', { target: 'es2022' }, 'module', [['warning', /"module" is not set/, /nodenext/]]],
  [
    'old resolution',
    { ...NODENEXT, moduleResolution: 'node' },
    'module',
    [['error', /cannot resolve toru-plugin-api\/fp/, /nodenext/]],
  ],
  [
    'resolution for a bundler',
    { target: 'es2022', module: 'preserve', moduleResolution: 'bundler' },
    'module',
    [['warning', /does not find/, /nodenext/]],
  ],
] as const) {
  test(`tsconfig: ${what}`, t => {
    const place = project({ 'package.json': { type }, 'tsconfig.json': { compilerOptions } })
    const found = troubles(projectFindings(place))
    t.is(found.length, expected.length, JSON.stringify(found))
    for (const [index, [level, what, mend]] of expected.entries()) {
      t.deepEqual(found[index]?.slice(0, 2), [level, 'tsconfig'])
      t.regex(String(found[index]?.[2]), what)
      t.regex(String(found[index]?.[3]), mend)
    }
  })
}

test('a tsconfig may have comments and extend others: files, several, and packages; the nearest wins', t => {
  const place = project({
    'tsconfig.json': `{
      // the rest is inherited
      "extends": ["./base", "some-config/strict", "other-config"],
      "compilerOptions": { "module": "nodenext", },
    }`,
    'base.json': { extends: './deep/deeper.json', compilerOptions: { module: 'commonjs' } },
    'deep/deeper.json': {
      compilerOptions: { emitDecoratorMetadata: true, moduleResolution: 'node' },
    },
    'node_modules/some-config/package.json': { name: 'some-config' },
    'node_modules/some-config/strict.json': { compilerOptions: { experimentalDecorators: true } },
    'node_modules/other-config/tsconfig.json': {
      compilerOptions: { moduleResolution: 'nodenext' },
    },
  })
  t.deepEqual(troubles(projectFindings(place)), [
    [
      'warning',
      'tsconfig',
      'emitDecoratorMetadata is on, and nothing uses its output',
      'Remove "emitDecoratorMetadata".',
    ],
  ])
})

test('a package.json and a tsconfig.json may begin with a byte order mark', t => {
  const options = { compilerOptions: { target: 'es2023', module: 'nodenext' } }
  const files = { 'package.json': { type: 'module' }, 'tsconfig.json': options }
  const marked = Object.entries(files).map(([name, content]) => [
    name,
    `\ufeff${JSON.stringify(content)}`,
  ])
  t.deepEqual(troubles(projectFindings(project(Object.fromEntries(marked)))), [])
})

for (const [what, files, said] of [
  [
    'UTF-16',
    { 'tsconfig.json': Buffer.from('\ufeff{}', 'utf16le') },
    /tsconfig\.json cannot be read: it is UTF-16: save it as UTF-8/,
  ],
  [
    'a prototype',
    { 'tsconfig.json': '{ "compilerOptions": { "__proto__": {}, }, }' },
    /tsconfig\.json cannot be read: it has the key "__proto__"/,
  ],
  [
    'broken JSON',
    { 'tsconfig.json': '{\n  "compilerOptions": {\n    target: 1' },
    /tsconfig\.json cannot be read: line 3: InvalidSymbol/,
  ],
  [
    'a base that is missing',
    { 'tsconfig.json': { extends: './base.json' } },
    /base\.json cannot be read: ENOENT/,
  ],
  [
    'a package that is missing',
    { 'tsconfig.json': { extends: '@some/config' } },
    /it extends @some\/config, which is not installed/,
  ],
  [
    'a circle',
    { 'tsconfig.json': { extends: './b.json' }, 'b.json': { extends: './tsconfig.json' } },
    /it extends itself through /,
  ],
  [
    'a package.json that is none',
    { 'package.json': '[]' },
    /package\.json cannot be read: it is no JSON object/,
  ],
] as const) {
  test(`${what} is an error with its file`, t => {
    const [only, ...others] = troubles(projectFindings(project(files)))
    t.deepEqual(others, [])
    t.is(only?.[0], 'error')
    t.regex(String(only?.[2]), said)
  })
}

test('tsc does what the doctor says of esnext', t => {
  const source = 'const d = (v: unknown, c: unknown) => {}\nexport class A { @d m() {} }\n'
  const place = directory({ 'package.json': { type: 'module' }, 'a.ts': source })
  for (const [target, kept] of [
    ['esnext', true],
    ['es2022', false],
  ] as const) {
    const options = [
      '--target',
      target,
      '--module',
      'nodenext',
      '--outDir',
      join(place, target),
      '--types',
      '',
    ]
    const { status, stdout } = spawnSync(bin('tsc'), ['a.ts', '--ignoreConfig', ...options], {
      cwd: place,
      encoding: 'utf8',
    })
    t.is(status, 0, stdout)
    t.is(readFileSync(join(place, target, 'a.js'), 'utf8').includes('@d'), kept)
  }
})

test('packages that are missing, too old or there twice are errors with the command that helps', t => {
  const bare = directory({ 'package.json': {}, 'tsconfig.json': { compilerOptions: NODENEXT } })
  t.deepEqual(troubles(projectFindings(bare)), [
    [
      'error',
      'dependencies',
      'toru-plugin-api is not installed',
      'npm install toru-plugin-api fp-ts io-ts',
    ],
  ])
  const place = project({
    'node_modules/fp-ts/package.json': { version: '2.13.5' },
    'node_modules/io-ts/package.json': { version: '2.2.16' },
  })
  const [twice, old, ...others] = troubles(projectFindings(place))
  t.deepEqual(others, [])
  t.regex(
    String(twice?.[2]),
    /^there are two copies of fp-ts: .*\(2\.13\.5\) for the project and .*\(2\.16\.\d+\) for toru-plugin-api/,
  )
  t.regex(String(twice?.[3]), /^Run npm dedupe/)
  t.deepEqual(old, [
    'error',
    'dependencies',
    'io-ts is 2.2.16, and toru-plugin-api needs 2.2.20 or newer, before 3.0.0',
    'npm install io-ts@^2.2.20',
  ])
})

test('what the doctor needs of Node.js and of the peers is what package.json says', t => {
  const { engines, peerDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  t.is(engines.node, '>=20.19')
  t.is(peerDependencies['fp-ts'], '^2.13.0')
  t.is(peerDependencies['io-ts'], '^2.2.20')
  for (const [version, least, expected] of [
    ['v20.19.0', '20.19.0', true],
    ['20.18.9', '20.19.0', false],
    ['24.0.0', '20.19.0', true],
    ['2.9.0', '2.13.0', false],
    ['2.13.0-rc.1', '2.13.0', true],
    ['20', '20.19.0', false],
  ] as const) {
    t.is(isAtLeast(version, least), expected, version)
  }
})

test('an old Node.js, and none in the PATH', async t => {
  t.deepEqual(troubles(await nodeFindings(process.versions.node, process.env.PATH)), [])
  const place = folder()
  t.deepEqual(
    troubles(await nodeFindings('18.20.0', place)).map(finding => finding.slice(0, 3)),
    [
      ['error', 'node', 'Node.js 18.20.0 runs this command, and plugins need 20.19.0 or newer'],
      ['warning', 'node', 'node is not in the PATH, where a packed plugin looks for it'],
    ],
  )
  writeFileSync(join(place, 'node'), '#!/bin/sh\necho v16.1.0\n', { mode: 0o755 })
  t.deepEqual(
    troubles(await nodeFindings(process.versions.node, place)).map(finding => finding[2]),
    ['node in the PATH is v16.1.0, and plugins need 20.19.0 or newer'],
  )
})

test('a directory for sockets: missing, good, open to all, open to the group, a file', t => {
  const place = folder()
  const findings = (path: string) =>
    socketDirectoryFindings(path).map(({ level, found, mend }) => [level, found, mend])
  t.deepEqual(findings(join(place, 'none')), [
    ['ok', `${join(place, 'none')} does not exist: the first plugin makes it`, undefined],
  ])
  t.deepEqual(findings(place), [['ok', `${place} is safe for sockets`, undefined]])
  chmodSync(place, 0o777)
  t.deepEqual(findings(place), [
    [
      'error',
      `No socket is made in ${place}: every user of this machine may write to it.`,
      `Run \`chmod o-w ${place}\`, or set TORU_PLUGIN_SOCKET to a path elsewhere.`,
    ],
  ])
  chmodSync(place, 0o770)
  t.deepEqual(findings(place)[1]?.[0], 'warning')
  t.is(findings(place)[1]?.[2], `Run \`chmod g-w ${place}\`.`)
  const file = join(place, 'file')
  writeFileSync(file, '')
  t.deepEqual(findings(file), [['error', `${file} is not a directory`, 'Move it away.']])
})

test('directories for data: where data goes, and those that are not safe', t => {
  const place = folder()
  mkdirSync(join(place, 'notes'))
  mkdirSync(join(place, 'open'))
  chmodSync(join(place, 'open'), 0o777)
  const findings = dataDirectoryFindings({ TORU_DATA_DIR: place }, undefined)
  t.deepEqual(findings, [
    { check: 'data', level: 'ok', found: `data goes to ${place}/<plugin id>` },
    {
      check: 'data',
      level: 'error',
      found: `No data is kept in ${join(place, 'open')}: every user of this machine may write to it.`,
      mend: `Run \`chmod o-w ${join(place, 'open')}\`, or: Set TORU_DATA_DIR to a directory of your own.`,
    },
  ])
  const below = join(place, 'file', 'data')
  writeFileSync(join(place, 'file'), '')
  const unusable = troubles(dataDirectoryFindings({ TORU_DATA_DIR: below }, undefined))
  t.deepEqual(unusable, [
    [
      'error',
      'data',
      `none of the directories for data is writable: ${below}`,
      'Set TORU_DATA_DIR to a directory of your own.',
    ],
  ])
})

test('the socket of a dead plugin is found, that of a live one left alone', async t => {
  const place = folder()
  const plugin = await startPlugin(t, 'workshop', { path: join(place, 'live.sock') })
  writeFileSync(join(place, 'file.txt'), '')
  t.deepEqual(await staleSockets(place), [
    { check: 'stale sockets', level: 'ok', found: `1 sockets in ${place}, none of them stale` },
  ])
  plugin.child.kill('SIGKILL')
  await plugin.exited
  const path = join(place, 'live.sock')
  t.deepEqual(await staleSockets(place), [
    {
      check: 'stale sockets',
      level: 'warning',
      found: `nobody listens on ${path}: its plugin is gone`,
      mend: `rm ${path}`,
    },
  ])
})

test('a plugin whose host is gone is found, one whose host lives is not', async t => {
  const socket = join(folder(), 'orphan.sock')
  // The host: it starts a plugin in its own session, tells its id, and waits to be killed.
  const program = `
    const child = require('child_process').spawn('sleep', ['600'], { env: { TORU_PLUGIN_SOCKET: ${JSON.stringify(socket)} }, stdio: 'ignore' })
    child.once('spawn', () => console.log(child.pid))
    setInterval(() => undefined, 1000)`
  const host = spawn(process.execPath, ['-e', program], {
    detached: true,
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const [line] = await once(host.stdout, 'data')
  const pid = Number(line)
  t.teardown(() => {
    host.kill('SIGKILL')
    process.kill(pid, 'SIGKILL')
  })
  const own = () => orphans().filter(({ found }) => found.includes(socket))
  t.deepEqual(own(), [])
  host.kill('SIGKILL')
  await once(host, 'exit')
  t.deepEqual(own(), [
    {
      check: 'orphans',
      level: 'warning',
      found: `process ${pid} serves ${socket}, and the host that started it is gone`,
      mend: `kill ${pid}`,
    },
  ])
  process.kill(pid, 0)
})

test('the command shows every finding with its mend, and exits with 1 for errors only', async t => {
  const place = project({
    'tsconfig.json': { compilerOptions: { target: 'esnext', module: 'nodenext' } },
  })
  const { code, stdout } = await toruPlugin('doctor', place)
  t.is(code, 1)
  t.regex(
    stdout,
    /^error {4}tsconfig: "target": "esnext" leaves.*\n {11}Set "target": "es2022"\.$/m,
  )
  t.regex(stdout, /\n\n1 errors, \d+ warnings\n$/)
  const findings: ReadonlyArray<Finding> = JSON.parse(
    (await toruPlugin('doctor', place, '--json')).stdout,
  )
  t.true(findings.every(({ level, mend }) => level === 'ok' || mend !== undefined))
  t.true(
    [
      'node',
      'package',
      'tsconfig',
      'dependencies',
      'sockets',
      'data',
      'stale sockets',
      'orphans',
    ].every(name => findings.some(({ check }) => check === name)),
  )
})

test('without a project the machine is looked at, in the directories that the environment names', async t => {
  const place = folder()
  const env = {
    PATH: process.env.PATH,
    TORU_PLUGIN_SOCKET: join(place, 'sockets', 'a.sock'),
    TORU_DATA_DIR: join(place, 'data'),
  }
  const found = (await examine(place, env)).map(finding => finding.found)
  t.true(found.includes(`${join(place, 'package.json')} does not exist: no project to check`))
  t.true(found.includes(`${join(place, 'sockets')} does not exist: the first plugin makes it`))
  t.true(found.includes(`data goes to ${join(place, 'data')}/<plugin id>`))
})
