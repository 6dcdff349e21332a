import * as E from 'fp-ts/lib/Either.js'
import {
  answerFaults,
  bodyFaults,
  envelopeFaults,
  headerFaults,
  innerIdFaults,
  messageFaults,
  responseIn,
  statusFaults,
} from '../protocol/answer.js'
import { type Client, withConnection } from '../protocol/client.js'
import { littleEndianFrame } from '../protocol/frame.js'
import { show } from '../protocol/json.js'
import { http, ID } from '../protocol/message.js'
import type { Reply } from '../protocol/reply.js'
import { type Fault, fault, NONE } from '../report/finding.js'
import { type Case, ERROR } from '../run/case.js'

/** How long to wait for the answer to a little-endian length, in milliseconds. */
const BRIEF = 1_500
/** How far off a clock may be, in milliseconds. */
const CLOCK_TOLERANCE = 5 * 60_000

type Message = Reply & { readonly _tag: 'Message' }

/** A case about the answer to a plain request. */
const aboutAnswer =
  (judge: (message: Message, client: Client) => ReadonlyArray<Fault>) =>
  async (client: Client): Promise<ReadonlyArray<Fault>> => {
    const reply = await client.ask(http(client.dialect, ID))
    return reply._tag === 'Message' ? judge(reply, client) : messageFaults(reply)
  }

/** A case about the response in the answer to a plain request. */
const aboutResponse = (
  judge: (response: Readonly<Record<string, unknown>>) => ReadonlyArray<Fault>,
) =>
  aboutAnswer((message, client) => {
    const response = responseIn(client.dialect, message.value)
    return E.isLeft(response) ? response.left : judge(response.right)
  })

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

const timestampFaults = ({ value: { timestamp } }: Message): ReadonlyArray<Fault> => {
  if (
    typeof timestamp !== 'string' ||
    !RFC_3339.test(timestamp) ||
    Number.isNaN(Date.parse(timestamp.slice(0, 19)))
  ) {
    return fault(
      'timestamp: RFC 3339, as in "2026-01-15T10:00:00Z"',
      show(timestamp),
      'write the time of the answer in UTC: the host cannot parse an answer without a timestamp',
    )
  }
  const off = Math.abs(Date.parse(timestamp.replace(/(\.\d{3})\d+/, '$1')) - Date.now())
  return off < CLOCK_TOLERANCE
    ? NONE
    : fault(
        'the time of the answer',
        `${timestamp}, ${Math.round(off / 60_000)} minutes off`,
        'write the time of the answer, in UTC',
        'note',
      )
}

const wellFormed = (value: unknown): boolean =>
  typeof value === 'string'
    ? value.isWellFormed()
    : typeof value !== 'object' || value === null || Object.values(value).every(wellFormed)

/** What answers contain. */
export const answerCases: ReadonlyArray<Case> = [
  {
    id: 'answer-frame',
    title: 'it answers a request with JSON in a frame',
    levels: ERROR,
    after: ['init-lost', 'init-never'],
    needs: 'shared',
    run: async client => {
      const message = http(client.dialect, ID)
      const reply = await client.ask(message)
      if (reply._tag === 'Message') return NONE
      return withConnection(client, async connection => {
        void connection.write(littleEndianFrame(message))
        await connection.bytes(BRIEF, bytes => bytes.length > 0)
        return (await connection.bytes(0)).length === 0
          ? messageFaults(reply)
          : fault(
              'lengths in big-endian bytes',
              `${reply.got}; but a little-endian length is answered`,
              'read and write the length as a big-endian unsigned 32-bit integer (network order)',
            )
      })
    },
  },
  {
    id: 'request-id',
    title: 'the answer has the request_id of its request',
    levels: ERROR,
    after: ['answer-frame'],
    needs: 'shared',
    run: aboutAnswer(message => answerFaults(message, ID)),
  },
  {
    id: 'answer-timestamp',
    title: 'the answer has a timestamp',
    levels: ERROR,
    after: ['answer-frame'],
    needs: 'shared',
    run: aboutAnswer(timestampFaults),
  },
  {
    id: 'answer-envelope',
    title: 'the answer is in the dialect of its request',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: aboutAnswer(({ value }, { dialect }) => envelopeFaults(dialect, value)),
  },
  {
    id: 'answer-inner-id',
    title: 'in the tagged dialect the payload has the request_id, too',
    levels: { host: 'error', documented: undefined },
    after: ['answer-envelope'],
    needs: 'shared',
    run: aboutAnswer(({ value }) => innerIdFaults(value, ID)),
  },
  {
    id: 'answer-response',
    title:
      'the response is {status, headers, body}; in the tagged dialect as JSON text in a string',
    levels: ERROR,
    after: ['answer-envelope'],
    needs: 'shared',
    run: aboutResponse(() => NONE),
  },
  {
    id: 'answer-status',
    title: 'the status is an integer from 200 to 599',
    levels: ERROR,
    after: ['answer-response'],
    needs: 'shared',
    run: aboutResponse(statusFaults),
  },
  {
    id: 'answer-headers',
    title: 'the headers are strings that HTTP allows',
    levels: ERROR,
    after: ['answer-response'],
    needs: 'shared',
    run: aboutResponse(headerFaults),
  },
  {
    id: 'answer-body',
    title: 'the body is a string or null',
    levels: ERROR,
    after: ['answer-response'],
    needs: 'shared',
    run: aboutResponse(bodyFaults),
  },
  {
    id: 'answer-unicode',
    title: 'every string in the answer is well-formed Unicode',
    levels: ERROR,
    after: ['answer-response'],
    needs: 'shared',
    run: aboutAnswer(({ value }, { dialect }) => {
      const response = responseIn(dialect, value)
      return wellFormed(value) && (E.isLeft(response) || wellFormed(response.right))
        ? NONE
        : fault(
            'well-formed strings',
            'half of a surrogate pair',
            'replace lone surrogates with U+FFFD: the host cannot parse the message',
          )
    }),
  },
]
