import * as E from 'fp-ts/lib/Either.js'
import { MAX_FRAME_BYTES } from '../../../domain/host.js'
import { messageFaults } from '../protocol/answer.js'
import { type Client, withConnection } from '../protocol/client.js'
import { frame, header } from '../protocol/frame.js'
import { http } from '../protocol/message.js'
import { NONE, restated } from '../report/finding.js'
import { type Case, ERROR } from '../run/case.js'

/** How long a plugin is given to react to garbage, in milliseconds. */
const REACTION_TIME = 300

const text = (json: string): Buffer => frame(Buffer.from(json))
const noise = Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 197 + 13) % 256))

/** What a plugin must survive. */
const GARBAGE: ReadonlyArray<readonly [id: string, title: string, bytes: Buffer]> = [
  ['not-json', 'a frame that is not JSON', text('{"type": "http", ')],
  ['empty', 'an empty frame', header(0)],
  ['array', 'a message that is an array', text('[1, 2, 3]')],
  ['null', 'a message that is null', text('null')],
  ['no-type', 'a message without a type', text('{"request_id": "1", "payload": {}}')],
  [
    'type',
    'a message of an unknown type',
    text(
      '{"type": "telemetry", "timestamp": "2026-01-15T10:00:00Z", "request_id": "1", ' +
        '"payload": {}}',
    ),
  ],
  [
    'payload',
    'a request whose payload is a number',
    text('{"type": "http", "timestamp": "2026-01-15T10:00:00Z", "request_id": "1", "payload": 5}'),
  ],
  [
    'fields',
    'a request whose fields have other types',
    text(
      '{"type": "http", "timestamp": 5, "request_id": {}, "payload": {"type": "http", ' +
        '"request_id": [], "payload": {"method": 5, "path": null, "headers": 7, "body": {}}}}',
    ),
  ],
  ['utf8', 'a frame that is not UTF-8', frame(Buffer.from([0x22, 0xff, 0xfe, 0xc0, 0x22]))],
  ['deep', 'JSON that is nested 100,000 deep', text('['.repeat(100_000))],
  ['noise', 'random bytes', Buffer.concat([header(noise.length), noise])],
  ['web', 'an HTTP/1.1 request', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
]

const survives = (what: string, bytes: Buffer) => (client: Client) =>
  withConnection(client, async connection => {
    await connection.write(bytes)
    // Now a plugin may close the connection, or die.
    await connection.bytes(REACTION_TIME, came => came.length > 0)
    const advice =
      'log it, close that connection, and serve the others: nothing that comes over the ' +
      'socket may end the process'
    const during = await client.expectAnswer()
    connection.close()
    return during.length > 0
      ? restated(during, `an answer to another client during ${what}`, advice)
      : restated(await client.expectAnswer(), `an answer to another client after ${what}`, advice)
  })

/** Beginnings of a frame: nothing, part of its length, its length, and two within its message. */
const partsOf = (whole: Buffer): ReadonlyArray<Buffer> =>
  [0, 2, 4, whole.length / 2, whole.length - 1].map(end => whole.subarray(0, end))

/** Messages that no host should send. */
export const garbageCases: ReadonlyArray<Case> = [
  ...GARBAGE.map(
    ([id, title, bytes]): Case => ({
      id: `garbage-${id}`,
      title: `it serves others during and after ${title}`,
      levels: ERROR,
      after: ['half-message'],
      needs: 'shared',
      run: survives(title, bytes),
    }),
  ),
  {
    id: 'over-long',
    title:
      'it serves others during and after frames that declare more than ' +
      `${MAX_FRAME_BYTES / 1_048_576} MiB`,
    levels: ERROR,
    after: ['half-message'],
    needs: 'own',
    run: async client => {
      for (const length of [MAX_FRAME_BYTES + 1, 0x7fff_ffff, 0xffff_ffff]) {
        const faults = await survives(
          `a frame that declares ${length} bytes`,
          Buffer.concat([header(length), Buffer.alloc(64, 0x20)]),
        )(client)
        if (faults.length > 0) return faults
      }
      return NONE
    },
  },
  {
    id: 'half-message',
    title: 'half a message does not hold up other clients',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async client => {
      for (const part of partsOf(frame(http(client.dialect, 'half')))) {
        // These stay open until the end of the case.
        const connection = await client.dial()
        if (E.isLeft(connection)) return messageFaults(connection.left)
        await connection.right.write(part)
      }
      return restated(
        await client.expectAnswer(),
        'an answer while five other connections have sent part of a message',
        'serve connections at the same time (a thread or a task for each): a slow one must ' +
          'not hold up the others',
      )
    },
  },
  {
    id: 'half-message-lost',
    title: 'it serves after connections that ended in the middle of a message',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async client => {
      for (const part of partsOf(frame(http(client.dialect, 'half'))))
        await client.sendAndClose(part)
      return client.expectAnswer()
    },
  },
]
