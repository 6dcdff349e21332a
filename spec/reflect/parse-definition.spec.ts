import test from 'ava'
import { Get, Plugin } from '../../decorators/index.js'
import type { PluginMetadata } from '../../lib/domain/metadata.js'
import { DEFAULTS, type PluginOptions } from '../../lib/domain/plugin-definition.js'
import { explore } from '../../lib/reflect/explore.js'
import { problemsMessage } from '../../lib/reflect/problem.js'
import { declarationOf, METADATA, problemsOf } from '../dispatch/harness.js'

const HOST_RULE =
  'The host skips a plugin whose metadata breaks a rule, and never reaches a route of several segments'

const withDefinition = (metadata: Partial<PluginMetadata>, options: PluginOptions = {}): object => {
  @Plugin({ ...METADATA, ...metadata }, options)
  class Notes {}
  return new Notes()
}

const ID = 'an id of the characters A-Z a-z 0-9 - only'
const ROUTE = 'a route of one segment, such as "/my-plugin", without ".." and blanks'

for (const id of ['', 'my_plugin', 'a b', 'é', '../x', 'a.b', 'a\n']) {
  test(`the id ${JSON.stringify(id)} is one that the host refuses`, t => {
    t.deepEqual(problemsOf(withDefinition({ id })), [
      {
        place: 'Notes @Plugin id',
        cause: `expected ${ID}, got ${JSON.stringify(id)}`,
        fix: HOST_RULE,
      },
    ])
  })
}

for (const route of [
  '',
  '/',
  'a',
  '/a/b',
  '/a/',
  '/..',
  '/a..b',
  '/a b',
  ' /a',
  '/a\t',
  '/a?b',
  '/a#b',
  '/a\\b',
  '/\u0000',
  '/a\n',
  '//',
]) {
  test(`the route ${JSON.stringify(route)} is one that the host refuses or never reaches`, t => {
    t.deepEqual(problemsOf(withDefinition({ route })), [
      {
        place: 'Notes @Plugin route',
        cause: `expected ${ROUTE}, got ${JSON.stringify(route)}`,
        fix: HOST_RULE,
      },
    ])
  })
}

test('the longest name and author are counted in bytes', t => {
  const [fits, tooLong] = [`${'é'.repeat(49)}ab`, `${'é'.repeat(50)}a`]
  t.deepEqual(problemsOf(withDefinition({ name: fits, author: fits })), [])
  t.deepEqual(problemsOf(withDefinition({ name: tooLong, author: tooLong })), [
    {
      place: 'Notes @Plugin name',
      cause: `expected a name of 1 to 100 bytes, got "${tooLong}"`,
      fix: HOST_RULE,
    },
    {
      place: 'Notes @Plugin author',
      cause: `expected an author of at most 100 bytes, got "${tooLong}"`,
      fix: HOST_RULE,
    },
  ])
  t.deepEqual(problemsOf(withDefinition({ name: '🗒️'.repeat(15), author: '' })).length, 1)
  t.deepEqual(
    problemsOf(withDefinition({ name: '' })).map(({ place }) => place),
    ['Notes @Plugin name'],
  )
})

test('what is missing is named, one problem a property', t => {
  const nothing: PluginMetadata = JSON.parse('{}')
  @Plugin(nothing)
  class Notes {}
  t.deepEqual(
    problemsOf(new Notes()).map(({ place, cause }) => [place, cause]),
    [
      ['Notes @Plugin id', `expected ${ID}, got nothing`],
      ['Notes @Plugin name', 'expected a name of 1 to 100 bytes, got nothing'],
      ['Notes @Plugin version', 'expected string, got nothing'],
      ['Notes @Plugin icon', 'expected string, got nothing'],
      ['Notes @Plugin route', `expected ${ROUTE}, got nothing`],
    ],
  )
})

for (const [name, value, expected] of [
  ['httpTimeout', 0, 'an integer from 1 to 25000 (milliseconds)'],
  ['httpTimeout', 25_001, 'an integer from 1 to 25000 (milliseconds)'],
  ['httpTimeout', 1.5, 'an integer from 1 to 25000 (milliseconds)'],
  ['httpTimeout', Number.NaN, 'an integer from 1 to 25000 (milliseconds)'],
  ['kvTimeout', 4_501, 'an integer from 1 to 4500 (milliseconds)'],
  ['kvTimeout', -1, 'an integer from 1 to 4500 (milliseconds)'],
  ['bodyLimit', -1, 'an integer from 0 to 16777216 (bytes)'],
  ['bodyLimit', Number.POSITIVE_INFINITY, 'an integer from 0 to 16777216 (bytes)'],
] as const) {
  test(`${name}: ${value} is out of bounds`, t => {
    t.deepEqual(problemsOf(withDefinition({}, { [name]: value })), [
      {
        place: `Notes @Plugin ${name}`,
        cause: `expected ${expected}, got ${value}`,
        fix: `Leave it out for the default of ${DEFAULTS[name]}`,
      },
    ])
  })
}

test('options have defaults, and their bounds are within', t => {
  t.deepEqual(declarationOf(withDefinition({})).options, {
    ...DEFAULTS,
    config: undefined,
    kv: undefined,
  })
  const most = { httpTimeout: 25_000, kvTimeout: 4_500, bodyLimit: 0, forwardSessionCookie: true }
  t.deepEqual(declarationOf(withDefinition({}, most)).options, {
    ...DEFAULTS,
    ...most,
    config: undefined,
    kv: undefined,
  })
})

test('a class without @Plugin is told to have one, and the rest of it is checked all the same', t => {
  class Notes {
    @Get('a')
    one() {
      return 1
    }
  }
  t.is(
    problemsMessage('Notes', problemsOf(new Notes())),
    [
      'Notes cannot be registered as a plugin: 2 problems.',
      '  - Notes: it has no @Plugin. Write @Plugin({ id, name, version, icon, route }) above the class, and pass an object of it: registerPlugin(new MyPlugin()).',
      '  - Notes.one: the path "a" cannot be a route: a path begins with "/". Mend the path.',
    ].join('\n'),
  )
})

class Bare {}
class Noted {}
Plugin(METADATA)(Noted)

for (const [what, plugin, message] of [
  ['a class without @Plugin', new Bare(), 'Bare: it has no @Plugin. Write'],
  ['a plain object', {}, 'Object: it has no @Plugin. Write'],
  ['a copy of a plugin', { ...new Noted() }, 'Object: it has no @Plugin. Write'],
  ['no prototype', Object.create(null), 'the plugin: it has no @Plugin. Write'],
  ['a hidden class', new Proxy(new Noted(), { getPrototypeOf: () => null }), 'the plugin: it has'],
  ['the class itself', Noted, 'got the class or function Noted itself. Pass an object: registerPl'],
  [
    'a promise',
    Promise.resolve(new Noted()),
    'got a promise. Wait for it: registerPlugin(await …)',
  ],
  [
    'null',
    null,
    'the plugin: expected an object of a class with @Plugin, got null. Pass an object',
  ],
  ['undefined', undefined, 'the plugin: expected an object of a class with @Plugin, got nothing.'],
  ['a text', 'x', 'expected an object of a class with @Plugin, got "x". Pass an object'],
] as const) {
  test(`what is no plugin is refused: ${what}`, t => {
    const given: unknown = plugin
    const problems = explore(given as object)
    t.true(problems._tag === 'Left' && problemsMessage('x', problems.left).includes(message))
  })
}
