import * as E from 'fp-ts/lib/Either.js'
import {
  answered,
  bodyOf,
  enveloped,
  framed,
  headersOf,
  innerId,
  responseIn,
  statusOf,
} from '../protocol/answer.js'
import { type Talk, withConnection } from '../protocol/client.js'
import { littleEndianFrame } from '../protocol/frame.js'
import { show } from '../protocol/json.js'
import { http, ID } from '../protocol/message.js'
import type { Reply } from '../protocol/reply.js'
import { type Fault, fault, NONE } from '../report/finding.js'
import { type Case, ERROR } from '../run/case.js'

/** How long is waited for the answer to a length the wrong way round. */
const BRIEF = 1_500
/** A clock that is further off than this is worth knowing. */
const CLOCK = 5 * 60_000

type Message = Reply & { readonly _tag: 'Message' }

/** Judges the answer to a plain request. Where there is none another case has said so. */
const plain =
  (judge: (message: Message, talk: Talk) => ReadonlyArray<Fault>) =>
  async (talk: Talk): Promise<ReadonlyArray<Fault>> => {
    const reply = await talk.ask(http(talk.dialect, ID))
    return reply._tag === 'Message' ? judge(reply, talk) : framed(reply)
  }

const responding = (judge: (response: Readonly<Record<string, unknown>>) => ReadonlyArray<Fault>) =>
  plain((message, talk) => {
    const response = responseIn(talk.dialect, message.value)
    return E.isLeft(response) ? response.left : judge(response.right)
  })

const RFC_3339 = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

const timestampOf = ({ value: { timestamp } }: Message): ReadonlyArray<Fault> => {
  if (
    typeof timestamp !== 'string' ||
    !RFC_3339.test(timestamp) ||
    Number.isNaN(Date.parse(timestamp.slice(0, 19)))
  ) {
    return fault(
      'timestamp: RFC 3339, as in "2026-01-15T10:00:00Z"',
      show(timestamp),
      'write the time of the answer in UTC: the host cannot parse an answer without one',
    )
  }
  const off = Math.abs(Date.parse(timestamp.replace(/(\.\d{3})\d+/, '$1')) - Date.now())
  return off < CLOCK
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

/** What stands in the answers. */
export const answerCases: ReadonlyArray<Case> = [
  {
    id: 'answer-frame',
    title: 'it answers a request with JSON in a frame',
    levels: ERROR,
    after: ['init-lost', 'init-never'],
    needs: 'shared',
    run: async talk => {
      const message = http(talk.dialect, ID)
      const reply = await talk.ask(message)
      if (reply._tag === 'Message') return NONE
      return withConnection(talk, async connection => {
        void connection.write(littleEndianFrame(message))
        await connection.bytes(BRIEF, bytes => bytes.length > 0)
        return (await connection.bytes(0)).length === 0
          ? framed(reply)
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
    run: plain(message => answered(message, ID)),
  },
  {
    id: 'answer-timestamp',
    title: 'the answer has a time',
    levels: ERROR,
    after: ['answer-frame'],
    needs: 'shared',
    run: plain(timestampOf),
  },
  {
    id: 'answer-envelope',
    title: 'the answer is in the dialect of its request',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: plain(({ value }, { dialect }) => enveloped(dialect, value)),
  },
  {
    id: 'answer-inner-id',
    title: 'in the tagged dialect the request_id stands in the payload, too',
    levels: { host: 'error', documented: undefined },
    after: ['answer-envelope'],
    needs: 'shared',
    run: plain(({ value }) => innerId(value, ID)),
  },
  {
    id: 'answer-response',
    title:
      'the response is {status, headers, body}; in the tagged dialect as JSON text in a string',
    levels: ERROR,
    after: ['answer-envelope'],
    needs: 'shared',
    run: responding(() => NONE),
  },
  {
    id: 'answer-status',
    title: 'the status is an integer from 200 to 599',
    levels: ERROR,
    after: ['answer-response'],
    needs: 'shared',
    run: responding(statusOf),
  },
  {
    id: 'answer-headers',
    title: 'the headers are strings that HTTP allows',
    levels: ERROR,
    after: ['answer-response'],
    needs: 'shared',
    run: responding(headersOf),
  },
  {
    id: 'answer-body',
    title: 'the body is a string or null',
    levels: ERROR,
    after: ['answer-response'],
    needs: 'shared',
    run: responding(bodyOf),
  },
  {
    id: 'answer-unicode',
    title: 'every string in the answer is well-formed Unicode',
    levels: ERROR,
    after: ['answer-response'],
    needs: 'shared',
    run: plain(({ value }, { dialect }) => {
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
