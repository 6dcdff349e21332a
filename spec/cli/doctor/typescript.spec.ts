import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { typescriptFindings } from '../../../lib/cli/doctor/typescript.js'
import { ROOT } from '../../support/packed-project.js'
import { folder } from '../../support/plugin-process.js'

const write = (place: string, files: Readonly<Record<string, string | object>>): string => {
  for (const [name, content] of Object.entries(files)) {
    mkdirSync(dirname(join(place, name)), { recursive: true })
    const text = typeof content === 'string' ? content : JSON.stringify(content)
    writeFileSync(join(place, name), text)
  }
  return place
}

/** A project with the compiler of this package. */
const project = (compilerOptions: object, more: object = { include: ['src'] }): string => {
  const place = write(folder(), {
    'package.json': { type: 'module' },
    'tsconfig.json': { compilerOptions, ...more },
    'src/main.ts': 'export const wrong: string = 1\n',
  })
  mkdirSync(join(place, 'node_modules'))
  for (const name of ['typescript', '@typescript', '@types'])
    symlinkSync(join(ROOT, 'node_modules', name), join(place, 'node_modules', name))
  return place
}

const GOOD = { target: 'es2022', module: 'nodenext', types: [] }
const OUT = { ...GOOD, rootDir: 'src', outDir: 'dist' }

test('what the compiler accepts is fine, and wrong types are not its business here', async t => {
  for (const options of [GOOD, OUT, { ...OUT, noEmit: true }, { ...OUT, composite: true }]) {
    const place = project(options)
    const before = readdirSync(place, { recursive: true })
    t.deepEqual(
      (await typescriptFindings(place)).map(({ level }) => level),
      ['ok'],
      JSON.stringify(options),
    )
    t.deepEqual(readdirSync(place, { recursive: true }), before, 'nothing is written')
  }
})

for (const [what, options, more, found, mend] of [
  [
    'an output folder without rootDir',
    { ...GOOD, outDir: 'dist' },
    undefined,
    /TS5011: The common source directory .* is '\.\/src'\. The 'rootDir' setting/,
    'Set "rootDir": "./src", so that the output is not in dist/src.',
  ],
  [
    'a target',
    { ...GOOD, target: 'es5' },
    undefined,
    /TS5108: .*'target=ES5' has been removed/,
    'Set "target": "es2022".',
  ],
  [
    'a module',
    { target: 'es2022', module: 'amd', types: [] },
    undefined,
    /TS5108: .*'module=AMD' has been removed/,
    'Set "module": "nodenext".',
  ],
  [
    'baseUrl',
    { ...GOOD, baseUrl: '.' },
    undefined,
    /TS5102: Option 'baseUrl' has been removed/,
    'Remove "baseUrl".',
  ],
  [
    'a value',
    { ...GOOD, alwaysStrict: false },
    undefined,
    /'alwaysStrict=false' has been removed/,
    'Remove "alwaysStrict".',
  ],
  [
    'an option that nobody knows',
    { ...GOOD, outdir: 'dist' },
    undefined,
    /TS5023: Unknown compiler option 'outdir'|Did you mean/,
    'Correct that; npx tsc -p . shows it again.',
  ],
  [
    'types that are not installed',
    { ...GOOD, types: ['nowhere'] },
    undefined,
    /TS2688: Cannot find type definition file for 'nowhere'/,
    'npm install --save-dev @types/nowhere',
  ],
  [
    'no files',
    GOOD,
    { include: ['source'] },
    /TS18003: No inputs were found/,
    'Put the plugin into src/main.ts, or correct "include".',
  ],
] as const)
  test(`${what} that TypeScript refuses is found, with a mend`, async t => {
    const findings = await typescriptFindings(project(options, more))
    const ours = findings.find(one => found.test(one.found))
    t.truthy(ours, JSON.stringify(findings))
    t.deepEqual([ours?.level, ours?.mend], ['error', mend])
    t.regex(ours?.found ?? '', /^TypeScript 7\.\d+\.\d+ refuses .*tsconfig\.json, and so/)
  })

test('the frontend has a tsconfig.json of its own', async t => {
  const place = project(OUT)
  write(place, {
    'frontend/tsconfig.json': { compilerOptions: { ...GOOD, target: 'es3', noEmit: true } },
    'frontend/main.ts': '',
  })
  const [finding] = await typescriptFindings(place)
  t.regex(finding?.found ?? '', /refuses .*frontend\/tsconfig\.json.*TS/)
})

test('a compiler that is missing, too old or broken is found', async t => {
  const place = write(folder(), {
    'package.json': { scripts: { build: 'tsc' } },
    'tsconfig.json': { compilerOptions: GOOD },
    'main.ts': '',
  })
  const only = async () => (await typescriptFindings(place)).map(({ check: _, ...rest }) => rest)
  t.deepEqual(await only(), [
    {
      level: 'error',
      found:
        'typescript is not installed: nothing finds a wrong type, and npx tsc runs another package',
      mend: 'npm install --save-dev typescript',
    },
  ])
  write(place, { 'package.json': {} })
  t.is((await only())[0]?.level, 'warning')

  write(place, { 'node_modules/typescript/package.json': { version: '5.1.6' } })
  t.deepEqual(await only(), [
    {
      level: 'error',
      found: 'TypeScript 5.1.6 cannot read the types of toru-plugin-api, which need 5.2.0 or newer',
      mend: 'npm install --save-dev typescript@latest',
    },
  ])

  write(place, {
    'node_modules/typescript/package.json': { version: '7.0.2' },
    'node_modules/typescript/bin/tsc':
      'console.error("no compiler for this machine"); process.exit(1)',
  })
  t.deepEqual(await only(), [
    {
      level: 'error',
      found: 'TypeScript 7.0.2 cannot be run: no compiler for this machine',
      mend: 'rm -rf node_modules && npm install',
    },
  ])
})

test('without a tsconfig.json there is nothing to ask', async t => {
  t.deepEqual(await typescriptFindings(folder()), [])
})
