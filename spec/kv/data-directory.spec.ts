import { chmodSync, existsSync, mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { ioError } from '../../lib/domain/plugin-error.js'
import { dataDirectory, dataPlaces, SYSTEM_DATA } from '../../lib/kv/data-directory.js'
import { asRoot, notRoot, us } from './as-root.js'
import { temporaryDirectory, testWith } from './support.js'

test('TORU_DATA_DIR is the only place if it is set', t => {
  t.deepEqual(dataPlaces({ TORU_DATA_DIR: '/srv/toru', XDG_STATE_HOME: '/x' }, '/home/ada'), [
    '/srv/toru',
  ])
  t.deepEqual(dataPlaces({}, undefined), [SYSTEM_DATA])
  t.deepEqual(dataPlaces({ TORU_DATA_DIR: 'data' }, '/home/ada'), [join(process.cwd(), 'data')])
})

test('the system’s place comes first, and then the user’s', t => {
  t.deepEqual(dataPlaces({ TORU_DATA_DIR: '' }, '/home/ada'), [
    SYSTEM_DATA,
    '/home/ada/.local/state/toru-plugins',
  ])
  t.deepEqual(dataPlaces({ XDG_STATE_HOME: '/state' }, '/home/ada'), [
    SYSTEM_DATA,
    '/state/toru-plugins',
  ])
  t.deepEqual(dataPlaces({ XDG_STATE_HOME: 'relative' }, '/home/ada'), [
    SYSTEM_DATA,
    '/home/ada/.local/state/toru-plugins',
  ])
})

test('the directory is created for this user only', t => {
  const place = join(temporaryDirectory(t), 'a', 'b')
  const directory = join(place, 'notes')
  t.deepEqual(dataDirectory('notes', { TORU_DATA_DIR: place }), E.right(directory))
  t.is(statSync(directory).mode & 0o777, 0o700)
  t.is(statSync(place).mode & 0o777, 0o700)
  t.deepEqual(dataDirectory('notes', { TORU_DATA_DIR: place }), E.right(directory))
})

test('the system’s place is used if it is writable', t => {
  const root = temporaryDirectory(t)
  const system = join(root, 'system')
  t.deepEqual(
    dataDirectory('notes', { XDG_STATE_HOME: join(root, 'state') }, system),
    E.right(join(system, 'notes')),
  )
  t.is(statSync(system).mode & 0o777, 0o755)
  t.is(statSync(join(system, 'notes')).mode & 0o777, 0o700)
})

test('a plugin keeps its directory, whatever becomes writable later', t => {
  const root = temporaryDirectory(t)
  const env = { XDG_STATE_HOME: join(root, 'state') }
  mkdirSync(join(root, 'state', 'toru-plugins', 'notes'), { recursive: true })
  const system = join(root, 'system')
  t.deepEqual(
    dataDirectory('notes', env, system),
    E.right(join(root, 'state', 'toru-plugins', 'notes')),
  )
  t.deepEqual(dataDirectory('others', env, system), E.right(join(system, 'others')))
  t.deepEqual(
    dataDirectory('notes', env, system),
    E.right(join(root, 'state', 'toru-plugins', 'notes')),
  )
})

test('a place that cannot be created is skipped', t => {
  const root = temporaryDirectory(t)
  writeFileSync(join(root, 'file'), '')
  const env = { XDG_STATE_HOME: join(root, 'state') }
  t.deepEqual(
    dataDirectory('notes', env, join(root, 'file', 'toru-plugins')),
    E.right(join(root, 'state', 'toru-plugins', 'notes')),
  )
})

test('an unsafe directory is an error with the reason and what to do', t => {
  const root = temporaryDirectory(t)
  const open = join(root, 'open')
  mkdirSync(open)
  chmodSync(open, 0o777)
  const mend = 'or: Set TORU_DATA_DIR to a directory of your own.'
  t.deepEqual(
    dataDirectory('notes', { TORU_DATA_DIR: open }),
    E.left({
      _tag: 'Io',
      message: `No data is kept in ${open}: every user of this machine may write to it. Run \`chmod o-w ${open}\`, ${mend}`,
    }),
  )
  chmodSync(open, 0o1777)
  t.true(E.isRight(dataDirectory('notes', { TORU_DATA_DIR: open })))
  chmodSync(join(open, 'notes'), 0o1777)
  t.true(E.isLeft(dataDirectory('notes', { TORU_DATA_DIR: open })))
})

test('a path that is no directory, or cannot be created, is an error', t => {
  const root = temporaryDirectory(t)
  writeFileSync(join(root, 'notes'), '')
  const taken = dataDirectory('notes', { TORU_DATA_DIR: root })
  t.true(
    E.isLeft(taken) &&
      taken.left.message.includes(`${join(root, 'notes')}: it is not a directory.`),
  )
  const impossible = dataDirectory('notes', { TORU_DATA_DIR: join(root, 'notes', 'deeper') })
  t.true(
    E.isLeft(impossible) &&
      impossible.left._tag === 'Io' &&
      impossible.left.message.includes('TORU_DATA_DIR'),
  )
  if (process.platform === 'linux')
    t.true(E.isLeft(dataDirectory('notes', { TORU_DATA_DIR: '/proc/toru-plugins' })))
  t.true(E.isLeft(dataDirectory('../notes', { TORU_DATA_DIR: root })))
  t.false(existsSync(join(root, '..', 'notes')))
})

testWith(notRoot)('a directory of another user is refused, and so is a link of another user', t => {
  const root = temporaryDirectory(t)
  const refusal = (path: string) =>
    ioError(
      `No data is kept in ${path}: it belongs to user 12345, who could change the data. Run \`sudo chown -hR ${us.uid} ${path}\`, or: Set TORU_DATA_DIR to a directory of your own.`,
    )
  mkdirSync(join(root, 'notes'))
  t.is(asRoot('chown', '12345', join(root, 'notes')), undefined)
  t.deepEqual(dataDirectory('notes', { TORU_DATA_DIR: root }), E.left(refusal(join(root, 'notes'))))

  mkdirSync(join(root, 'target'))
  symlinkSync('target', join(root, 'linked'))
  t.deepEqual(dataDirectory('linked', { TORU_DATA_DIR: root }), E.right(join(root, 'linked')))
  t.is(asRoot('chown', '-h', '12345', join(root, 'linked')), undefined)
  t.deepEqual(
    dataDirectory('linked', { TORU_DATA_DIR: root }),
    E.left(refusal(join(root, 'linked'))),
  )
})
