import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import * as O from 'fp-ts/lib/Option.js'
import type { ClosableKvStore } from '../../../../lib/domain/kv-provider.js'
import { MAX_VALUE_BYTES } from '../../../../lib/kv/limits.js'
import { sqliteKv } from '../../../../lib/kv/sqlite/sqlite-kv.js'
import { placeOf, type RecordingLog, recordingLog } from '../../place.js'
import { drivers, left, right, saidIn, temporaryDirectory, testWith } from '../../support.js'

interface Fixture {
  readonly legacyFile: string
  readonly file: string
  readonly log: RecordingLog
  readonly open: () => ClosableKvStore
}

for (const { name, missing } of drivers) {
  const it = (
    title: string,
    body: (t: ExecutionContext, fixture: Fixture) => Promise<void>,
  ): void =>
    testWith(missing)(`${name}: ${title}`, t => {
      const directory = temporaryDirectory(t)
      const log = recordingLog()
      const legacyFile = join(directory, 'notes.json')
      const open = (): ClosableKvStore => {
        const kv = sqliteKv({ directory: join(directory, 'notes'), driver: name, legacyFile })(
          placeOf({ log }),
        )
        t.teardown(() => kv.close())
        return kv
      }
      return body(t, { legacyFile, file: join(directory, 'notes', 'kv.sqlite'), log, open })
    })

  it('the data of an earlier version is imported once, and left in place', async (t, {
    legacyFile,
    file,
    log,
    open,
  }) => {
    // As serde_json::to_string_pretty writes it.
    const text =
      '{\n  "theme": "dark",\n  "it\'s": "a \\"quote\\"",\n  "": "no key",\n  "nul": "a\\u0000b",\n  "ключ": "значение 😀"\n}'
    writeFileSync(legacyFile, text)
    const kv = open()
    const imported = [
      ["it's", 'a "quote"'],
      ['nul', 'a\0b'],
      ['theme', 'dark'],
      ['ключ', 'значение 😀'],
    ] as const
    t.deepEqual(await right(kv.entries()), imported)
    t.deepEqual(log.entries, [
      `warn: The key "" of ${legacyFile} was not imported: A key has 1 to 1024 bytes; this one is empty.`,
      'info: imported the data of an earlier version',
    ])
    t.is(readFileSync(legacyFile, 'utf8'), text)
    t.is(statSync(file).mode & 0o777, 0o600)
    t.is(statSync(join(file, '..')).mode & 0o777, 0o700)

    await right(kv.clear())
    await right(kv.close)
    t.deepEqual(await right(open().entries()), [])
  })

  it('what a killed process had begun to create is removed', async (t, { file, open }) => {
    mkdirSync(join(file, '..'))
    for (const suffix of ['.new', '.new-journal']) writeFileSync(file + suffix, 'half')
    t.deepEqual(await right(open().keys()), [])
    t.deepEqual(
      readdirSync(join(file, '..')).filter(name => name.includes('.new')),
      [],
    )
  })

  it('nothing is imported into an existing database', async (t, { legacyFile, open }) => {
    const kv = open()
    t.deepEqual(await right(kv.keys()), [])
    await right(kv.close)
    writeFileSync(legacyFile, '{"key":"old"}')
    t.deepEqual(await right(open().get('key')), O.none)
  })

  it('values that are no strings are left out, and the log says so', async (t, {
    legacyFile,
    file,
    log,
    open,
  }) => {
    const imports = async (text: string): Promise<ReadonlyArray<readonly [string, string]>> => {
      writeFileSync(legacyFile, text)
      const kv = open()
      const entries = await right(kv.entries())
      await right(kv.close)
      for (const suffix of ['', '-wal', '-shm']) rmSync(file + suffix, { force: true })
      return entries
    }
    t.deepEqual(await imports('{"a":"1","b":2,"c":null,"d":{"e":"5"},"f":"6"}'), [
      ['a', '1'],
      ['f', '6'],
    ])
    t.deepEqual(await imports('{"a":"1"'), [])
    t.deepEqual(await imports('["a"]'), [])
    t.deepEqual(await imports(''), [])
    t.deepEqual(
      await imports(JSON.stringify({ big: 'x'.repeat(MAX_VALUE_BYTES + 1), small: 'x' })),
      [['small', 'x']],
    )
    t.deepEqual(
      log.entries.map(entry => entry.replaceAll(legacyFile, 'FILE').replace(/\(.*\)/, '(…)')),
      [
        'warn: The key "b" of FILE was not imported: its value is not a string.',
        'warn: The key "c" of FILE was not imported: its value is not a string.',
        'warn: The key "d" of FILE was not imported: its value is not a string.',
        'info: imported the data of an earlier version',
        'warn: FILE is not JSON (…): nothing was imported.',
        'warn: FILE is not a JSON object: nothing was imported.',
        'warn: FILE is not JSON (…): nothing was imported.',
        'warn: The key "big" of FILE was not imported: A value has at most 8388608 bytes of UTF-8 (…); this one has 8388609.',
        'info: imported the data of an earlier version',
      ],
    )
  })

  it('a file that cannot be read is an error until it can, so nothing is lost', async (t, {
    legacyFile,
    file,
    open,
  }) => {
    mkdirSync(legacyFile)
    const kv = open()
    const error = await left(kv.get('key'))
    t.is(error._tag, 'Io')
    const [forClients, forTheLog] = saidIn(error)
    t.is(forClients, 'the key-value store cannot be opened')
    t.regex(forTheLog, /cannot be read \(EISDIR.*make it readable, or move it away\.$/)
    t.false(existsSync(file))
    chmodSync(legacyFile, 0o700)
    rmSync(legacyFile, { recursive: true })
    writeFileSync(legacyFile, '{"key":"old"}')
    t.deepEqual(await right(kv.get('key')), O.some('old'))
  })
}
