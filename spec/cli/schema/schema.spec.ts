import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import test from 'ava'
import { HttpResponseMessage } from '../../../lib/wire/tagged.js'
import { DIALECTS } from '../../support/messages.js'
import { ROOT } from '../../support/packed-project.js'
import { toruPlugin } from '../../support/terminal.js'
import { examplesOf } from '../../wire/examples.js'

const shipped = readFileSync(join(ROOT, 'schema.json'), 'utf8')
const ajv = new Ajv2020({
  strict: true,
  strictTypes: false,
  strictRequired: false,
  schemas: { '/messages': JSON.parse(shipped) },
})

const fits = (pointer: string, message: unknown): boolean =>
  ajv.validate(`/messages#${pointer}`, message)

const isAnswer = (name: string): boolean => /response/.test(name)

test('the file of the package is what the command prints', async t => {
  const { code, stdout } = await toruPlugin('schema')
  t.is(code, 0)
  t.is(shipped, stdout)
})

test('the schema of one dialect stands for itself', async t => {
  for (const dialect of DIALECTS) {
    const { stdout } = await toruPlugin('schema', '--dialect', dialect)
    const validate = new Ajv2020({ strictTypes: false, strictRequired: false }).compile(
      JSON.parse(stdout),
    )
    for (const { message } of examplesOf(dialect)) t.true(validate(message))
  }
})

test('a dialect that nobody speaks is a mistake in the command line', async t => {
  const { code, stderr } = await toruPlugin('schema', '--dialect', 'plain')
  t.is(code, 2)
  t.regex(stderr, /--dialect plain: expected documented, nested or tagged\n/)
})

/** The definition of the message of an example: `kv-get` is a KvRequestMessage. */
const definitionOf = (name: string): string => {
  if (name === 'kv-get-wrapped') return 'WrappedKvRequestMessage'
  if (name === 'ping') return 'LifecycleMessage'
  if (name === 'init' || name === 'shutdown')
    return `${name === 'init' ? 'Init' : 'Shutdown'}Message`
  return `${name.startsWith('http') ? 'Http' : 'Kv'}${isAnswer(name) ? 'Response' : 'Request'}Message`
}

/**
 * Every message that comes of one by taking away a property that must be there, or giving it a
 * wrong value; with what was done.
 */
const mutants = (message: object): ReadonlyArray<readonly [string, unknown]> =>
  Object.entries(message).flatMap(([key, value]): ReadonlyArray<readonly [string, unknown]> => {
    const others = Object.fromEntries(Object.entries(message).filter(([name]) => name !== key))
    const inner = typeof value === 'object' && value !== null ? mutants(value) : []
    return [
      // What may be missing: an outer id, the body of a request, and what is `null`.
      ...(['request_id', 'body', 'value'].includes(key) || isHeader(key)
        ? []
        : [[`without ${key}`, others] as const]),
      [`${key} is a number in an array`, { ...others, [key]: [5] }],
      ...inner.map(([what, mutant]) => [`${key}: ${what}`, { ...others, [key]: mutant }] as const),
    ]
  })

const isHeader = (key: string): boolean => /^content-type$/i.test(key)

for (const dialect of DIALECTS) {
  for (const { name, message } of examplesOf(dialect)) {
    const own = `/$defs/${dialect}/$defs/${definitionOf(name)}`
    const side = `/$defs/${dialect}/$defs/${isAnswer(name) ? 'PluginMessage' : 'HostMessage'}`

    test(`${dialect}: ${name} fits`, t => {
      for (const pointer of ['', `/$defs/${dialect}`, side, own])
        t.true(fits(pointer, message), pointer)
    })

    test(`${dialect}: ${name} does not fit when a part of it is missing or wrong`, t => {
      const all = mutants(message)
      t.true(all.length >= 5)
      for (const [what, mutant] of all) {
        t.false(fits(own, mutant), what)
        t.false(fits(side, mutant), what)
      }
    })
  }
}

test('what io-ts decides with a function is in the schema, too: timestamps and statuses', t => {
  const [response] = examplesOf('documented').filter(({ name }) => name === 'http-response')
  const at = '/$defs/documented/$defs/HttpResponseMessage'
  t.false(fits(at, { ...response?.message, timestamp: 'yesterday' }))
  t.false(fits(at, { ...response?.message, timestamp: '2025-13-30T12:00:00Z' }))
  t.false(fits(at, { ...response?.message, payload: { status: 200.5, headers: {}, body: '' } }))
  t.true(fits(at, { ...response?.message, payload: { status: 200, headers: {} } }))
})

test('the text in a tagged response fits the definition of its own', t => {
  const bodies = examplesOf('tagged').flatMap(({ message }) =>
    HttpResponseMessage.is(message) ? [message.payload.payload.body] : [],
  )
  t.is(bodies.length, 1)
  for (const body of bodies) t.true(fits('/$defs/tagged/$defs/HttpResponse', JSON.parse(body)))
  t.false(fits('/$defs/tagged/$defs/HttpResponse', { status: '200', headers: {} }))
})
