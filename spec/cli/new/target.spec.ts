import { basename, dirname, join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { targetOf } from '../../../lib/cli/new/target.js'

const cwd = process.cwd()

test('an id or a name says nothing of a folder', t => {
  t.deepEqual(targetOf(undefined, undefined), E.right({ folder: undefined, label: undefined }))
  t.deepEqual(targetOf('demo', undefined), E.right({ folder: undefined, label: 'demo' }))
  t.deepEqual(targetOf('My Notes', 'x'), E.right({ folder: join(cwd, 'x'), label: 'My Notes' }))
  t.deepEqual(targetOf('..a', undefined), E.right({ folder: undefined, label: '..a' }))
})

test('a path is the folder, and its last part the name', t => {
  const cases = [
    ['../demo', join(dirname(cwd), 'demo'), 'demo'],
    ['./My Notes/', join(cwd, 'My Notes'), 'My Notes'],
    ['plugins/demo', join(cwd, 'plugins/demo'), 'demo'],
    ['/srv/demo', '/srv/demo', 'demo'],
    ['.', cwd, basename(cwd)],
    ['..', dirname(cwd), basename(dirname(cwd))],
  ] as const
  for (const [project, folder, label] of cases)
    t.deepEqual(targetOf(project, undefined), E.right({ folder, label }), project)
})

test('a path and another folder are refused', t => {
  t.like(targetOf('../demo', 'x'), {
    left: { message: 'the folder is given twice: ../demo and --dir x', code: 2 },
  })
  t.deepEqual(targetOf('./x', 'x'), E.right({ folder: join(cwd, 'x'), label: 'x' }))
})
