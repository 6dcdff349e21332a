import { mkdtempSync, readFileSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import * as t from 'io-ts'
import { internalError } from '../../../lib/domain/plugin-error.js'
import { MAX_LINE } from '../../../lib/runtime/log/log-line.js'
import { type LoggerOptions, makeLogger } from '../../../lib/runtime/log/logger.js'
import { visible } from '../../../lib/runtime/log/pretty.js'
import fc, { runs } from '../../support/properties.js'

const MOON = new Date('2024-07-20T12:00:01.500Z')

const recorder = (options: Partial<LoggerOptions> = {}) => {
  const lines: string[] = []
  const sink = { write: (line: string) => void lines.push(line), flushSync: () => undefined }
  const control = makeLogger({
    pluginId: 'notes',
    level: 'trace',
    sink,
    pretty: false,
    now: () => MOON,
    ...options,
  })
  const last = (): Record<string, unknown> => {
    const entry: unknown = JSON.parse(lines.at(-1) ?? 'null')
    return t.UnknownRecord.is(entry) ? entry : {}
  }
  return { lines, last, control, log: control.log }
}

const host = (level: string, message: string) => ({
  timestamp: MOON.toISOString(),
  level,
  message,
  plugin: 'notes',
  pid: process.pid,
})

test('each level is one of the host’s, and an entry has the host’s form', t => {
  const { lines, log } = recorder()
  log.trace('one')
  log.debug('two')
  log.info('three')
  log.warn('four')
  log.error({ error: 'it broke', noteId: 5, tags: ['a', 'b'] }, 'five')
  t.deepEqual(
    lines.map(line => JSON.parse(line)),
    [
      host('Trace', 'one'),
      host('Debug', 'two'),
      host('Info', 'three'),
      host('Warn', 'four'),
      { ...host('Error', 'five'), error: 'it broke', noteId: 5, tags: ['a', 'b'] },
    ],
  )
})

test('entries below the level are not made', t => {
  const { lines, log } = recorder({ level: 'warn' })
  log.info('no')
  log.warn('yes')
  t.is(lines.length, 1)
})

test('a format mark in a message is text', t => {
  const { last, log } = recorder()
  log.info('100% %s %d %%')
  t.is(last().message, '100% %s %d %%')
})

test('an error becomes text with its stack and its causes', t => {
  const { last, log } = recorder()
  const error = new TypeError('cannot save', {
    cause: new Error('disk full', { cause: 'sector 5' }),
  })
  log.error({ err: error }, 'saving failed')
  const text = String(last().error)
  t.true(text.startsWith('TypeError: cannot save\n    at '))
  t.regex(text, /\nCaused by: Error: disk full\n {4}at /)
  t.true(text.endsWith('\nCaused by: sector 5'))
  t.is(last().err, undefined)

  log.error({ error: internalError('it broke', 'a cause') }, 'failed')
  t.is(last().error, 'Internal: it broke\nCaused by: a cause')
})

test('a field with a name of the host’s form gets an underscore', t => {
  const { last, lines, log } = recorder()
  log.info({ level: 'high', plugin: 'other', pid: 1, message: 'm', timestamp: 0 }, 'hello')
  t.deepEqual(last(), {
    ...host('Info', 'hello'),
    level_: 'high',
    plugin_: 'other',
    pid_: 1,
    message_: 'm',
    timestamp_: 0,
  })
  t.is(lines[0]?.split('"plugin":').length, 2)
})

test('nothing that is logged makes the logger throw', t => {
  const { last, lines, log } = recorder()
  const circle: Record<string, unknown> = {
    big: 5n,
    nan: Number.NaN,
    symbol: Symbol('s'),
    run: () => 1,
    bytes: Buffer.from('abc'),
  }
  circle.self = circle
  Object.defineProperty(circle, 'trap', {
    enumerable: true,
    get: () => {
      throw new Error('no')
    },
  })
  log.info(
    {
      circle,
      map: new Map([['a', 1]]),
      set: new Set([1]),
      when: new Date(0),
      never: new Date(Number.NaN),
      nothing: null,
    },
    'odd',
  )
  t.deepEqual(last(), {
    ...host('Info', 'odd'),
    circle: {
      big: '5',
      nan: 'NaN',
      symbol: 'Symbol(s)',
      run: '[function]',
      bytes: '[3 bytes]',
      self: '[circular]',
      trap: '[cannot be shown: no]',
    },
    map: { a: 1 },
    set: [1],
    when: '1970-01-01T00:00:00.000Z',
    never: null,
    nothing: null,
  })
  const proxy = new Proxy({}, { ownKeys: () => Object.keys(JSON.parse('nonsense')) })
  log.info({ proxy }, 'trap')
  log.info(proxy, 'trap')
  log.info(
    Object.fromEntries(Array.from({ length: 100_000 }, (_, index) => [`k${index}`, index])),
    'wide',
  )
  t.is(lines.length, 4)
})

test('a huge text in a field is left out', t => {
  const { lines, log } = recorder({ pretty: true, coloured: false })
  log.info({ id: 7, body: 'x'.repeat(1_000_000) }, 'huge')
  t.true(lines[0]?.endsWith(' INFO  huge  id=7  body="[text of 1000000 characters]"'))
})

test('any fields and message give one line that fits a read of the host', t => {
  const { lines, log } = recorder()
  const property = fc.property(
    fc.string({ unit: 'binary', maxLength: 6000, size: 'max' }),
    fc.dictionary(fc.string(), fc.anything()),
    (message, fields) => {
      log.info(fields, message)
      const line = lines.pop() ?? ''
      const entry: unknown = JSON.parse(line)
      return Buffer.byteLength(line) <= MAX_LINE && !line.includes('\n') && isWellFormed(entry)
    },
  )
  t.notThrows(() => fc.assert(property, runs(300)))
})

const isWellFormed = (entry: unknown): boolean =>
  JSON.stringify(entry).search(/\\ud[89a-f]/i) === -1

test('a long entry loses its largest fields first, and says how many', t => {
  const { last, log } = recorder()
  log.info({ id: 7, body: 'x'.repeat(5000), page: 'y'.repeat(100) }, 'saved')
  t.deepEqual(last(), { ...host('Info', 'saved'), id: 7, page: 'y'.repeat(100), left_out: 1 })
})

test('a long message and error are both cut, with marks', t => {
  const { last, lines, log } = recorder()
  log.error({ error: 'é'.repeat(5000), id: 7 }, '😀'.repeat(3000))
  const { message, error } = last()
  t.regex(String(message), /^(😀)+… \(\+\d+ characters\)$/u)
  t.regex(String(error), /^é+… \(\+\d+ characters\)$/)
  const length = Buffer.byteLength(lines[0] ?? '')
  t.true(length <= MAX_LINE && length > MAX_LINE - 20, `${length}`)
  const kept = [...String(message)].filter(character => character === '😀').length
  t.true(String(message).endsWith(`(+${3000 - kept} characters)`))
})

test('lines cannot be forged', t => {
  const { lines, last, log } = recorder()
  log.info(
    { 'a":1,"plugin":"x': 'b\n{"level":"Error"}' },
    'one\n{"level":"Error","plugin":"notes"}',
  )
  t.is(lines.length, 1)
  t.false(lines[0]?.includes('\n'))
  t.is(last().plugin, 'notes')
})

test('credentials and secrets are not shown', t => {
  const { lines, last, log, control } = recorder()
  control.redact(['s3cr3t"x', 'abc'])
  control.redact(['12345678'])
  log.warn(
    {
      headers: {
        Authorization: 'Bearer 1',
        cookie: 'session_id=1',
        'set-cookie': ['a'],
        'X-Api-Key': 'k',
        accept: 'abc',
      },
      api_key: 'k',
      pin: 12345678,
      's3cr3t"x': 1,
      json: JSON.stringify({ token: 's3cr3t"x' }),
      error: new Error('with s3cr3t"x'),
    },
    'the token s3cr3t"x of abc',
  )
  const { error, ...rest } = last()
  t.deepEqual(rest, {
    ...host('Warn', 'the token [secret] of abc'),
    headers: {
      Authorization: '[redacted]',
      cookie: '[redacted]',
      'set-cookie': '[redacted]',
      'X-Api-Key': '[redacted]',
      accept: 'abc',
    },
    api_key: '[redacted]',
    pin: '[secret]',
    '[secret]': 1,
    json: '{"token":"[secret]"}',
  })
  t.true(String(error).startsWith('Error: with [secret]\n'))
  t.false(lines.join().includes('s3cr3t'))
})

test('no part of a secret is shown where a message is cut', t => {
  const { lines, log, control } = recorder()
  control.redact(['topsecretvalue'])
  for (let length = 3800; length < 4100; length += 1)
    log.info(`${'x'.repeat(length)}topsecretvalue${'y'.repeat(500)}`)
  t.false(lines.some(line => line.includes('topse')))
})

test('a secret that is a name of the host’s form changes no names', t => {
  const { last, log, control } = recorder()
  control.redact(['notes', 'level', 'Info'])
  log.info('notes at Info level')
  t.deepEqual(last(), host('Info', '[secret] at [secret] [secret]'))
})

test('a terminal gets readable lines with escaped control characters', t => {
  const plain = recorder({ pretty: true, coloured: false })
  plain.log.info({ id: 5, title: 'two words', name: 'x', error: 'a\nb' }, 'hello\n\u001b[2Jthere')
  const clock = [MOON.getHours(), MOON.getMinutes(), MOON.getSeconds()]
    .map(part => String(part).padStart(2, '0'))
    .join(':')
  t.deepEqual(plain.lines, [
    `${clock} INFO  hello\\n\\x1b[2Jthere  id=5  title="two words"  name=x  error="a\\nb"`,
  ])
  t.is(visible('\u202eabc\u009b'), '\\u202eabc\\x9b')

  const coloured = recorder({ pretty: true, coloured: true })
  coloured.log.warn('careful')
  t.deepEqual(coloured.lines, [`\u001b[90m${clock}\u001b[0m \u001b[33mWARN \u001b[0m careful`])
})

const folder = (): string => mkdtempSync(join(tmpdir(), 'toru-'))

test('a log file gets the same lines, for this user only', t => {
  const path = join(folder(), 'notes.log')
  const { lines, log, control } = recorder()
  log.info('before')
  control.addFile(path)
  control.addFile(path)
  log.info('one')
  log.info('two')
  t.is(
    readFileSync(path, 'utf8'),
    lines
      .slice(1)
      .map(line => `${line}\n`)
      .join(''),
  )
  t.is(statSync(path).mode & 0o777, 0o600)
})

test('a report about a log file is an entry', t => {
  const { lines, log, control } = recorder()
  control.addFile(join(folder(), 'none', 'notes.log'))
  control.addFile(folder())
  log.info('one')
  log.info('two')
  t.deepEqual(
    lines.map(line => JSON.parse(line).level),
    ['Info', 'Warn', 'Warn', 'Info'],
  )
})
