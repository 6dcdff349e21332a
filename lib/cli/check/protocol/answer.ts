import * as E from 'fp-ts/lib/Either.js'
import { type Fault, fault, NONE } from '../report/finding.js'
import { isObject, parseJson, show } from './json.js'
import type { Dialect, RequestId } from './message.js'
import type { Reply } from './reply.js'

type Fields = Readonly<Record<string, unknown>>

/** Whether a message came at all. */
export const messageFaults = (reply: Reply): ReadonlyArray<Fault> =>
  reply._tag === 'Message'
    ? NONE
    : fault(
        'an answer in a frame: four bytes of length, big-endian, then that many bytes of JSON',
        reply.got,
        'write the length of the JSON in bytes (not characters) as a big-endian unsigned ' +
          '32-bit integer, then the JSON, and close nothing before both are written',
      )

/** Whether a message came that has the id of its request. */
export const answerFaults = (reply: Reply, id: RequestId): ReadonlyArray<Fault> => {
  if (reply._tag === 'Nothing') return messageFaults(reply)
  const its = reply.value.request_id
  const right = id === undefined || id === null ? its === undefined || its === null : its === id
  return right
    ? NONE
    : fault(
        `request_id ${show(id ?? null)}, that of the request`,
        its === undefined
          ? `an answer without request_id: ${show(reply.value)}`
          : `request_id ${show(its)}`,
        'copy the request_id of the message unchanged into its answer',
      )
}

/** Whether the host's parser finds what it needs around a response. */
export const envelopeFaults = (
  dialect: Dialect,
  { type, payload }: Fields,
): ReadonlyArray<Fault> => {
  if (type !== 'http') {
    return fault('type "http"', `type ${show(type)}`, 'give the answer the type of its request')
  }
  if (!isObject(payload))
    return fault(
      'an object as payload',
      `payload ${show(payload)}`,
      'put the response into payload',
    )
  if (dialect !== 'tagged') {
    return 'status' in payload
      ? NONE
      : fault(
          'payload {status, headers, body}',
          `payload ${show(payload)}`,
          'answer in the dialect of the request: this one has its method directly in ' +
            'payload, or in payload.payload',
        )
  }
  if (payload.type !== 'http') {
    const form =
      'status' in payload ? 'an answer in the documented form' : 'a payload without its type'
    return fault(
      'payload {type: "http", request_id, payload: {method, path, headers, body}}',
      `${form}: payload ${show(payload)}`,
      'answer in the dialect of the request: the host tells its messages apart by ' +
        'payload.type, and makes a 502 of an answer without it',
    )
  }
  const wrapper = payload.payload
  if (!isObject(wrapper)) {
    return fault(
      'an object as payload.payload',
      show(wrapper),
      'wrap the response: {method: "RESPONSE", path: "", headers: {}, body}',
    )
  }
  const wrong = ['method', 'path', 'headers'].filter(name =>
    name === 'headers' ? !isObject(wrapper.headers) : typeof wrapper[name] !== 'string',
  )
  return wrong.length === 0
    ? NONE
    : fault(
        'payload.payload {method: "RESPONSE", path: "", headers: {}, body}',
        `${wrong.map(name => `${name}: ${show(wrapper[name])}`).join(', ')} in ${show(wrapper)}`,
        'the host reads the answer as a request, and needs its method and path as strings ' +
          'and its headers as an object',
      )
}

/** Whether the id is in the payload as well, as the tagged dialect wants it. */
export const innerIdFaults = ({ payload }: Fields, id: string): ReadonlyArray<Fault> => {
  const its = isObject(payload) ? payload.request_id : undefined
  return its === id
    ? NONE
    : fault(
        `payload.request_id ${show(id)}`,
        its === undefined ? 'a payload without request_id' : `payload.request_id ${show(its)}`,
        'write the request_id twice: beside type, and in payload; the host cannot parse an ' +
          'answer without the inner one',
      )
}

/** The response in a message, unchecked. */
export const responseIn = (
  dialect: Dialect,
  { payload }: Fields,
): E.Either<ReadonlyArray<Fault>, Fields> => {
  if (dialect !== 'tagged')
    return isObject(payload)
      ? E.right(payload)
      : E.left(fault('an object as payload', show(payload), 'answer with {status, headers, body}'))
  const wrapper = isObject(payload) ? payload.payload : undefined
  const body = isObject(wrapper) ? wrapper.body : undefined
  const wanted = 'payload.payload.body: a string that holds the JSON of {status, headers, body}'
  const advice =
    'make the response a JSON text and put that text there as a string: it is JSON within JSON'
  if (typeof body !== 'string')
    return E.left(
      fault(wanted, `${isObject(body) ? 'an object' : 'no string'}: ${show(body)}`, advice),
    )
  const response = parseJson(body)
  if (E.isLeft(response))
    return E.left(
      fault(wanted, `a string that is not JSON (${response.left}): ${show(body)}`, advice),
    )
  return isObject(response.right)
    ? E.right(response.right)
    : E.left(fault(wanted, `JSON that is no object: ${show(body)}`, advice))
}

/** Whether the host can pass the status on. */
export const statusFaults = ({ status }: Fields): ReadonlyArray<Fault> =>
  typeof status === 'number' && Number.isInteger(status) && status >= 200 && status <= 599
    ? NONE
    : fault(
        'status: an integer from 200 to 599',
        `status ${show(status)}${typeof status === 'string' ? ', a string' : ''}`,
        'write the status as a JSON number; 1xx and what is over 599 is not passed on as it is',
      )

const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/
const HOST_HEADERS = ['content-length', 'transfer-encoding', 'connection']

/** Whether the host can pass the headers on. */
export const headerFaults = ({ headers }: Fields): ReadonlyArray<Fault> => {
  const wanted = 'headers: an object with a string for each name'
  if (!isObject(headers))
    return fault(wanted, `headers ${show(headers)}`, 'answer with headers: {} where there are none')
  return Object.entries(headers).flatMap(([name, value]) => {
    if (typeof value !== 'string') {
      return fault(
        wanted,
        `${name}: ${show(value)}`,
        'make it a string: the host drops all headers where one is not',
      )
    }
    if (!TOKEN.test(name) || /[\u0000-\u0008\u000a-\u001f\u007f]/.test(value)) {
      return fault(
        'a header that HTTP allows',
        `${show(name)}: ${show(value)}`,
        'remove it: the host drops it without a word',
        'warning',
      )
    }
    return HOST_HEADERS.includes(name.toLowerCase())
      ? fault(
          'no header that the host writes itself',
          `${name}: ${value}`,
          'leave it out: it goes out as it is, true or not',
          'warning',
        )
      : NONE
  })
}

/** Whether the body is a string or null. */
export const bodyFaults = ({ body }: Fields): ReadonlyArray<Fault> =>
  typeof body === 'string' || body === null
    ? NONE
    : fault(
        'body: a string, or null',
        `body ${show(body)}`,
        'make the body a string (JSON is sent as its text); null where there is none',
        body === undefined ? 'warning' : undefined,
      )

/** All of these, for a dialect that is not the profile's. */
export const responseFaults = (
  dialect: Dialect,
  reply: Reply,
  id: string,
): ReadonlyArray<Fault> => {
  const outside = answerFaults(reply, id)
  if (reply._tag === 'Nothing' || outside.length > 0) return outside
  const around = [
    ...envelopeFaults(dialect, reply.value),
    ...(dialect === 'tagged' ? innerIdFaults(reply.value, id) : NONE),
  ]
  if (around.length > 0) return around
  const response = responseIn(dialect, reply.value)
  return E.isLeft(response)
    ? response.left
    : [
        ...statusFaults(response.right),
        ...headerFaults(response.right),
        ...bodyFaults(response.right),
      ]
}
