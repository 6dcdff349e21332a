import type { IncomingMessage, ServerResponse } from 'node:http'
import { decodeText } from '../../domain/text/decode-text.js'
import { parseJsonText } from '../../domain/text/parse-json.js'
import { E, pipe } from '../../fp.js'

/** Answers with JSON. */
export const sendJson = (response: ServerResponse, status: number, value: unknown): void => {
  const body = JSON.stringify(value)
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(body),
      'cache-control': 'no-store',
    })
    .end(body)
}

/** Answers with an error. */
export const sendError = (response: ServerResponse, status: number, error: string): void =>
  sendJson(response, status, { error })

/** Answers with a status and no body, as the real host does. */
export const sendStatus = (
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void => void response.writeHead(status, { 'content-length': 0, ...headers }).end()

/** Why a body was not read. */
export type NoBody = 'too long' | 'client left'

/** Reads the body of a request, of at most `limit` bytes. A longer one is read to its end, too. */
export const bodyOf = (
  request: IncomingMessage,
  limit: number,
): Promise<E.Either<NoBody, Buffer>> =>
  new Promise(resolve => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) chunks.push(chunk)
      else chunks.length = 0
    })
    request.on('end', () =>
      resolve(length <= limit ? E.right(Buffer.concat(chunks)) : E.left('too long')),
    )
    request.on('error', () => resolve(E.left('client left')))
    request.on('close', () => resolve(E.left('client left')))
  })

/** The value of a JSON body; `undefined` if it is not JSON, or none that is read. */
export const jsonOf = async (request: IncomingMessage): Promise<unknown> =>
  pipe(
    await bodyOf(request, MAX_JSON),
    E.chainW(decodeText),
    E.chainW(text => parseJsonText(text)),
    E.getOrElseW(() => undefined),
  )

const MAX_JSON = 16 * 1_048_576
