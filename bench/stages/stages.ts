// The way of a message in pieces, each beside what it costs to do the same by hand.

import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { Capabilities } from '../../lib/dispatch/capabilities.js'
import { httpProgram } from '../../lib/dispatch/http.js'
import { kvProgram } from '../../lib/dispatch/kv.js'
import { makeRouter } from '../../lib/dispatch/router.js'
import type { Answer, HostMessage } from '../../lib/domain/message.js'
import { withCells } from '../../lib/kv/cell.js'
import { memoryKv } from '../../lib/kv/memory/memory-kv.js'
import { decodeBytes, dialects, encodeFrame, FrameDecoder } from '../../lib/protocol.js'
import { handlersOf } from '../../lib/reflect/declaration.js'
import { explore } from '../../lib/reflect/explore.js'
import { realClock } from '../../lib/runtime/clock.js'
import { encode, idOf } from '../protocols.js'
import { Bench } from '../servers/bench-plugin.js'
import { EXCHANGES, type REPORT, type WorkName } from '../work.js'

/**
 * A piece of the way. A run returns its result only so that the compiler cannot remove the work.
 */
export interface Stage {
  readonly name: string
  /** What ours does, and what the floor does instead. */
  readonly ours: () => unknown
  readonly floor: () => unknown
  /** How many messages one run is. */
  readonly messages: number
}

const frameOfWork = (work: WorkName): Buffer => {
  const [first] = EXCHANGES[work]
  if (first === undefined) throw new Error('there is no such work')
  return encode.tagged(first.request, idOf(0))
}
const right = <A>(either: E.Either<unknown, A>): A => {
  if (E.isLeft(either)) throw new Error(`not what was expected: ${JSON.stringify(either.left)}`)
  return either.right
}

const hello = frameOfWork('hello')
const helloText = hello.subarray(4)
const FRAMES = 64
const chunk = Buffer.concat(Array.from({ length: FRAMES }, () => hello))

const declaration = right(explore(new Bench()))
const http = httpProgram(declaration)
const kv = kvProgram(declaration)
const find = makeRouter(
  declaration.metadata.route,
  handlersOf(declaration, 'Route').map(route => ({
    method: route.method,
    segments: route.segments,
    target: route,
  })),
)
const quiet = () => undefined
const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet }
const context = E.right({
  instanceId: O.none,
  kv: withCells(memoryKv(), { version: '1.0.0', log }),
  log,
  clock: realClock,
  config: {},
  metadata: declaration.metadata,
})
const capabilities: Capabilities = { log, clock: realClock, ready: () => context }
const peer = { lost: false, onLost: () => quiet }

const messageOf = <Tag extends HostMessage['_tag']>(
  work: WorkName,
  tag: Tag,
): Extract<HostMessage, { readonly _tag: Tag }> => {
  const { message } = right(decodeBytes(frameOfWork(work).subarray(4)))
  const isWanted = (each: HostMessage): each is Extract<HostMessage, { readonly _tag: Tag }> =>
    each._tag === tag
  if (!isWanted(message)) throw new Error(`not what was expected: ${message._tag}`)
  return message
}
const helloMessage = messageOf('hello', 'Http')
const postMessage = messageOf('post', 'Http')
const kvMessage = messageOf('kv', 'Kv')

const body = '{"status":"ok","message":"Hello from plugin!"}'
const headers = { 'Content-Type': 'application/json' }
const answer: Answer = { _tag: 'HttpAnswer', status: 200, headers, body }
const timestamp = '2026-01-01T00:00:00.000Z'
const request_id = idOf(0)
const map = new Map([['theme', 'v']])
const routes = new Map([['GET /', body]])
const decoder = new FrameDecoder()

/** The pieces in the order in which a message passes them. */
export const STAGES: ReadonlyArray<Stage> = [
  {
    name: 'frame',
    messages: FRAMES,
    ours: () => {
      decoder.append(chunk)
      let bytes = 0
      for (let taken = right(decoder.take()); O.isSome(taken); taken = right(decoder.take()))
        bytes += taken.value.length
      return bytes
    },
    floor: () => {
      let bytes = 0
      for (let rest = chunk; rest.length >= 4; rest = rest.subarray(4 + rest.readUInt32BE(0))) {
        bytes += rest.subarray(4, 4 + rest.readUInt32BE(0)).length
      }
      return bytes
    },
  },
  {
    name: 'decode',
    messages: 1,
    ours: () => decodeBytes(helloText),
    floor: () => JSON.parse(helloText.toString()),
  },
  {
    name: 'route',
    messages: 1,
    ours: () => find('GET', '/', true),
    floor: () => routes.get(`${helloMessage.method} ${helloMessage.path}`),
  },
  {
    name: 'handle',
    messages: 1,
    ours: () => http({ message: helloMessage, peer, capabilities }),
    floor: () => ({
      status: 200,
      headers,
      body: JSON.stringify({ status: 'ok', message: 'Hello from plugin!' }),
    }),
  },
  {
    name: 'handle, validated body',
    messages: 1,
    ours: () => http({ message: postMessage, peer, capabilities }),
    floor: () => {
      const { host, services }: typeof REPORT = JSON.parse(postMessage.body ?? '')
      return { status: 201, headers, body: JSON.stringify({ host, services: services.length }) }
    },
  },
  {
    name: 'handle, KV',
    messages: 1,
    ours: () => kv({ message: kvMessage, capabilities }),
    floor: () => Promise.resolve(map.get(kvMessage.key)),
  },
  {
    name: 'encode',
    messages: 1,
    ours: () => encodeFrame(dialects.tagged.encodeAnswer(request_id, answer, timestamp)),
    floor: () => {
      const payload = {
        method: 'RESPONSE',
        path: '',
        headers: {},
        body: JSON.stringify({ status: 200, headers, body }),
      }
      const text = JSON.stringify({
        type: 'http',
        timestamp,
        request_id,
        payload: { type: 'http', request_id, payload },
      })
      const frame = Buffer.allocUnsafe(4 + Buffer.byteLength(text))
      frame.writeUInt32BE(frame.length - 4)
      frame.write(text, 4)
      return frame
    },
  },
]
