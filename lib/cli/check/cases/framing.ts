import { answerFaults } from '../protocol/answer.js'
import { type Client, withConnection } from '../protocol/client.js'
import { frame } from '../protocol/frame.js'
import { http } from '../protocol/message.js'
import { pause, type RawConnection } from '../protocol/raw-connection.js'
import { type Fault, fault, NONE, restated } from '../report/finding.js'
import { type Case, ERROR, PROMISED } from '../run/case.js'

/** How far apart two writes are that must be two reads, in milliseconds. */
const PIECE_INTERVAL = 15
/** How many requests are in one write. */
const PIPELINED = 500

const inPieces =
  (title: string, piecesOf: (bytes: Buffer) => ReadonlyArray<Buffer>, interval: number) =>
  (client: Client) =>
    withConnection(client, async connection => {
      for (const piece of piecesOf(frame(http(client.dialect, 'in-pieces')))) {
        await connection.write(piece)
        await pause(interval)
      }
      return restated(
        answerFaults(await connection.next(), 'in-pieces'),
        `an answer to a frame that arrives ${title}`,
        'read until there are four bytes, then until there are as many as they say: one ' +
          'read may bring less, or more',
      )
    })

/** Waits for the answers to requests that were written together, in any order. */
const answersTo = async (
  connection: RawConnection,
  ids: ReadonlyArray<string>,
): Promise<ReadonlyArray<Fault>> => {
  const open = new Set(ids)
  const advice =
    'continue with the bytes after a message, and keep the connection open until the other ' +
    'end closes it'
  while (open.size > 0) {
    const reply = await connection.next()
    if (reply._tag === 'Nothing')
      return fault(`${ids.length} answers`, `${ids.length - open.size}, then ${reply.got}`, advice)
    const its = reply.value.request_id
    if (typeof its !== 'string' || !open.delete(its)) {
      return fault(
        'one answer for each request_id',
        `${JSON.stringify(its)}, which is unknown or was answered before`,
        advice,
      )
    }
  }
  return NONE
}

const together = (count: number) => (client: Client) =>
  withConnection(client, async connection => {
    const ids = Array.from({ length: count }, (_, index) => `together-${index}`)
    void connection.write(Buffer.concat(ids.map(id => frame(http(client.dialect, id)))))
    return answersTo(connection, ids)
  })

/** Frames that arrive in pieces, and several at once. */
export const framingCases: ReadonlyArray<Case> = [
  {
    id: 'frame-split',
    title: 'a frame that arrives in pieces is answered',
    levels: ERROR,
    after: ['request-id'],
    needs: 'shared',
    run: async client => {
      const middle = inPieces(
        'in four pieces',
        bytes => [
          bytes.subarray(0, 2),
          bytes.subarray(2, 4),
          bytes.subarray(4, 40),
          bytes.subarray(40),
        ],
        PIECE_INTERVAL,
      )
      const faults = await middle(client)
      if (faults.length > 0) return faults
      return inPieces(
        'byte by byte',
        bytes => Array.from(bytes, (_, index) => bytes.subarray(index, index + 1)),
        0,
      )(client)
    },
  },
  {
    id: 'frame-merged',
    title: 'two frames in one write are both answered',
    levels: PROMISED,
    after: ['request-id'],
    needs: 'shared',
    run: together(2),
  },
  {
    id: 'keep-alive',
    title: 'a second request on the same connection is answered',
    levels: PROMISED,
    after: ['frame-merged'],
    needs: 'shared',
    run: client =>
      withConnection(client, async connection => {
        for (const id of ['first', 'second']) {
          await connection.write(frame(http(client.dialect, id)))
          const faults = await answersTo(connection, [id])
          if (faults.length > 0) return faults
        }
        return NONE
      }),
  },
  {
    id: 'pipelined',
    title: `${PIPELINED} requests in one write are all answered`,
    levels: PROMISED,
    after: ['frame-merged'],
    needs: 'shared',
    run: together(PIPELINED),
  },
]
