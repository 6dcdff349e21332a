import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { type Begun, finish, thisProcess } from '../../../lib/cli/new/unfinished.js'
import { roomIn, writeProject } from '../../../lib/cli/new/write-project.js'
import { folder } from '../../support/plugin-process.js'

const FILES = new Map([
  ['package.json', '{}'],
  ['src/main.ts', 'main'],
])

const BEGUN: Begun = {
  choices: {
    id: 'a',
    name: 'A',
    author: '',
    icon: 'a',
    route: '/a',
    decorators: 'standard',
    frontend: true,
  },
  spec: '^1.0.0',
  process: thisProcess(),
}

const write = (target: string, files: ReadonlyMap<string, string> = FILES) =>
  writeProject(target, files, BEGUN)

test('files are written into a new folder, and beside others into one that is there', t => {
  const place = folder()
  writeFileSync(join(place, 'LICENSE'), 'mine')
  for (const target of [join(place, 'a', 'b'), place]) {
    t.deepEqual(write(target), E.right(['package.json', 'src/main.ts']))
    t.is(readFileSync(join(target, 'src', 'main.ts'), 'utf8'), 'main')
    finish(target)
  }
  t.deepEqual(readdirSync(place).sort(), ['LICENSE', 'a', 'package.json', 'src'])
  t.is(readFileSync(join(place, 'LICENSE'), 'utf8'), 'mine')
})

test('only what is missing is written', t => {
  const place = folder()
  writeFileSync(join(place, 'package.json'), 'mine')
  t.deepEqual(write(place), E.right(['src/main.ts']))
  t.is(readFileSync(join(place, 'package.json'), 'utf8'), 'mine')
})

test('there is room in a folder that is new, empty, or has what comes first', t => {
  const place = folder()
  t.deepEqual(roomIn(join(place, 'new')), E.right(undefined))
  t.deepEqual(roomIn(place), E.right(undefined))
  for (const name of ['.git', '.vscode', 'LICENSE', 'licence.txt']) mkdirSync(join(place, name))
  t.deepEqual(roomIn(place), E.right(undefined))
})

test('there is no room where files are, nor in a file', t => {
  const has = (...names: ReadonlyArray<string>) => {
    const place = folder()
    for (const name of names) writeFileSync(join(place, name), '')
    const room = roomIn(place)
    return E.isLeft(room) ? room.left.message.replace(place, '…') : undefined
  }
  t.is(has('.git', 'main.py'), '… has main.py already; nothing was written')
  t.is(has('.gitignore'), '… has .gitignore already; nothing was written')
  t.is(has(...'abcdefghij'), '… has a, b, c, d, e, f, g, h and 2 more already; nothing was written')
  const file = join(folder(), 'file')
  writeFileSync(file, '')
  t.like(roomIn(file), {
    left: { message: `${file} cannot be used: ENOTDIR: not a directory, scandir '${file}'` },
  })
})

test('where writing fails, what was written is taken away again, and nothing else', t => {
  const place = folder()
  writeFileSync(join(place, 'src'), 'a file where a folder should be')
  const written = write(place)
  t.regex(
    E.isLeft(written) ? written.left.message : '',
    /^the project cannot be written: E.*; nothing was left behind$/,
  )
  t.deepEqual(readdirSync(place), ['src'])

  const inNew = join(place, 'new', 'folder')
  t.true(E.isLeft(write(inNew, new Map([...FILES, ['src/main.ts/below', '']]))))
  t.false(existsSync(join(place, 'new')))
})
