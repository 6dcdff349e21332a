import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as io from 'io-ts'
import { secret } from '../../lib/codec/secret.js'
import { type PluginConfig, readConfig } from '../../lib/runtime/plugin-config.js'
import { folder } from '../support/plugin-process.js'

const file = join(folder(), 'plugin.js')
const env = { PATH: '/bin', TOKEN: 'tok-3n', HOST: 'localhost', PORT: '80' }

const read = (codec: io.Mixed, given: Readonly<Record<string, string>> = env) =>
  readConfig(codec, { id: 'plugin', file, env: given })

/** The configuration, and its secrets each once. */
const configOf = (codec: io.Mixed) =>
  E.map(({ config, secrets }: PluginConfig) => ({ config, secrets: [...new Set(secrets)] }))(
    read(codec),
  )

const Token = io.type({ TOKEN: io.string })
const Host = io.type({ HOST: io.string })
const whole = { config: { TOKEN: 'tok-3n' }, secrets: ['tok-3n'] }
const both = { config: { TOKEN: 'tok-3n', HOST: 'localhost' }, secrets: ['tok-3n'] }

const List = new io.Type<ReadonlyArray<string>, string, unknown>(
  'List',
  io.array(io.string).is,
  (u, context) => E.map((text: string) => text.split('-'))(io.string.validate(u, context)),
  list => list.join('-'),
)
const Opaque = new io.Type<{ readonly token: string }, unknown, unknown>(
  'Opaque',
  io.type({ token: io.string }).is,
  (u, context) =>
    E.map(({ TOKEN }: { TOKEN: string }) => ({ token: TOKEN }))(Token.validate(u, context)),
  io.identity,
)

const CASES: ReadonlyArray<readonly [what: string, codec: io.Mixed, read: unknown]> = [
  ['a secret object', secret(Token), whole],
  ['a secret object, narrowed', io.refinement(secret(Token), () => true), whole],
  ['a secret that is read-only', io.readonly(secret(Token)), whole],
  ['a secret part of an intersection', io.intersection([secret(Token), Host]), both],
  [
    'a secret part with optional variables',
    io.intersection([Host, secret(io.partial(Token.props))]),
    both,
  ],
  ['a union of objects', io.union([Token, Host]), { ...both, secrets: [] }],
  ['a union with a secret branch', io.union([secret(Token), Host]), both],
  [
    'a secret union',
    secret(io.union([Token, Host])),
    { ...both, secrets: ['tok-3n', 'localhost'] },
  ],
  [
    'a variable that is secret in one branch',
    io.union([
      io.type({ TOKEN: secret(io.string) }),
      io.type({ TOKEN: io.string, PORT: io.number }),
    ]),
    { config: { TOKEN: 'tok-3n', PORT: '80' }, secrets: ['tok-3n'] },
  ],
  [
    'a secret list',
    io.type({ TOKEN: secret(List), HOST: io.string }),
    { config: { TOKEN: ['tok', '3n'], HOST: 'localhost' }, secrets: ['tok-3n', 'tok', '3n'] },
  ],
  [
    'any variables, all secret',
    io.record(io.string, secret(io.string)),
    { config: env, secrets: Object.values(env) },
  ],
  [
    'a secret whose structure cannot be seen',
    secret(Opaque),
    { config: { token: 'tok-3n' }, secrets: [...Object.values(env)] },
  ],
  ['no variables', io.type({}), { config: {}, secrets: [] }],
  ['any variables', io.record(io.string, io.string), { config: env, secrets: [] }],
]

for (const [what, codec, expected] of CASES) {
  test(`${what}: the plugin gets the variables that are named, and the secrets are known`, t => {
    t.deepEqual(configOf(codec), E.right(expected))
  })
}

test('an error shows no secret, and tells a missing one from one that does not fit', t => {
  const Pin = io.refinement(io.string, text => /^[0-9]{4}$/.test(text), 'a PIN')
  const codec = io.intersection([secret(io.type({ TOKEN: Pin, PIN: Pin })), Host])
  const refused = read(codec)
  t.true(E.isLeft(refused))
  t.deepEqual(E.isLeft(refused) ? refused.left.split('\n').slice(1, -1) : [], [
    '  TOKEN: expected a PIN, got a value that is not shown',
    '  PIN: expected a PIN, got nothing',
  ])
})

/** A configuration of a token, with a file beside the plugin's that holds a text. */
const readBeside = (text: string | Buffer, given: Readonly<Record<string, string>>) => {
  const root = folder()
  mkdirSync(join(root, 'plugin'))
  writeFileSync(join(root, 'plugin', 'config.json'), text)
  const codec = io.type({ TOKEN: secret(io.string), GREETING: io.string })
  return readConfig(codec, { id: 'plugin', file: join(root, 'plugin.js'), env: given })
}

test('a variable goes before the file, also where it is empty', t => {
  const text = JSON.stringify({ TOKEN: 'of the file', GREETING: 'hello' })
  const read = readBeside(text, { TOKEN: 'tok-3n', GREETING: '' })
  t.like(read, { right: { config: { TOKEN: 'tok-3n', GREETING: '' } } })
})

test('a file may begin with a byte order mark', t => {
  const text = JSON.stringify({ TOKEN: 'tok-3n', GREETING: 'Zoë' })
  t.like(readBeside(`\ufeff${text}`, {}), {
    right: { config: { TOKEN: 'tok-3n', GREETING: 'Zoë' } },
  })
})

for (const [what, text, problem] of [
  [
    'UTF-16',
    Buffer.from('\ufeff{"TOKEN": "tok-3n"}', 'utf16le'),
    'plugin/config.json is not read: it is UTF-16: save it as UTF-8',
  ],
  [
    'poisoned',
    '{"TOKEN": "tok-3n", "a": {"__proto__": {}}}',
    'plugin/config.json is not read: it has the key "__proto__" at a.__proto__, which could change the prototype of an object',
  ],
  ['not JSON', '{"TOKEN": "tok-3n", oops}', 'plugin/config.json is not JSON'],
  ['a list', '["tok-3n"]', 'plugin/config.json must hold a JSON object of names and values'],
  ['empty', '', 'plugin/config.json is not JSON'],
] as const) {
  test(`of a file that is ${what} nothing is shown`, t => {
    const read = readBeside(text, env)
    const message = E.isLeft(read) ? read.left : ''
    t.true(message.endsWith(problem) && !message.includes('tok-3n'), message)
  })
}
