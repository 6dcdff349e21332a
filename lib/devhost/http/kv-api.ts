import type { IncomingMessage, ServerResponse } from 'node:http'
import * as T from 'fp-ts/lib/Task.js'
import { E, pipe, TE, t } from '../../fp.js'
import type { Context } from '../context.js'
import { valueOrNull } from '../kv-table.js'
import { bodyOf, sendError, sendJson } from './reply.js'

const Operation = t.intersection([
  t.type({ action: t.string, key: t.string }),
  t.partial({ value: t.union([t.string, t.null]) }),
])

/** An answer other than 200. */
interface Refusal {
  readonly status: number
  readonly error: string
}

const refusal =
  (status: number, error: string): (() => Refusal) =>
  () => ({ status, error })

const MAX_BODY = 2 * 1_048_576

/**
 * Answers a request to the host's table of keys. The plugin is not asked, and need not exist. The
 * statuses for invalid bodies are those of the real host.
 */
export const answerKv = (
  context: Context,
  id: string,
  { request, response }: { readonly request: IncomingMessage; readonly response: ServerResponse },
): Promise<void> =>
  pipe(
    operationIn(request),
    TE.chain(operation => carryOut(context, id, operation)),
    TE.match(
      ({ status, error }) => sendError(response, status, error),
      value => sendJson(response, 200, { value }),
    ),
  )()

const operationIn = (
  request: IncomingMessage,
): TE.TaskEither<Refusal, t.TypeOf<typeof Operation>> =>
  pipe(
    request,
    TE.fromPredicate(
      ({ headers }) =>
        /^application\/(?:[^;]+\+)?json\s*(?:;|$)/i.test(headers['content-type'] ?? ''),
      refusal(415, 'expected a request with `Content-Type: application/json`'),
    ),
    TE.chain(() =>
      pipe(() => bodyOf(request, MAX_BODY), TE.mapLeft(refusal(413, 'the body is too long'))),
    ),
    TE.chainEitherK(body =>
      E.tryCatch(
        (): unknown => JSON.parse(body.toString('utf8')),
        refusal(400, 'the body is not JSON'),
      ),
    ),
    TE.chainEitherK(json =>
      pipe(
        Operation.decode(json),
        E.mapLeft(refusal(422, 'expected {action, key, value?}, all of them strings')),
      ),
    ),
  )

const carryOut = (
  { tables, hub }: Context,
  id: string,
  { action, key, value }: t.TypeOf<typeof Operation>,
): TE.TaskEither<Refusal, string | null> => {
  const table = tables.host(id)
  const failed = ({ message }: { readonly message: string }): Refusal => ({
    status: 500,
    error: message,
  })
  const changed = <A>(change: TE.TaskEither<Refusal, A>): TE.TaskEither<Refusal, A> =>
    pipe(
      change,
      T.chainFirstIOK(() => () => hub.emit({ name: 'kv', data: { id } })),
    )
  switch (action) {
    case 'get':
      return pipe(table.get(key), TE.bimap(failed, valueOrNull))
    case 'set':
      return typeof value === 'string'
        ? pipe(
            table.set(key, value),
            TE.bimap(failed, () => value),
            changed,
          )
        : TE.left(refusal(400, "Missing 'value' field for set operation")())
    case 'delete':
      return pipe(
        table.delete(key),
        TE.bimap(failed, () => null),
        changed,
      )
    default:
      return TE.left(refusal(400, `Invalid action: ${action}`)())
  }
}
