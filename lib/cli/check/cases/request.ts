import * as E from 'fp-ts/lib/Either.js'
import { answerFaults, messageFaults, responseFaults, responseIn } from '../protocol/answer.js'
import { type Client, unknownPath, withConnection } from '../protocol/client.js'
import { isObject, show } from '../protocol/json.js'
import { type Dialect, http, ID, kv, type RequestId } from '../protocol/message.js'
import type { Reply } from '../protocol/reply.js'
import { type Fault, fault, NONE, restated } from '../report/finding.js'
import { type Case, ERROR, FUTURE, type Levels, WARNING } from '../run/case.js'

/** How long to wait for what a plugin need not have, in milliseconds. */
const BRIEF = 1_500

const answersDialect = (dialect: Dialect, levels: Levels): Case => ({
  id: `dialect-${dialect}`,
  title: `it answers the ${dialect} dialect in its own form`,
  levels,
  after: ['request-id'],
  needs: 'shared',
  run: async client => responseFaults(dialect, await client.ask(http(dialect, ID), BRIEF), ID),
})

const firstFaults = async (
  checks: ReadonlyArray<() => Promise<ReadonlyArray<Fault>>>,
): Promise<ReadonlyArray<Fault>> => {
  for (const check of checks) {
    const faults = await check()
    if (faults.length > 0) return faults
  }
  return NONE
}

const asksWith = (
  client: Client,
  dialect: Dialect,
  ids: ReadonlyArray<RequestId>,
  timeout: number,
) =>
  firstFaults(
    ids.map(id => async () => answerFaults(await client.ask(http(dialect, id), timeout), id)),
  )

const ODD_IDS = ['1', '', 'a "quoted" \\ id', '{"type":"http"}', 'x'.repeat(1000)]

const kvAnswer = (dialect: Dialect, reply: Reply, id: string): ReadonlyArray<Fault> => {
  const outside = answerFaults(reply, id)
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
        'answer kv messages in the dialect of the request; answer null to set, to delete, ' +
          'and where something failed',
      )
}

/** What requests may contain, and the dialects they come in. */
export const requestCases: ReadonlyArray<Case> = [
  {
    id: 'request-id-odd',
    title: 'any text as a request_id comes back unchanged',
    levels: WARNING,
    after: ['request-id'],
    needs: 'shared',
    run: client => asksWith(client, client.dialect, ODD_IDS, client.timeout),
  },
  {
    id: 'request-id-null',
    title: 'a request whose request_id is null or absent is answered',
    levels: FUTURE,
    after: ['request-id'],
    needs: 'shared',
    // In the tagged dialect the inner id replaces an outer one that is absent.
    run: client =>
      asksWith(
        client,
        client.dialect,
        client.dialect === 'tagged' ? [null] : [null, undefined],
        BRIEF,
      ),
  },
  {
    id: 'non-ascii',
    title: 'text outside ASCII arrives intact',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async client => {
      const id = 'Zoë-日本-🔌'
      const request = {
        method: 'POST',
        path: `${unknownPath()}/žluť/🔌`,
        headers: { 'x-name': 'Zoë' },
        body: '{"name":"Zoë 日本 🔌"}',
      }
      return answerFaults(await client.ask(http(client.dialect, id, request)), id).map(found => ({
        ...found,
        advice: 'read and write UTF-8, and count the length of a frame in bytes, not in characters',
      }))
    },
  },
  {
    id: 'not-found',
    title: 'an unknown path is answered with 404',
    levels: WARNING,
    after: ['answer-status'],
    needs: 'shared',
    run: async client => {
      const path = unknownPath()
      const reply = await client.ask(http(client.dialect, ID, { path }))
      const response =
        reply._tag === 'Message'
          ? responseIn(client.dialect, reply.value)
          : E.left(messageFaults(reply))
      if (E.isLeft(response)) return response.left
      const { status } = response.right
      return status === 404
        ? NONE
        : fault(
            `404 for ${path}`,
            show(status),
            'answer 404 to an unknown path, unless the plugin means to answer every path',
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
    run: client =>
      firstFaults(
        ['POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS', 'PROPFIND'].map(
          method => async () =>
            restated(
              await client.expectAnswer({ method, path: unknownPath() }),
              `an answer to ${method}`,
              'answer 405 or 404 to a method that the plugin does not serve',
            ),
        ),
      ),
  },
  {
    id: 'odd-paths',
    title: 'odd paths and queries are answered',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: client =>
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
        ].map(
          path => async () =>
            restated(
              await client.expectAnswer({ path }),
              `an answer to the path ${show(path, 40)}`,
              'answer every path and query: a 400 will do',
            ),
        ),
      ),
  },
  answersDialect('documented', { host: 'note', documented: undefined }),
  answersDialect('nested', { host: 'note', documented: 'warning' }),
  answersDialect('tagged', { host: undefined, documented: 'warning' }),
  {
    id: 'kv',
    title: 'kv get, set and delete are answered',
    levels: FUTURE,
    after: ['request-id'],
    needs: 'shared',
    run: client => {
      const key = `toru-check-${ID.slice(0, 8)}`
      return firstFaults(
        (['get', 'set', 'get', 'delete'] as const).map((action, index) => async () => {
          const id = `kv-${index}`
          const message = kv(
            client.dialect,
            id,
            action,
            key,
            action === 'set' ? 'Zoë 🔌' : undefined,
          )
          return kvAnswer(client.dialect, await client.ask(message, BRIEF), id)
        }),
      )
    },
  },
  {
    id: 'lines',
    title: 'lines of JSON without a length, as socat sends them, are answered',
    levels: { host: undefined, documented: 'note' },
    after: ['request-id'],
    needs: 'shared',
    run: client =>
      withConnection(client, async connection => {
        await connection.write(Buffer.from(`${JSON.stringify(http(client.dialect, ID))}\n`))
        const came = (await connection.bytes(BRIEF, bytes => bytes.includes(0x0a))).toString()
        return came.startsWith('{') && came.includes(ID)
          ? NONE
          : fault(
              'an answer as a line of JSON',
              came === '' ? 'nothing' : show(came),
              'read lines from a connection whose first byte is {: no length within the ' +
                'limit begins with it',
            )
      }),
  },
]
