import * as E from 'fp-ts/lib/Either.js'
import { HOST_HTTP_TIMEOUT, MAX_FRAME_BYTES } from '../../../domain/host.js'
import { answerFaults } from '../protocol/answer.js'
import { type Client, unknownPath, withConnection } from '../protocol/client.js'
import { frame } from '../protocol/frame.js'
import { http } from '../protocol/message.js'
import { type Fault, fault, NONE, restated } from '../report/finding.js'
import { type Case, ERROR, PROMISED } from '../run/case.js'

const MIB = 1024 * 1024
const AT_ONCE = 100
const IN_TURN = 200
const LEAVING = 20
/** How long a slow plugin is asked again and again, in milliseconds. */
const TIME_LIMIT = 15_000
const UNREAD = 5_000
/** How many times the usual timeout heavy work gets. */
const HEAVY = 3

const answersBody =
  (mebibytes: number) =>
  async (client: Client): Promise<ReadonlyArray<Fault>> => {
    const advice =
      `read a frame to its end whatever its length up to ${MAX_FRAME_BYTES / 1_048_576} MiB; ` +
      'a 413 or a 404 will do'
    const faults = await client.expectAnswer(
      { method: 'POST', path: unknownPath(), body: 'a'.repeat(mebibytes * MIB) },
      client.timeout * HEAVY,
    )
    return faults.length > 0
      ? restated(faults, `an answer to a body of ${mebibytes} MiB`, advice)
      : restated(await client.expectAnswer(), 'an answer to the next request', advice)
  }

const atOnce = async (client: Client): Promise<ReadonlyArray<Fault>> => {
  const asked = Array.from({ length: AT_ONCE }, async (_, index) => {
    const id = `at-once-${index}`
    const connection = await client.dial()
    if (E.isLeft(connection)) return { faults: answerFaults(connection.left, id), refusals: 0 }
    void connection.right.write(frame(http(client.dialect, id)))
    const faults = answerFaults(await connection.right.next(client.timeout * HEAVY), id)
    connection.right.close()
    return { faults, refusals: connection.right.refusals }
  })
  const all = await Promise.all(asked)
  const failed = all.filter(({ faults }) => faults.length > 0)
  const [first] = failed.flatMap(({ faults }) => faults)
  if (first !== undefined) {
    return fault(
      `${AT_ONCE} answers`,
      `${AT_ONCE - failed.length}; the next: ${first.got}`,
      'serve connections at the same time, and accept them as they come',
    )
  }
  const late = all.filter(({ refusals }) => refusals > 0).length
  return late === 0
    ? NONE
    : fault(
        `${AT_ONCE} connections that are accepted at once`,
        `${late} were refused at first (EAGAIN)`,
        `listen with a backlog of ${AT_ONCE} or more`,
        'note',
      )
}

/** Many connections, large bodies, and slow clients. */
export const connectionCases: ReadonlyArray<Case> = [
  {
    id: 'body-1-mib',
    title: 'a body of 1 MiB is answered',
    levels: ERROR,
    after: ['frame-split'],
    needs: 'shared',
    run: answersBody(1),
  },
  {
    id: 'body-15-mib',
    title: 'a body of 15 MiB is answered',
    levels: ERROR,
    after: ['body-1-mib'],
    needs: 'own',
    run: answersBody(15),
  },
  {
    id: 'many-connections',
    title: `${IN_TURN} requests, each on a connection of its own, are answered`,
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async client => {
      const deadline = performance.now() + TIME_LIMIT
      for (let count = 0; count < IN_TURN && performance.now() < deadline; count++) {
        const [first] = await client.expectAnswer()
        if (first !== undefined) {
          return fault(
            first.expected,
            `at request ${count + 1}: ${first.got}`,
            'be ready for the next connection at once: the host opens one for each request',
          )
        }
      }
      return NONE
    },
  },
  {
    id: 'connections-100',
    title: `${AT_ONCE} connections at once are answered`,
    levels: ERROR,
    after: ['many-connections'],
    needs: 'own',
    run: atOnce,
  },
  {
    id: 'leaving',
    title: 'it survives clients that disconnect before the answer',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async client => {
      for (let count = 0; count < LEAVING; count++)
        await client.sendAndClose(frame(http(client.dialect, `leaving-${count}`)))
      return restated(
        await client.expectAnswer(),
        'an answer to the next request',
        'let a lost connection (EPIPE, ECONNRESET) end nothing else: the host disconnects ' +
          `after ${HOST_HTTP_TIMEOUT / 1_000} s`,
      )
    },
  },
  {
    id: 'slow-reader',
    title: 'a client that reads nothing does not hold up others',
    levels: PROMISED,
    after: ['pipelined', 'half-message'],
    needs: 'own',
    run: client =>
      withConnection(client, async connection => {
        connection.pause()
        void connection.write(
          Buffer.concat(
            Array.from({ length: UNREAD }, (_, index) =>
              frame(http(client.dialect, `unread-${index}`)),
            ),
          ),
        )
        for (let count = 0; count < 5; count++) {
          const faults = await client.expectAnswer()
          if (faults.length > 0)
            return restated(
              faults,
              `an answer while another client asks ${UNREAD} times and reads nothing`,
              'never let others wait for one client: stop reading from a client that does ' +
                'not take its answers',
            )
        }
        return NONE
      }),
  },
]
