import { mkdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import test from 'ava'
import { programReader } from '../../../lib/cli/dev/program-files.js'
import { folder } from '../../support/plugin-process.js'

const FILES = {
  'package.json': '{}',
  'schema.sql': 'create table notes',
  'README.md': '# not read',
  'shared/names.js': "export * from './more/names.js'",
  'shared/more/names.js': '',
  'shared/unused.js': '',
  'templates/mail.txt': '',
  'templates/page.html': '',
  'frontend/main.js': '',
  'dist/main.js': `
    // It's the entry: don't stumble over apostrophes.
    import { names } from "../shared/names.js"
    import core, { type } from '@acme/core'
    import onlyImport from 'only-import'
    import gone from './gone.js'
    const place = '/proc/1/cwd', root = '/'
    import { readFileSync } from 'node:fs'
    const sql = readFileSync(new URL('../schema.sql', import.meta.url), 'utf8')
    const template = name => readFileSync(\`../templates/\${name}.txt\`)
    new Worker(new URL('./heavy.js', import.meta.url))`,
  'dist/heavy.js': '',
  'dist/main.js.map': '{}',
  'dist/main.d.ts': '',
  'dist/.hidden.js': '',
  'dist/data/table.json': '[]',
  'packages/core/package.json': '{ "main": "./dist/index.js" }',
  'packages/core/dist/index.js': "import './part.js'",
  'packages/core/dist/part.js': '',
  'packages/core/test/index.js': '',
  'packages/only/package.json': '{ "exports": { "import": "./index.mjs" } }',
  'packages/only/index.mjs': '',
  'node_modules/plain/index.js': '',
}

const PROGRAM = [
  'dist/data/table.json',
  'dist/heavy.js',
  'dist/main.js',
  'packages/core/dist/index.js',
  'packages/core/dist/part.js',
  'packages/only/index.mjs',
  'schema.sql',
  'shared/more/names.js',
  'shared/names.js',
  'templates/mail.txt',
  'templates/page.html',
]

const write = (root: string, name: string, text: string): void => {
  mkdirSync(dirname(join(root, name)), { recursive: true })
  writeFileSync(join(root, name), text)
}

test('a program is what is in its folder, what its texts name, and packages of the workspace', t => {
  const root = folder()
  for (const [name, text] of Object.entries(FILES)) write(root, name, text)
  mkdirSync(join(root, 'node_modules/@acme'))
  symlinkSync('../../packages/core', join(root, 'node_modules/@acme/core'))
  symlinkSync('../packages/only', join(root, 'node_modules/only-import'))
  const read = programReader(join(root, 'dist/main.js'), join(root, 'frontend'))
  const files = (): ReadonlyArray<string> => read().files.map(file => relative(root, file))
  t.deepEqual(files(), PROGRAM)

  const { version } = read()
  write(root, 'dist/main.js.map', '{ "changed": true }')
  write(root, 'frontend/main.js', 'changed()')
  // Written again with the same text, as compilers do.
  write(root, 'dist/next.js', FILES['dist/main.js'])
  renameSync(join(root, 'dist/next.js'), join(root, 'dist/main.js'))
  t.is(read().version, version)
  for (const [name, text] of [
    ['schema.sql', 'create table notes2'],
    ['dist/gone.js', ''],
    ['packages/core/dist/part.js', 'changed()'],
    ['templates/new.txt', ''],
  ] as const) {
    const before = read().version
    write(root, name, text)
    t.not(read().version, before, name)
  }
  t.deepEqual(files(), [...PROGRAM, 'dist/gone.js', 'templates/new.txt'].toSorted())
})

test('an entry in the folder of the project is a program without its frontend', t => {
  const root = folder()
  for (const name of ['main.js', 'lib/a.js', 'frontend/main.js', 'node_modules/a/index.js'])
    write(root, name, '')
  const read = programReader(join(root, 'main.js'), join(root, 'frontend'))
  t.deepEqual(
    read().files.map(file => relative(root, file)),
    ['lib/a.js', 'main.js'],
  )
})
