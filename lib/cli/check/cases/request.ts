import * as E from 'fp-ts/lib/Either.js'
import { answered, framed, responseIn, wholly } from '../protocol/answer.js'
import { nowhere, type Talk, withConnection } from '../protocol/client.js'
import { isObject, show } from '../protocol/json.js'
import { type Dialect, http, ID, kv, type RequestId } from '../protocol/message.js'
import type { Reply } from '../protocol/reply.js'
import { type Fault, fault, NONE } from '../report/finding.js'
import { type Case, ERROR, FUTURE, type Levels, WARNING } from '../run/case.js'

/** How long something that nobody needs may take, so that a plugin without it is not waited for. */
const BRIEF = 1_500

const speaks = (dialect: Dialect, levels: Levels): Case => ({
  id: `dialect-${dialect}`,
  title: `it answers the ${dialect} dialect in its own form`,
  levels,
  after: ['request-id'],
  needs: 'shared',
  run: async talk => wholly(dialect, await talk.ask(http(dialect, ID), BRIEF), ID),
})

const firstFaults = async (
  works: ReadonlyArray<() => Promise<ReadonlyArray<Fault>>>,
): Promise<ReadonlyArray<Fault>> => {
  for (const work of works) {
    const faults = await work()
    if (faults.length > 0) return faults
  }
  return NONE
}

const asksWith = (talk: Talk, dialect: Dialect, ids: ReadonlyArray<RequestId>, patience: number) =>
  firstFaults(ids.map(id => async () => answered(await talk.ask(http(dialect, id), patience), id)))

const ODD_IDS = ['1', '', 'a "quoted" \\ id', '{"type":"http"}', 'x'.repeat(1000)]

const kvAnswer = (dialect: Dialect, reply: Reply, id: string): ReadonlyArray<Fault> => {
  const outside = answered(reply, id)
  if (reply._tag === 'Nothing' || outside.length > 0) return outside
  const { type, payload } = reply.value
  const value = isObject(payload) ? payload.value : undefined
  const tagged =
    dialect !== 'tagged' ||
    (isObject(payload) && payload.type === 'kv' && payload.request_id === id)
  return type === 'kv' && tagged && (typeof value === 'string' || value === null)
    ? NONE
    : fault(
        dialect === 'tagged'
          ? 'type "kv", payload {type: "kv", request_id, value: a string or null}'
          : 'type "kv", payload {value: a string or null}',
        show(reply.value),
        'answer kv messages in the dialect of the request; set, delete and what failed answer null',
      )
}

/** What may stand in requests, and the dialects they come in. */
export const requestCases: ReadonlyArray<Case> = [
  {
    id: 'request-id-odd',
    title: 'request ids of any text come back unchanged',
    levels: WARNING,
    after: ['request-id'],
    needs: 'shared',
    run: talk => asksWith(talk, talk.dialect, ODD_IDS, talk.patience),
  },
  {
    id: 'request-id-null',
    title: 'a request whose request_id is null or absent is answered',
    levels: FUTURE,
    after: ['request-id'],
    needs: 'shared',
    // In the tagged dialect the inner id stands in for an outer one that is absent.
    run: talk =>
      asksWith(talk, talk.dialect, talk.dialect === 'tagged' ? [null] : [null, undefined], BRIEF),
  },
  {
    id: 'non-ascii',
    title: 'text outside ASCII comes through whole',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async talk => {
      const id = 'Zoë-日本-🔌'
      const request = {
        method: 'POST',
        path: `${nowhere()}/žluť/🔌`,
        headers: { 'x-name': 'Zoë' },
        body: '{"name":"Zoë 日本 🔌"}',
      }
      const [first] = answered(await talk.ask(http(talk.dialect, id, request)), id)
      return first === undefined
        ? NONE
        : fault(
            first.expected,
            first.got,
            'read and write UTF-8, and count the length of a frame in bytes, not in characters',
          )
    },
  },
  {
    id: 'not-found',
    title: 'a path that it has no route for is answered with 404',
    levels: WARNING,
    after: ['answer-status'],
    needs: 'shared',
    run: async talk => {
      const path = nowhere()
      const reply = await talk.ask(http(talk.dialect, ID, { path }))
      const response =
        reply._tag === 'Message' ? responseIn(talk.dialect, reply.value) : E.left(framed(reply))
      if (E.isLeft(response)) return response.left
      const { status } = response.right
      return status === 404
        ? NONE
        : fault(
            `404 for ${path}`,
            show(status),
            'answer 404 to what you do not have, unless you mean to answer every path',
            typeof status === 'number' && status < 500 ? 'note' : undefined,
          )
    },
  },
  {
    id: 'methods',
    title: 'every method is answered',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: talk =>
      firstFaults(
        ['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'].map(
          method => async () => {
            const [first] = await talk.serves({ method, path: nowhere() })
            return first === undefined
              ? NONE
              : fault(
                  `an answer to ${method}`,
                  first.got,
                  `answer 405 or 404 to a method that you do not serve`,
                )
          },
        ),
      ),
  },
  {
    id: 'odd-paths',
    title: 'odd paths and queries are answered',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: talk =>
      firstFaults(
        [
          '',
          '/a b',
          '/100%',
          '/%zz',
          '//',
          '/../..',
          '/?a=1&a=2&b',
          '/?=%&&',
          `/${'x'.repeat(8000)}`,
          '/\u0000',
        ].map(path => async () => {
          const [first] = await talk.serves({ path })
          return first === undefined
            ? NONE
            : fault(
                `an answer to the path ${show(path, 40)}`,
                first.got,
                'let no path or query end a request without an answer: a 400 will do',
              )
        }),
      ),
  },
  speaks('documented', { host: 'note', documented: undefined }),
  speaks('nested', { host: 'note', documented: 'warning' }),
  speaks('tagged', { host: undefined, documented: 'warning' }),
  {
    id: 'kv',
    title: 'kv get, set and delete are answered',
    levels: FUTURE,
    after: ['request-id'],
    needs: 'shared',
    run: talk => {
      const key = `toru-check-${ID.slice(0, 8)}`
      return firstFaults(
        (['get', 'set', 'get', 'delete'] as const).map((action, index) => async () => {
          const id = `kv-${index}`
          const message = kv(talk.dialect, id, action, key, action === 'set' ? 'Zoë 🔌' : undefined)
          return kvAnswer(talk.dialect, await talk.ask(message, BRIEF), id)
        }),
      )
    },
  },
  {
    id: 'lines',
    title: 'JSON without a length, a line each, as people send it with socat',
    levels: { host: undefined, documented: 'note' },
    after: ['request-id'],
    needs: 'shared',
    run: talk =>
      withConnection(talk, async connection => {
        await connection.write(Buffer.from(`${JSON.stringify(http(talk.dialect, ID))}\n`))
        const came = (await connection.bytes(BRIEF, bytes => bytes.includes(0x0a))).toString()
        return came.startsWith('{') && came.includes(ID)
          ? NONE
          : fault(
              'an answer as a line of JSON',
              came === '' ? 'nothing' : show(came),
              'a connection whose first byte is { carries lines: no length within the limit begins so',
            )
      }),
  },
]
