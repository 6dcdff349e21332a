import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { writeProject } from '../../../lib/cli/new/write-project.js'
import { folder } from '../../support/plugin-process.js'

const FILES = new Map([
  ['package.json', '{}'],
  ['src/main.ts', 'main'],
])

test('files are written into a new folder, and beside others into one that is there', t => {
  const place = folder()
  writeFileSync(join(place, 'LICENSE'), 'mine')
  for (const target of [join(place, 'a', 'b'), place]) {
    t.deepEqual(writeProject(target, FILES), E.right(undefined))
    t.is(readFileSync(join(target, 'src', 'main.ts'), 'utf8'), 'main')
  }
  t.is(readFileSync(join(place, 'LICENSE'), 'utf8'), 'mine')
})

test('where one file is there, or a link to nowhere, none is written', t => {
  for (const make of [
    (path: string) => writeFileSync(path, 'mine'),
    (path: string) => symlinkSync('/no/such/file', path),
  ]) {
    const place = folder()
    mkdirSync(join(place, 'src'))
    make(join(place, 'src', 'main.ts'))
    t.like(writeProject(place, FILES), {
      left: { message: `${place} has src/main.ts already; nothing was written`, code: 1 },
    })
    t.deepEqual(readdirSync(place), ['src'])
  }
})

test('where writing fails, what was written is taken away again, and nothing else', t => {
  const place = folder()
  writeFileSync(join(place, 'src'), 'a file where a folder should be')
  const written = writeProject(place, FILES)
  t.regex(
    E.isLeft(written) ? written.left.message : '',
    /^the project cannot be written: E.*; nothing was left behind$/,
  )
  t.deepEqual(readdirSync(place), ['src'])

  const inNew = join(place, 'new', 'folder')
  t.true(E.isLeft(writeProject(inNew, new Map([...FILES, ['src/main.ts/below', '']]))))
  t.false(existsSync(join(place, 'new')))
})
