import * as E from 'fp-ts/lib/Either.js'
import { MAX_FRAME_BYTES } from '../../../domain/host.js'
import { framed } from '../protocol/answer.js'
import { type Talk, withConnection } from '../protocol/client.js'
import { frame, header } from '../protocol/frame.js'
import { http } from '../protocol/message.js'
import { fault, NONE } from '../report/finding.js'
import { type Case, ERROR } from '../run/case.js'

/** How long a plugin is given to take note of garbage, in milliseconds. */
const REACTION = 300

const text = (json: string): Buffer => frame(Buffer.from(json))
const noise = Buffer.from(Array.from({ length: 512 }, (_, index) => (index * 197 + 13) % 256))

/** What a plugin must survive, by name. */
const GARBAGE: ReadonlyArray<readonly [id: string, title: string, bytes: Buffer]> = [
  ['not-json', 'a frame that is not JSON', text('{"type": "http", ')],
  ['empty', 'a frame of no bytes', header(0)],
  ['array', 'a message that is an array', text('[1, 2, 3]')],
  ['null', 'a message that is null', text('null')],
  ['no-type', 'a message without a type', text('{"request_id": "1", "payload": {}}')],
  [
    'type',
    'a message of an unknown type',
    text(
      '{"type": "telemetry", "timestamp": "2026-01-15T10:00:00Z", "request_id": "1", "payload": {}}',
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
      '{"type": "http", "timestamp": 5, "request_id": {}, "payload": {"type": "http", "request_id": [], "payload": {"method": 5, "path": null, "headers": 7, "body": {}}}}',
    ),
  ],
  ['utf8', 'a frame that is not UTF-8', frame(Buffer.from([0x22, 0xff, 0xfe, 0xc0, 0x22]))],
  ['deep', 'JSON that is nested 100,000 deep', text('['.repeat(100_000))],
  ['noise', 'bytes without any sense', Buffer.concat([header(noise.length), noise])],
  ['web', 'a request of HTTP itself', Buffer.from('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n')],
]

const survives = (what: string, bytes: Buffer) => (talk: Talk) =>
  withConnection(talk, async connection => {
    await connection.write(bytes)
    // Who closes the connection, or dies, does it now.
    await connection.bytes(REACTION, came => came.length > 0)
    const advice =
      'log it, close that connection, and serve the others: nothing that comes over the socket may end the process'
    const [during] = await talk.serves()
    connection.close()
    if (during !== undefined) return fault(`others to be served beside ${what}`, during.got, advice)
    const [after] = await talk.serves()
    return after === undefined
      ? NONE
      : fault(`others to be served after ${what}`, after.got, advice)
  })

const halfOf = (bytes: Buffer): Buffer => bytes.subarray(0, Math.floor(bytes.length / 2))

/** What nobody should send and somebody will. */
export const garbageCases: ReadonlyArray<Case> = [
  ...GARBAGE.map(
    ([id, title, bytes]): Case => ({
      id: `garbage-${id}`,
      title: `it serves beside and after ${title}`,
      levels: ERROR,
      after: ['half-message'],
      needs: 'shared',
      run: survives(title, bytes),
    }),
  ),
  {
    id: 'over-long',
    title: `it serves beside and after frames that declare more than ${MAX_FRAME_BYTES / 1_048_576} MiB`,
    levels: ERROR,
    after: ['half-message'],
    needs: 'own',
    run: async talk => {
      for (const length of [MAX_FRAME_BYTES + 1, 0x7fff_ffff, 0xffff_ffff]) {
        const faults = await survives(
          `a frame that declares ${length} bytes`,
          Buffer.concat([header(length), Buffer.alloc(64, 0x20)]),
        )(talk)
        if (faults.length > 0) return faults
      }
      return NONE
    },
  },
  {
    id: 'half-message',
    title: 'half messages keep nobody waiting',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async talk => {
      const whole = frame(http(talk.dialect, 'half'))
      for (const part of [
        Buffer.alloc(0),
        whole.subarray(0, 2),
        whole.subarray(0, 4),
        halfOf(whole),
        halfOf(whole),
      ]) {
        // They stay open to the end of the case.
        const connection = await talk.dial()
        if (E.isLeft(connection)) return framed(connection.left)
        await connection.right.write(part)
      }
      const [first] = await talk.serves()
      return first === undefined
        ? NONE
        : fault(
            'an answer beside five connections with a part of a message each',
            first.got,
            'serve connections at the same time (a thread or a task for each): one that is slow must not hold up the others',
          )
    },
  },
  {
    id: 'half-message-lost',
    title: 'it serves after connections that ended in the middle of a message',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async talk => {
      const whole = frame(http(talk.dialect, 'half'))
      for (const part of [
        Buffer.alloc(0),
        whole.subarray(0, 2),
        whole.subarray(0, 4),
        halfOf(whole),
      ])
        await talk.tell(part)
      return talk.serves()
    },
  },
]
