import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { clipped } from '../codec/explain.js'
import type { PluginContext } from '../domain/context.js'
import type { KvOperation } from '../domain/kv.js'
import type { KvAnswer, KvMessage } from '../domain/message.js'
import { andThen, type Outcome } from '../domain/outcome.js'
import { invalidRequest, type PluginError, timeoutError } from '../domain/plugin-error.js'
import type { Declaration, KvRoute } from '../reflect/declaration.js'
import type { Capabilities } from './capabilities.js'
import { within } from './deadline.js'
import { decodeValue, encodeReturned } from './kv-value.js'
import { called } from './returned.js'

/**
 * The program of a `kv` message. The wire has no way to say what went wrong: a failure is `null`,
 * and an entry in the log.
 */
export type KvProgram = (
  message: KvMessage,
) => (capabilities: Capabilities) => KvAnswer | Promise<KvAnswer>

/**
 * From a message to its answer: the handler for the key, else that for its longest prefix, else the
 * plugin's own store, within `kvTimeout`.
 */
export const kvProgram = ({ kv, options: { kvTimeout } }: Declaration): KvProgram => {
  const handlerFor = finder(kv)
  return message => capabilities => {
    const route = handlerFor(message.key)
    const operation = operationOf(message)
    const run = (ctx: PluginContext): Outcome<string | null> =>
      E.isLeft(operation)
        ? operation
        : route === undefined
          ? stored(operation.right, ctx)
          : handled(route, operation.right, ctx)
    const begun = andThen(capabilities.ready(), ctx => (E.isLeft(ctx) ? ctx : run(ctx.right)))
    const finish = (result: Either<PluginError, string | null>) =>
      concluded(result, message, route, capabilities)
    if (!(begun instanceof Promise)) return finish(begun)
    const bounded = within(
      capabilities.clock,
      {
        ms: kvTimeout,
        expired: () => timeoutError(`no answer within ${kvTimeout} ms`),
        late: (_result, ms) =>
          capabilities.log.warn(
            `KV ${message.action} ${clipped(message.key)} ended after ${Math.round(ms)} ms, when it had been given up`,
          ),
      },
      begun,
    )
    return bounded.then(finish)
  }
}

const finder = (routes: ReadonlyArray<KvRoute>): ((key: string) => KvRoute | undefined) => {
  const exact = new Map(
    routes.flatMap(route => (route.key._tag === 'Exact' ? [[route.key.key, route] as const] : [])),
  )
  const prefixes = routes
    .flatMap(route => (route.key._tag === 'Prefix' ? [{ prefix: route.key.prefix, route }] : []))
    .sort((a, b) => b.prefix.length - a.prefix.length)
  return key => exact.get(key) ?? prefixes.find(({ prefix }) => key.startsWith(prefix))?.route
}

const operationOf = ({ action, key, value }: KvMessage): Either<PluginError, KvOperation> => {
  if (action !== 'set') return E.right({ action, key })
  return value === undefined
    ? E.left(invalidRequest('a KV set carries a value, and this one has none'))
    : E.right({ action, key, value })
}

const handled = (
  route: KvRoute,
  operation: KvOperation,
  ctx: PluginContext,
): Outcome<string | null> => {
  const decoded = typed(route, operation)
  if (E.isLeft(decoded)) return decoded
  return andThen(
    called(ctx, () => route.call(decoded.right, ctx)),
    returned =>
      E.isLeft(returned) || operation.action !== 'get'
        ? E.map(() => null)(returned)
        : encodeReturned(route.codec, returned.right),
  )
}

const typed = (
  route: KvRoute,
  operation: KvOperation,
): Either<PluginError, KvOperation<unknown>> => {
  if (operation.action !== 'set' || route.codec === undefined) return E.right(operation)
  return E.map(value => ({ ...operation, value }))(decodeValue(route.codec, operation.value))
}

const stored = (operation: KvOperation, { kv }: PluginContext): Outcome<string | null> => {
  if (operation.action === 'get') return kv.get(operation.key)().then(E.map(O.toNullable))
  const done =
    operation.action === 'set' ? kv.set(operation.key, operation.value) : kv.delete(operation.key)
  return done().then(E.map(() => null))
}

const concluded = (
  result: Either<PluginError, string | null>,
  request: KvMessage,
  route: KvRoute | undefined,
  { log, onFailure }: Capabilities,
): KvAnswer => {
  if (E.isRight(result)) return { _tag: 'KvAnswer', value: result.right }
  onFailure?.(request, result.left)
  const { action, key } = request
  const { message, cause } = result.left
  const fields = {
    handler: route?.handlerName ?? 'the store',
    ...(cause === undefined ? {} : { error: cause }),
  }
  const entry = `KV ${action} ${clipped(key)} answered null: ${message}`
  if (result.left._tag === 'InvalidRequest') log.warn(fields, entry)
  else log.error(fields, entry)
  return { _tag: 'KvAnswer', value: null }
}
