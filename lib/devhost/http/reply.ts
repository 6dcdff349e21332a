import type { IncomingMessage, ServerResponse } from 'node:http'

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

/**
 * The body of a request, at most so many bytes; `undefined` where it is longer, which is read to
 * its end all the same, or where the client has left.
 */
export const bodyOf = (request: IncomingMessage, limit: number): Promise<Buffer | undefined> =>
  new Promise(resolve => {
    const chunks: Buffer[] = []
    let length = 0
    request.on('data', (chunk: Buffer) => {
      length += chunk.length
      if (length <= limit) chunks.push(chunk)
      else chunks.length = 0
    })
    request.on('end', () => resolve(length <= limit ? Buffer.concat(chunks) : undefined))
    request.on('error', () => resolve(undefined))
    request.on('close', () => resolve(undefined))
  })

/** What the JSON in a body is; `undefined` for a body that is none. */
export const jsonOf = async (request: IncomingMessage): Promise<unknown> => {
  const body = await bodyOf(request, MOST_JSON)
  if (body === undefined) return undefined
  try {
    const json: unknown = JSON.parse(body.toString('utf8'))
    return json
  } catch {
    return undefined
  }
}

const MOST_JSON = 16 * 1_048_576
