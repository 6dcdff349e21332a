import type { ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { KvStore } from '../../lib/domain/kv.js'
import { MAX_KEY_BYTES, MAX_VALUE_BYTES } from '../../lib/kv/limits.js'
import { left, right, testWith } from './support.js'

/** What every store promises. `make` yields a new, empty store that is gone after the test. */
export const storeContract = (
  name: string,
  make: (t: ExecutionContext) => KvStore,
  missing?: string,
): void => {
  const it = (title: string, body: (t: ExecutionContext, kv: KvStore) => Promise<void>): void =>
    testWith(missing)(`${name}: ${title}`, t => body(t, make(t)))

  it('a key that was never set has no value', async (t, kv) => {
    t.deepEqual(await right(kv.get('nothing')), O.none)
    t.deepEqual(await right(kv.keys()), [])
    t.is(await right(kv.delete('nothing')), undefined)
  })

  it('a value is read as it was set, and a later one replaces it', async (t, kv) => {
    for (const value of [
      '',
      'one',
      '{"a":"\\u00e9"}',
      'zwei\n',
      'é €\u{1f600}',
      'a\0b\0',
      "'; DROP TABLE plugin_kv; --",
      '0012',
      '1e3',
    ]) {
      t.is(await right(kv.set('key', value)), undefined)
      t.deepEqual(await right(kv.get('key')), O.some(value))
      t.deepEqual(await right(kv.entries()), [['key', value]])
    }
  })

  it('an operation does nothing before it runs, and may run again', async (t, kv) => {
    const set = kv.set('key', 'value')
    const get = kv.get('key')
    t.deepEqual(await right(get), O.none)
    await right(set)
    t.deepEqual(await right(get), O.some('value'))
    await right(kv.delete('key'))
    await right(set)
    t.deepEqual(await right(get), O.some('value'))
  })

  it('a deleted key is gone, and other keys stay', async (t, kv) => {
    await right(kv.set('a', '1'))
    await right(kv.set('b', '2'))
    await right(kv.delete('a'))
    t.deepEqual(await right(kv.get('a')), O.none)
    t.deepEqual(await right(kv.entries()), [['b', '2']])
  })

  it('keys are in the order of their UTF-8 bytes', async (t, kv) => {
    const ordered = [
      'A',
      'B',
      'a',
      'a!',
      'aa',
      'b',
      'é',
      '\ud7ff',
      '\ue000',
      '\uffff',
      '\u{10000}',
      '\u{1f600}',
      '\u{10ffff}',
    ]
    for (const key of [...ordered].reverse()) await right(kv.set(key, `value of ${key}`))
    t.deepEqual(await right(kv.keys()), ordered)
    t.deepEqual(
      await right(kv.entries()),
      ordered.map(key => [key, `value of ${key}`] as const),
    )
  })

  it('a prefix selects the keys that begin with it, whatever characters it has', async (t, kv) => {
    const keys = [
      '50%',
      '50%x',
      '50x',
      'a',
      'a_b',
      'a_c',
      'axb',
      'A_b',
      'n:1',
      'n:10',
      'n:2',
      'n;',
      '\ud7ff1',
      '\ue0001',
      '\u{10ffff}',
      '\u{10ffff}1',
    ]
    for (const key of keys) await right(kv.set(key, key))
    const expected = async (prefix: string): Promise<void> => {
      const found = await right(kv.keys(prefix))
      t.deepEqual(
        [...found].sort(),
        keys.filter(key => key.startsWith(prefix)).sort(),
        `prefix ${JSON.stringify(prefix)}`,
      )
      t.deepEqual(
        await right(kv.entries(prefix)),
        found.map(key => [key, key] as const),
      )
    }
    for (const prefix of [
      '',
      '50%',
      '5',
      'a_',
      'A',
      'n:',
      'n:1',
      '%',
      '_',
      'zzz',
      '\ud7ff',
      '\ue000',
      '\u{10ffff}',
      "'",
    ])
      await expected(prefix)
  })

  it('an update reads, computes and stores', async (t, kv) => {
    const increment = kv.update('count', current =>
      O.some(String(Number(O.getOrElse(() => '0')(current)) + 1)),
    )
    t.deepEqual(await right(increment), O.some('1'))
    t.deepEqual(await right(increment), O.some('2'))
    t.deepEqual(await right(kv.get('count')), O.some('2'))
    t.deepEqual(await right(kv.update('count', current => current)), O.some('2'))
    t.deepEqual(await right(kv.update('count', () => O.none)), O.none)
    t.deepEqual(await right(kv.get('count')), O.none)
    t.deepEqual(await right(kv.update('count', () => O.none)), O.none)
  })

  it('concurrent updates lose nothing', async (t, kv) => {
    const append = (text: string) =>
      kv.update('log', current => O.some(O.getOrElse(() => '')(current) + text))
    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(text => right(append(text))))
    t.deepEqual(await right(kv.get('log')), O.some('abcde'))
  })

  it('concurrent writes happen in the order in which they were begun', async (t, kv) => {
    const writes = [
      kv.set('key', '1'),
      kv.delete('key'),
      kv.set('key', '2'),
      kv.set('other', 'x'),
      kv.clear(),
      kv.set('key', '3'),
    ]
    await Promise.all(writes.map(right))
    t.deepEqual(await right(kv.entries()), [['key', '3']])
  })

  it('an update whose function throws changes nothing, and later operations work', async (t, kv) => {
    await right(kv.set('key', 'before'))
    const thrown = new Error('not today')
    const failing = (): never => {
      throw thrown
    }
    t.deepEqual(await left(kv.update('key', failing)), {
      _tag: 'Internal',
      message: 'not today',
      cause: thrown,
    })
    t.deepEqual(await right(kv.get('key')), O.some('before'))
    await right(kv.set('key', 'after'))
    t.deepEqual(await right(kv.get('key')), O.some('after'))
  })

  it('a write that begins inside an update happens after it', async (t, kv) => {
    const inner: Array<Promise<void>> = []
    await right(
      kv.update('key', () => {
        inner.push(right(kv.set('other', 'inner')))
        return O.some('outer')
      }),
    )
    await Promise.all(inner)
    t.deepEqual(await right(kv.entries()), [
      ['key', 'outer'],
      ['other', 'inner'],
    ])
  })

  it('clear removes every key', async (t, kv) => {
    for (const key of ['a', 'b', 'c']) await right(kv.set(key, key))
    t.is(await right(kv.clear()), undefined)
    t.deepEqual(await right(kv.entries()), [])
  })

  it('the longest key and the longest value are kept', async (t, kv) => {
    const key = 'é'.repeat(MAX_KEY_BYTES / 2)
    const value = '€'.repeat(Math.floor(MAX_VALUE_BYTES / 3))
    await right(kv.set(key, value))
    const stored = await right(kv.get(key))
    t.true(O.isSome(stored) && stored.value === value)
    const ascii = 'x'.repeat(MAX_VALUE_BYTES)
    await right(kv.set('key', ascii))
    t.true(O.toUndefined(await right(kv.get('key'))) === ascii)
  })

  it('a key beyond the limits is an error that names the limit', async (t, kv) => {
    const refusals = [
      ['', 'A key has 1 to 1024 bytes; this one is empty.', 400],
      ['a\0b', 'A key holds no NUL character.', 400],
      ['\ud800', 'A key is well-formed Unicode; this one holds half of a surrogate pair.', 400],
      [`${'é'.repeat(512)}x`, 'A key has at most 1024 bytes of UTF-8; this one has 1025.', 413],
    ] as const
    for (const [key, message, status] of refusals) {
      const expected = { _tag: 'InvalidRequest', message, status } as const
      t.like(await left(kv.get(key)), expected)
      t.like(await left(kv.set(key, 'value')), expected)
      t.like(await left(kv.delete(key)), expected)
      t.like(await left(kv.update(key, () => O.some('value'))), expected)
      if (key !== '') t.like(await left(kv.keys(key)), expected)
      if (key !== '') t.like(await left(kv.entries(key)), expected)
    }
    t.deepEqual(await right(kv.keys()), [])
  })

  it('a value beyond the limits is an error, and the stored one stays', async (t, kv) => {
    await right(kv.set('key', 'before'))
    const long = 'x'.repeat(MAX_VALUE_BYTES + 1)
    const tooLong = {
      _tag: 'InvalidRequest',
      message: 'A value has at most 8388608 bytes of UTF-8 (8 MiB); this one has 8388609.',
      status: 413,
    } as const
    t.like(await left(kv.set('key', long)), tooLong)
    t.like(await left(kv.update('key', () => O.some(long))), tooLong)
    t.like(await left(kv.set('key', 'a\udc00')), {
      message: 'A value is well-formed Unicode; this one holds half of a surrogate pair.',
      status: 400,
    })
    t.deepEqual(await kv.get('key')(), E.right(O.some('before')))
  })
}
