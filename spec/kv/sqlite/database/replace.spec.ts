import {
  existsSync,
  lutimesSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { sameFile } from '../../../../lib/kv/sqlite/database/files.js'
import { moveAside, publish } from '../../../../lib/kv/sqlite/database/replace.js'
import { temporaryDirectory } from '../../scene.js'

test('a file is published only where there is none', t => {
  const directory = temporaryDirectory(t)
  const file = join(directory, 'kv.sqlite')
  writeFileSync(join(directory, 'draft'), 'first')
  t.deepEqual(publish(file, join(directory, 'draft')), E.right(undefined))
  writeFileSync(join(directory, 'another'), 'second')
  t.deepEqual(publish(file, join(directory, 'another')), E.right(undefined))
  t.is(readFileSync(file, 'utf8'), 'first')
  t.deepEqual(readdirSync(directory), ['another', 'draft', 'kv.sqlite'])
})

test('a file that another process has put in the place of the damaged one is not moved', t => {
  const directory = temporaryDirectory(t)
  const file = join(directory, 'kv.sqlite')
  writeFileSync(file, 'damaged')
  const isSame = sameFile(file)
  const first = moveAside(file, isSame)
  t.true(
    E.isRight(first) &&
      first.right !== undefined &&
      readFileSync(first.right, 'utf8') === 'damaged',
  )
  writeFileSync(file, 'new')
  t.deepEqual(moveAside(file, isSame), E.right(undefined))
  t.is(readFileSync(file, 'utf8'), 'new')
})

test('while another process is about it, one waits; a lock that outlived its process is broken', t => {
  const directory = temporaryDirectory(t)
  const [file, draft, lock] = [
    join(directory, 'kv.sqlite'),
    join(directory, 'draft'),
    join(directory, 'kv.sqlite.lock'),
  ]
  writeFileSync(draft, 'new')
  const attempt = (): string => {
    const published = publish(file, draft)
    return E.isRight(published) ? 'published' : published.left.kind
  }
  symlinkSync(String(process.ppid), lock)
  t.is(attempt(), 'locked')
  t.is(readlinkSync(lock), String(process.ppid))
  // A lock is held for some system calls: one of a minute ago was left behind, and its number may
  // be somebody else's by now.
  const minuteAgo = Date.now() / 1_000 - 60
  lutimesSync(lock, minuteAgo, minuteAgo)
  t.deepEqual([attempt(), attempt()], ['locked', 'published'])
  t.false(existsSync(lock))

  // An empty file is none.
  rmSync(file)
  writeFileSync(file, '')
  // The largest number of a process on Linux is 4,194,304.
  symlinkSync('4194305', lock)
  t.deepEqual([attempt(), attempt()], ['locked', 'published'])
  t.is(readFileSync(file, 'utf8'), 'new')
})
