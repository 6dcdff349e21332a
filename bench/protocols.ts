// The three protocols of the servers: that of the host, HTTP/1.1, and JSON-RPC behind
// Content-Length.
import { frameOf } from './process.js'
import type { Answer, Request } from './work.js'

/** What a server speaks. */
export type Protocol = 'tagged' | 'http' | 'jsonrpc'

/** The id of the `index`th request; the ids of different requests are equally long. */
export const idOf = (index: number): string =>
  `550e8400-e29b-41d4-a716-${String(index).padStart(12, '0')}`

/** The bytes of a request. HTTP has no ids. */
export const encode: Readonly<Record<Protocol, (request: Request, id: string) => Buffer>> = {
  tagged: (request, id) => {
    const payload =
      request._tag === 'Kv'
        ? {
            action: request.action,
            key: request.key,
            ...(request.value === undefined ? {} : { value: request.value }),
          }
        : {
            payload: {
              method: request.method,
              path: request.path,
              headers: headersOf(request),
              body: request.body,
            },
          }
    const type = request._tag === 'Kv' ? 'kv' : 'http'
    const timestamp = '2026-01-01T00:00:00.000Z'
    return frameOf({
      type,
      timestamp,
      request_id: id,
      payload: { type, request_id: id, ...payload },
    })
  },
  http: request => {
    const { method, path, type, body } = request._tag === 'Kv' ? kvOverHttp(request) : request
    const head = `${method} ${path} HTTP/1.1\r\nHost: plugin\r\n`
    return Buffer.from(
      body === null
        ? `${head}\r\n`
        : `${head}Content-Type: ${type}\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    )
  },
  jsonrpc: (request, id) => {
    const call =
      request._tag === 'Kv'
        ? {
            method: 'kv',
            params: { action: request.action, key: request.key, value: request.value ?? null },
          }
        : { method: `${request.method} ${request.path}`, params: { body: request.body } }
    const text = JSON.stringify({ jsonrpc: '2.0', id, ...call })
    return Buffer.from(`Content-Length: ${Buffer.byteLength(text)}\r\n\r\n${text}`)
  },
}

/**
 * The content of one whole message of a server. Throws if it is no message, or answers another
 * request.
 */
export const decode: Readonly<Record<Protocol, (message: Buffer, id: string) => Answer>> = {
  tagged: (message, id) => {
    const { type, request_id, payload } = JSON.parse(message.toString('utf8', 4))
    if (request_id !== id || payload.request_id !== id)
      throw new Error('an answer does not carry the id of its request')
    if (type === 'kv') return { value: payload.value }
    const { status, body } = JSON.parse(payload.payload.body)
    return { status, body: bodyOf(body) }
  },
  http: message => {
    const [head = '', text = ''] = splitOnce(message.toString())
    const said = bodyOf(text)
    if (typeof said === 'object' && said !== null && 'value' in said) return { value: said.value }
    return { status: Number(head.split(' ')[1]), body: said }
  },
  jsonrpc: (message, id) => {
    const { id: given, result } = JSON.parse(splitOnce(message.toString())[1] ?? '')
    if (given !== id) throw new Error('an answer does not carry the id of its request')
    return 'value' in result ? result : { status: result.status, body: bodyOf(result.body) }
  },
}

const headersOf = (request: Request & { readonly _tag: 'Http' }): Record<string, string> =>
  request.type === undefined ? {} : { 'content-type': request.type }

const kvOverHttp = ({ action, key, value }: Request & { readonly _tag: 'Kv' }) => ({
  method: 'POST',
  path: '/kv',
  type: 'application/json',
  body: JSON.stringify({ action, key, value: value ?? null }),
})

const splitOnce = (text: string): ReadonlyArray<string> => {
  const at = text.indexOf('\r\n\r\n')
  return [text.slice(0, at), text.slice(at + 4)]
}

/**
 * The value of a JSON text, since servers write JSON with and without spaces. A text that is no
 * JSON is its own value.
 */
const bodyOf = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return text
  }
}
