import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { choicesWithout } from '../../../lib/cli/new/answers.js'
import {
  classNameFor,
  idFrom,
  nameFrom,
  packageNameFor,
  problemWith,
} from '../../../lib/cli/new/plan.js'

test('an id and a name are made of what was typed', t => {
  const made = (given: string) => [idFrom(given), nameFrom(given)]
  t.deepEqual(made('demo'), ['demo', 'Demo'])
  t.deepEqual(made('my-notes'), ['my-notes', 'My notes'])
  t.deepEqual(made('MyNotes'), ['MyNotes', 'MyNotes'])
  t.deepEqual(made('Café Zoë & Co.'), ['cafe-zoe-co', 'Café Zoë & Co.'])
  t.deepEqual(made('日本'), ['', '日本'])
})

test('names of classes and packages are valid and clash with nothing that the project uses', t => {
  const made = (id: string) => [classNameFor(id), packageNameFor(id)]
  t.deepEqual(made('demo'), ['DemoPlugin', 'demo-plugin'])
  t.deepEqual(made('my-plugin'), ['MyPlugin', 'my-plugin'])
  t.deepEqual(made('plugin'), ['MyPlugin', 'plugin-plugin'])
  t.deepEqual(made('3d'), ['My3dPlugin', '3d-plugin'])
  t.deepEqual(made('--'), ['MyPlugin', 'my-plugin'])
  t.deepEqual(made('toru-plugin-api'), ['ToruApiPlugin', 'toru-plugin-api-plugin'])
})

test('each part of an identity is held to the rule of the host', t => {
  t.is(problemWith('id', 'my notes'), 'Expected an id of the characters A-Z a-z 0-9 - only.')
  t.is(problemWith('id', ''), 'Expected an id of the characters A-Z a-z 0-9 - only.')
  t.is(problemWith('name', 'ä'.repeat(51)), 'Expected a name of 1 to 100 bytes.')
  t.is(problemWith('author', 'a'.repeat(101)), 'Expected an author of at most 100 bytes.')
  for (const route of ['notes', '/a/b', '/..', '/'])
    t.is(
      problemWith('route', route),
      'Expected a route of one segment, such as "/my-plugin", without ".." and blanks.',
    )
  for (const [field, value] of [
    ['id', 'A-1'],
    ['name', 'ä'.repeat(50)],
    ['author', ''],
    ['icon', '🗒️'],
    ['route', '/x'],
  ] as const) {
    t.is(problemWith(field, value), undefined, `${field} ${value}`)
  }
})

test('a plan has defaults for what was not said, and the first broken rule otherwise', t => {
  t.deepEqual(
    choicesWithout({ project: 'my-notes' }),
    E.right({
      id: 'my-notes',
      name: 'My notes',
      author: '',
      icon: '🔌',
      route: '/my-notes',
      decorators: 'standard',
      frontend: true,
    } as const),
  )
  t.like(
    choicesWithout({
      project: 'My Notes',
      id: 'n',
      route: '/notes',
      frontend: false,
      decorators: 'legacy',
    }),
    {
      right: { id: 'n', name: 'My Notes', route: '/notes', frontend: false, decorators: 'legacy' },
    },
  )
  t.like(choicesWithout({}), { left: { message: 'a new project needs a name', code: 2 } })
  t.like(choicesWithout({ project: '日本' }), {
    left: { message: 'no id can be made from the name "日本"', code: 2 },
  })
  t.like(choicesWithout({ project: 'a', id: 'a b' }), {
    left: {
      message: '--id: expected an id of the characters A-Z a-z 0-9 - only, got "a b"',
      code: 2,
    },
  })
})
