import type { IncomingMessage, ServerResponse } from 'node:http'
import { E, pipe } from '../../fp.js'

/** An answer with JSON. */
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

/** An answer that says what is wrong. */
export const sendError = (response: ServerResponse, status: number, error: string): void =>
  sendJson(response, status, { error })

/** An answer with a status and nothing else, as the real host gives it. */
export const sendStatus = (
  response: ServerResponse,
  status: number,
  headers: Readonly<Record<string, string>> = {},
): void => void response.writeHead(status, { 'content-length': 0, ...headers }).end()

/** Why there is no body: it is longer than it may be, or the client left before its end. */
export type NoBody = 'too long' | 'client left'

/** The body of a request. One that is longer than `limit` bytes is read to its end all the same. */
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

/** What the JSON in a body is; `undefined` for a body that is none. */
export const jsonOf = async (request: IncomingMessage): Promise<unknown> =>
  pipe(
    await bodyOf(request, MOST_JSON),
    E.chainW(body => E.tryCatch((): unknown => JSON.parse(body.toString('utf8')), String)),
    E.getOrElseW(() => undefined),
  )

const MOST_JSON = 16 * 1_048_576
