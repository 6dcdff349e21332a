import { type Duplex, duplexPair } from 'node:stream'
import { setImmediate as turn } from 'node:timers/promises'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import type { Answer, HostMessage } from '../../lib/domain/message.js'
import { Connection } from '../../lib/transport/server/connection.js'
import type { DialectName } from '../../lib/wire/dialect.js'
import { dialects } from '../../lib/wire/dialects.js'
import { type FramingName, framings } from '../../lib/wire/framing.js'
import type { WireError } from '../../lib/wire/wire-error.js'
import fc, { runs } from '../support/properties.js'
import { cutAt, feed } from '../wire/decoding.js'
import { canonical, mutated, mutation } from './arbitraries.js'

const STAMP = '2026-01-15T10:00:00Z'
const SECONDS = 1000

/** What is asked: how many turns of the event loop the answer takes, and how long it is. */
interface Asked {
  readonly kind: 'http' | 'kv' | 'ping'
  readonly named: boolean
  readonly turns: number
  readonly size: number
}

const asked: fc.Arbitrary<Asked> = fc.record({
  kind: fc.constantFrom('http', 'http', 'kv', 'ping'),
  named: fc.boolean(),
  turns: fc.oneof(fc.constant(0), fc.nat(5)),
  size: fc.oneof(fc.nat(50), fc.nat(30_000)),
})

const messageOf = (
  { kind, named, turns, size }: Asked,
  index: number,
  dialect: DialectName,
): HostMessage => {
  const requestId = named ? `r${index}` : dialect === 'tagged' ? `t${index}` : undefined
  if (kind === 'ping') return { _tag: 'UnknownLifecycle', action: 'ping' }
  if (kind === 'kv')
    return {
      _tag: 'Kv',
      requestId,
      action: 'get',
      key: `${index} ${turns} ${size}`,
      value: undefined,
    }
  const request = {
    method: 'GET',
    path: `/${index} ${turns} ${size}`,
    pathDecoded: dialect === 'tagged',
    headers: {},
    body: null,
  }
  return { _tag: 'Http', requestId, ...request }
}

const answerOf = (text: string, tag: Answer['_tag']): Answer => {
  const value = `${text} ${'x'.repeat(Number(text.split(' ')[2] ?? 0) % 40_000)}`
  return tag === 'KvAnswer'
    ? { _tag: 'KvAnswer', value }
    : { _tag: 'HttpAnswer', status: 200, headers: {}, body: value }
}

/** Answers a request with what it asked for, after as many turns as it asked for. */
const receive = (message: HostMessage): Answer | null | Promise<Answer | null> => {
  if (message._tag !== 'Http' && message._tag !== 'Kv') return null
  const [text, tag] =
    message._tag === 'Http'
      ? ([message.path.slice(1), 'HttpAnswer'] as const)
      : ([message.key, 'KvAnswer'] as const)
  const turns = Number(text.split(' ')[1] ?? 0) % 10
  return turns > 0 ? later(turns).then(() => answerOf(text, tag)) : answerOf(text, tag)
}

const later = async (turns: number): Promise<void> => {
  for (let left = turns; left > 0; left--) await turn()
}

/** A connection in memory, and what came back on it. */
const connected = (maxInFlight: number) => {
  const [near, far] = duplexPair({ highWaterMark: 4096 })
  const faults: WireError[] = []
  const unsent: WireError[] = []
  let [buffered, least] = [0, 0]
  new Connection(
    far,
    {
      receive,
      timestamp: () => STAMP,
      onInvalidInput: error => faults.push(error),
      onUnsent: error => unsent.push(error),
      maxInFlight,
      now: () => performance.now(),
    },
    {
      onClose: () => undefined,
      onBufferedChange: change => {
        buffered += change
        least = Math.min(least, buffered)
      },
    },
  )
  const came: Buffer[] = []
  near.on('data', (chunk: Buffer) => came.push(chunk))
  // In memory nobody destroys the other side: its end is all that a peer sees.
  const ended = new Promise<boolean>(resolve => {
    const timer = setTimeout(() => resolve(false), 20 * SECONDS)
    for (const event of ['end', 'close', 'error']) {
      near.on(event, () => {
        clearTimeout(timer)
        resolve(true)
      })
    }
  })
  return { near, faults, unsent, ended, came, buffered: () => [buffered, least] }
}

const send = async (
  stream: Duplex,
  pieces: ReadonlyArray<Buffer>,
  pauses: ReadonlyArray<number>,
): Promise<void> => {
  for (const [index, piece] of pieces.entries()) {
    stream.write(piece)
    await later(pauses[index % Math.max(1, pauses.length)] ?? 0)
  }
  stream.end()
}

const bytesOf = (
  messages: ReadonlyArray<HostMessage>,
  dialect: DialectName,
  framing: FramingName,
): Buffer =>
  Buffer.concat(
    messages.flatMap(message => {
      const encoded = framings[framing].encode(dialects[dialect].encodeMessage(message, STAMP))
      return E.isRight(encoded) ? [encoded.right] : []
    }),
  )

const exchange = fc.record({
  dialect: fc.constantFrom('documented', 'nested', 'tagged'),
  framing: fc.constantFrom('frames', 'lines'),
  list: fc.array(asked, { minLength: 1, maxLength: 12 }),
  cuts: fc.array(fc.nat(4000), { maxLength: 8 }),
  pauses: fc.array(fc.nat(4), { maxLength: 8 }),
  maxInFlight: fc.integer({ min: 1, max: 5 }),
})

/** A reply in a line: the difference of two should be readable. */
const brief = (reply: unknown): string => {
  const text = canonical(reply)
  return `${text.slice(0, 140)} (${text.length})`
}

const isNameless = (reply: string): boolean => reply.includes('undefined')

test('any requests, in any pieces with any pauses, get exactly their answers', async t => {
  await fc.assert(
    fc.asyncProperty(exchange, async ({ dialect, framing, list, cuts, pauses, maxInFlight }) => {
      const messages = list.map((each, index) => messageOf(each, index, dialect))
      const { near, faults, unsent, ended, came, buffered } = connected(maxInFlight)
      await send(near, cutAt(bytesOf(messages, dialect, framing), cuts), pauses)
      t.true(await ended, 'the connection hangs')
      t.deepEqual([faults, unsent, buffered()], [[], [], [0, 0]])

      const { texts, error } = feed(framings[framing].decoder(), came)
      const replies = texts.map(text => brief(dialects[dialect].decodeAnswer(JSON.parse(text))))
      const expected = await Promise.all(
        messages.map(async message => {
          const answer = await receive(message)
          return answer === null || !('requestId' in message)
            ? []
            : [brief(E.right({ requestId: message.requestId, answer }))]
        }),
      )
      t.is(error, undefined)
      // What has no name is known by its place.
      t.deepEqual(replies.filter(isNameless), expected.flat().filter(isNameless))
      t.deepEqual(replies.sort(), expected.flat().sort())
    }),
    runs(100),
  )
})

test('a stream that was changed anywhere is answered or closed, and never hangs', async t => {
  await fc.assert(
    fc.asyncProperty(
      exchange,
      fc.array(mutation, { minLength: 1, maxLength: 3 }),
      async ({ dialect, framing, list, cuts, pauses, maxInFlight }, changes) => {
        const messages = list.map((each, index) => messageOf(each, index, dialect))
        const { near, faults, ended, came } = connected(maxInFlight)
        await send(
          near,
          cutAt(changes.reduce(mutated, bytesOf(messages, dialect, framing)), cuts),
          pauses,
        )
        t.true(await ended, 'the connection hangs')
        t.true(faults.length <= 1)
        const first = came.find(chunk => chunk.length > 0)?.[0]
        // Whatever was sent, what came back is whole.
        if (first !== undefined)
          t.is(feed(framings[first === 0x7b ? 'lines' : 'frames'].decoder(), came).error, undefined)
      },
    ),
    runs(100),
  )
})
