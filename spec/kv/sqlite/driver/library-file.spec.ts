import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  closeSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import type { ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { openLibrary } from '../../../../lib/kv/sqlite/driver/library-file.js'
import { asRoot, notRoot, us } from '../../as-root.js'
import { recordingLog } from '../../place.js'
import { left, right, temporaryDirectory, testWith } from '../../support.js'
import { noTmpfs, tmpfs } from '../../tmpfs.js'

const CONTENT = Buffer.from('a library')
const NAME = `libsql-${createHash('sha256').update(CONTENT).digest('hex')}.node`

const libraryIn = (directory: string) => {
  const log = recordingLog()
  let unpacked = 0
  return {
    path: join(directory, NAME),
    log,
    unpacked: () => unpacked,
    opened: openLibrary({
      directory,
      sha256: createHash('sha256').update(CONTENT).digest('hex'),
      size: CONTENT.length,
      unpack: async () => {
        unpacked++
        return E.right(CONTENT)
      },
      log,
    }),
  }
}

/** What the descriptor reads, which is closed then. */
const contentOf = (descriptor: number): string => {
  const text = readFileSync(descriptor, 'utf8')
  closeSync(descriptor)
  return text
}

const it = testWith(undefined)

it('a library is written once, for this user only, under its hash', async t => {
  const directory = temporaryDirectory(t)
  const { path, opened, unpacked, log } = libraryIn(directory)
  for (const _ of [1, 2]) t.is(contentOf(await right(opened)), 'a library')
  t.is(unpacked(), 1)
  t.is(lstatSync(path).mode & 0o7777, 0o600)
  t.deepEqual(readdirSync(directory), [NAME])
  t.deepEqual(log.entries, [])
})

it('it is for this user only under every umask', async t => {
  const before = process.umask(0o777)
  t.teardown(() => void process.umask(before))
  const directory = temporaryDirectory(t)
  chmodSync(directory, 0o700)
  const { path, opened } = libraryIn(directory)
  t.is(contentOf(await right(opened)), 'a library')
  t.is(lstatSync(path).mode & 0o7777, 0o600)
})

const elsewhere = (path: string): string => {
  const file = join(dirname(path), 'elsewhere')
  writeFileSync(file, CONTENT, { mode: 0o600 })
  return file
}

/** What somebody may have put where the library belongs, and what the log says of it. */
const PLANTED: ReadonlyArray<readonly [what: string, plant: (path: string) => void, said: string]> =
  [
    [
      'other content',
      path => writeFileSync(path, 'a LIBRARY', { mode: 0o600 }),
      'its hash is wrong',
    ],
    ['half of it', path => writeFileSync(path, 'a lib', { mode: 0o600 }), 'its size is wrong'],
    ['a file that is too long', path => writeFileSync(path, `${CONTENT}x`), 'its size is wrong'],
    ['an empty file', path => writeFileSync(path, ''), 'its size is wrong'],
    [
      'a link to the right content',
      path => symlinkSync(elsewhere(path), path),
      'it is a symbolic link',
    ],
    ['a link to nowhere', path => symlinkSync('nowhere', path), 'it is a symbolic link'],
    ['a link to itself', path => symlinkSync(NAME, path), 'it is a symbolic link'],
    ['a pipe', path => execFileSync('mkfifo', [path]), 'it is not a file'],
    [
      'the right content, which the group may change',
      path => {
        writeFileSync(path, CONTENT)
        chmodSync(path, 0o620)
      },
      'other users may write to it',
    ],
    [
      'the right content, which everybody may change',
      path => {
        writeFileSync(path, CONTENT)
        chmodSync(path, 0o606)
      },
      'other users may write to it',
    ],
  ]

for (const [what, plant, said] of PLANTED) {
  it(`${what} is replaced, not loaded`, async t => {
    const { path, opened, unpacked, log } = libraryIn(temporaryDirectory(t))
    plant(path)
    t.is(contentOf(await right(opened)), 'a library')
    t.is(unpacked(), 1)
    const { mode } = lstatSync(path)
    t.deepEqual([(mode & 0o170000).toString(8), (mode & 0o7777).toString(8)], ['100000', '600'])
    t.deepEqual(log.entries, [
      `warn: ${path} was written again, because ${said}. It was not loaded.`,
    ])
  })
}

testWith(notRoot)('a file of another user is replaced, not loaded', async t => {
  const { path, opened, log } = libraryIn(temporaryDirectory(t))
  writeFileSync(path, CONTENT, { mode: 0o644 })
  t.is(asRoot('chown', '12345', path), undefined)
  t.is(contentOf(await right(opened)), 'a library')
  t.is(lstatSync(path).uid, us.uid)
  t.deepEqual(log.entries, [
    `warn: ${path} was written again, because it belongs to user 12345. It was not loaded.`,
  ])
})

it('what is open is what was checked, whatever has the name later', async t => {
  const { path, opened } = libraryIn(temporaryDirectory(t))
  const descriptor = await right(opened)
  const planted = `${path}.planted`
  writeFileSync(planted, 'a planted one')
  execFileSync('mv', [planted, path])
  t.is(readFileSync(`/proc/self/fd/${descriptor}`, 'utf8'), 'a library')
  closeSync(descriptor)
})

it('a folder in its place is an error that names it', async t => {
  const { path, opened } = libraryIn(temporaryDirectory(t))
  mkdirSync(path)
  const { _tag, message } = await left(opened)
  t.is(_tag, 'Io')
  t.true(message.startsWith(`SQLite cannot be put into ${path}: `), message)
})

it('many at once all get it, and leave nothing behind', async t => {
  const directory = temporaryDirectory(t)
  const opened = await Promise.all(
    Array.from({ length: 16 }, () => right(libraryIn(directory).opened)),
  )
  t.deepEqual(
    opened.map(descriptor => contentOf(descriptor)),
    Array(16).fill('a library'),
  )
  t.deepEqual(readdirSync(directory), [NAME])
})

it('libraries of other versions go, and so do the remains of processes that were killed long ago', async t => {
  const directory = temporaryDirectory(t)
  const old = `libsql-${'0'.repeat(64)}.node`
  const [stale, fresh] = [`${NAME}.1-00000000.new`, `${NAME}.2-00000000.new`]
  for (const name of [old, stale, fresh, 'libsql-notes.txt', 'kv.sqlite'])
    writeFileSync(join(directory, name), '')
  utimesSync(join(directory, stale), 0, 0)
  closeSync(await right(libraryIn(directory).opened))
  t.deepEqual(readdirSync(directory).sort(), ['kv.sqlite', NAME, fresh, 'libsql-notes.txt'].sort())
})

const problemIn = async (t: ExecutionContext, directory: string, reason: string): Promise<void> => {
  const { path, opened } = libraryIn(directory)
  t.deepEqual(
    (await left(opened)).message,
    `SQLite cannot be put into ${path}: ${reason}. The plugin carries it for Node.js before 22.13, ` +
      'and needs 20 MiB there. Set TORU_DATA_DIR to a directory of your own.',
  )
  t.deepEqual(
    readdirSync(directory).filter(name => name.startsWith('libsql-')),
    [],
  )
}

testWith(noTmpfs)('on a read-only or full disk the error says so, and nothing is left', async t => {
  const { path, remount } = tmpfs(t, 64)
  remount('ro')
  await problemIn(t, path, 'the directory is read-only')
  remount('rw')
  writeFileSync(join(path, 'filler'), Buffer.alloc(60 * 1024))
  try {
    writeFileSync(join(path, 'more'), Buffer.alloc(8 * 1024))
  } catch {}
  await problemIn(t, path, 'the disk has no room left')
})
