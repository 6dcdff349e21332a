import * as E from 'fp-ts/lib/Either.js'
import { HOST_HTTP_TIMEOUT, MAX_FRAME_BYTES } from '../../../domain/host.js'
import { answered } from '../protocol/answer.js'
import { nowhere, type Talk, withConnection } from '../protocol/client.js'
import { frame } from '../protocol/frame.js'
import { http } from '../protocol/message.js'
import { type Fault, fault, NONE } from '../report/finding.js'
import { type Case, ERROR, PROMISED } from '../run/case.js'

const MIB = 1024 * 1024
const AT_ONCE = 100
const IN_TURN = 200
const LEAVING = 20
/** A plugin that takes its time for an answer is not asked so often, in milliseconds. */
const LONG_ENOUGH = 15_000
const UNREAD = 5_000
/** For what is heavy. */
const PATIENT = 3

const takes =
  (mebibytes: number) =>
  async (talk: Talk): Promise<ReadonlyArray<Fault>> => {
    const advice = `read a frame to its end whatever its length up to ${MAX_FRAME_BYTES / 1_048_576} MiB; a 413 or a 404 is an answer, silence is none`
    const [first] = await talk.serves(
      { method: 'POST', path: nowhere(), body: 'a'.repeat(mebibytes * MIB) },
      talk.patience * PATIENT,
    )
    if (first !== undefined)
      return fault(`an answer to a body of ${mebibytes} MiB`, first.got, advice)
    const [after] = await talk.serves()
    return after === undefined ? NONE : fault('an answer to the next request', after.got, advice)
  }

const atOnce = async (talk: Talk): Promise<ReadonlyArray<Fault>> => {
  const asked = Array.from({ length: AT_ONCE }, async (_, index) => {
    const id = `at-once-${index}`
    const connection = await talk.dial()
    if (E.isLeft(connection)) return { faults: answered(connection.left, id), refusals: 0 }
    void connection.right.write(frame(http(talk.dialect, id)))
    const faults = answered(await connection.right.next(talk.patience * PATIENT), id)
    connection.right.close()
    return { faults, refusals: connection.right.refusals }
  })
  const all = await Promise.all(asked)
  const failed = all.filter(({ faults }) => faults.length > 0)
  const [first] = failed.flatMap(({ faults }) => faults)
  if (first !== undefined) {
    return fault(
      `${AT_ONCE} answers`,
      `${AT_ONCE - failed.length}; of another ${first.got}`,
      'serve connections at the same time, and accept them as they come',
    )
  }
  const late = all.filter(({ refusals }) => refusals > 0).length
  return late === 0
    ? NONE
    : fault(
        `${AT_ONCE} connections that are taken at once`,
        `${late} were refused at first (EAGAIN)`,
        `listen with a backlog of ${AT_ONCE} or more`,
        'note',
      )
}

/** Many, much, and slow. */
export const crowdCases: ReadonlyArray<Case> = [
  {
    id: 'body-1-mib',
    title: 'a body of 1 MiB is answered',
    levels: ERROR,
    after: ['frame-split'],
    needs: 'shared',
    run: takes(1),
  },
  {
    id: 'body-15-mib',
    title: 'a body of 15 MiB is answered',
    levels: ERROR,
    after: ['body-1-mib'],
    needs: 'own',
    run: takes(15),
  },
  {
    id: 'many-connections',
    title: `${IN_TURN} requests, each on a connection of its own, are answered`,
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async talk => {
      const deadline = performance.now() + LONG_ENOUGH
      for (let count = 0; count < IN_TURN && performance.now() < deadline; count++) {
        const [first] = await talk.serves()
        if (first !== undefined) {
          return fault(
            first.expected,
            `of request ${count + 1} ${first.got}`,
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
    title: 'it survives clients that leave before they are answered',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async talk => {
      for (let count = 0; count < LEAVING; count++)
        await talk.tell(frame(http(talk.dialect, `leaving-${count}`)))
      const [first] = await talk.serves()
      return first === undefined
        ? NONE
        : fault(
            'an answer to the next request',
            first.got,
            `let a connection that is lost (EPIPE, ECONNRESET) end nothing but itself: the host leaves after ${HOST_HTTP_TIMEOUT / 1_000} s`,
          )
    },
  },
  {
    id: 'slow-reader',
    title: 'a client that reads nothing keeps nobody waiting',
    levels: PROMISED,
    after: ['pipelined', 'half-message'],
    needs: 'own',
    run: talk =>
      withConnection(talk, async connection => {
        connection.pause()
        void connection.write(
          Buffer.concat(
            Array.from({ length: UNREAD }, (_, index) =>
              frame(http(talk.dialect, `unread-${index}`)),
            ),
          ),
        )
        for (let count = 0; count < 5; count++) {
          const [first] = await talk.serves()
          if (first !== undefined) {
            return fault(
              `others to be served beside a client that asks ${UNREAD} times and reads nothing`,
              first.got,
              'never wait for one client where others wait: stop reading from a client that does not take its answers',
            )
          }
        }
        return NONE
      }),
  },
]
