import type { IncomingMessage, ServerResponse } from 'node:http'
import { E, pipe, TE, t } from '../../fp.js'
import type { Context } from '../context.js'
import { valueOrNull } from '../kv-table.js'
import { bodyOf, sendError, sendJson } from './reply.js'

const Operation = t.intersection([
  t.type({ action: t.string, key: t.string }),
  t.partial({ value: t.union([t.string, t.null]) }),
])

const MAX_BODY = 2 * 1_048_576

/**
 * Answers a request to the host's table of keys. The plugin is not asked, and need not exist. The
 * statuses for invalid bodies are those of the real host.
 */
export const answerKv = async (
  context: Context,
  id: string,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> => {
  if (!/^application\/(?:[^;]+\+)?json\s*(?:;|$)/i.test(request.headers['content-type'] ?? ''))
    return sendError(response, 415, 'expected a request with `Content-Type: application/json`')
  const body = await bodyOf(request, MAX_BODY)
  if (E.isLeft(body)) return sendError(response, 413, 'the body is too long')
  const json = E.tryCatch((): unknown => JSON.parse(body.right.toString('utf8')), String)
  if (E.isLeft(json)) return sendError(response, 400, 'the body is not JSON')
  const operation = Operation.decode(json.right)
  if (E.isLeft(operation))
    return sendError(response, 422, 'expected {action, key, value?}, all of them strings')
  const { action, key, value } = operation.right
  const table = context.tables.host(id)
  switch (action) {
    case 'get':
      return answer(response, await pipe(table.get(key), TE.map(valueOrNull))())
    case 'set': {
      if (typeof value !== 'string')
        return sendError(response, 400, "Missing 'value' field for set operation")
      const stored = await pipe(
        table.set(key, value),
        TE.map(() => value),
      )()
      context.hub.emit({ name: 'kv', data: { id } })
      return answer(response, stored)
    }
    case 'delete': {
      const removed = await pipe(
        table.delete(key),
        TE.map(() => null),
      )()
      context.hub.emit({ name: 'kv', data: { id } })
      return answer(response, removed)
    }
    default:
      return sendError(response, 400, `Invalid action: ${action}`)
  }
}

const answer = (
  response: ServerResponse,
  result: E.Either<{ readonly message: string }, string | null>,
): void =>
  E.isLeft(result)
    ? sendError(response, 500, result.left.message)
    : sendJson(response, 200, { value: result.right })
