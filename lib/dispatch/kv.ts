import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import type * as t from 'io-ts'
import type { PluginContext } from '../domain/context.js'
import type { KvOperation } from '../domain/kv.js'
import type { KvAnswer, KvMessage } from '../domain/message.js'
import type { Eventual } from '../domain/outcome.js'
import {
  causeField,
  invalidRequest,
  type PluginError,
  timeoutError,
} from '../domain/plugin-error.js'
import * as P from '../domain/program.js'
import { clipped } from '../domain/text/show.js'
import { type Declaration, type Handler, handlersOf } from '../reflect/declaration.js'
import { type Environment, ready } from './capabilities.js'
import { deadline } from './deadline.js'
import { decodeValue, encodeReturned } from './kv-value.js'
import { methodStep } from './method.js'

/** The environment of a `kv` message. */
export interface KvEnvironment extends Environment {
  readonly message: KvMessage
}

/** The same, with what answers the key. */
interface Received extends KvEnvironment {
  readonly endpoint: Endpoint
}

/** What answers a key: the method of a handler, or the store. */
interface Endpoint {
  readonly handlerName: string
  readonly run: P.Step<PluginContext, KvOperation, string | null>
}

/**
 * From a `kv` message to its answer. A failure is answered with `null`, because the protocol has no
 * errors here, and goes to the log.
 */
export const kvProgram = (declaration: Declaration): ((r: KvEnvironment) => Eventual<KvAnswer>) => {
  const find = finder(handlersOf(declaration, 'Kv'))
  const answer = pipe(
    ready,
    P.chainStep(runOperation),
    kvDeadline(declaration.options.kvTimeout),
    P.match(answerError, answerValue),
  )
  return ({ message, capabilities }) =>
    answer({ message, capabilities, endpoint: find(message.key) })
}

/** The handler for a key, else the one for its longest prefix, else the store. */
const finder = (handlers: ReadonlyArray<Handler<'Kv'>>): ((key: string) => Endpoint) => {
  const exact = new Map<string, Endpoint>()
  const prefixes: Array<readonly [prefix: string, endpoint: Endpoint]> = []
  for (const handler of handlers) {
    if (handler.key._tag === 'Exact') exact.set(handler.key.key, endpointOf(handler))
    else prefixes.push([handler.key.prefix, endpointOf(handler)])
  }
  prefixes.sort(([a], [b]) => b.length - a.length)
  return key => exact.get(key) ?? prefixes.find(([prefix]) => key.startsWith(prefix))?.[1] ?? STORE
}

/** The method of a handler, with its codec before and after it. */
const endpointOf = ({ handlerName, codec, call }: Handler<'Kv'>): Endpoint => {
  const method = methodStep<KvOperation<unknown>>(call)
  // Only a `get` has a value.
  const get = pipe(method, P.composeStep(encodeReturned(codec)))
  const change = pipe(
    decodeOperation(codec),
    P.composeStep(method),
    P.composeStep(() => E.right(null)),
  )
  return {
    handlerName,
    run: (operation, ctx) => (operation.action === 'get' ? get : change)(operation, ctx),
  }
}

const decodeOperation =
  (codec: t.Mixed | undefined) =>
  (operation: KvOperation): Either<PluginError, KvOperation<unknown>> =>
    codec === undefined || operation.action !== 'set'
      ? E.right(operation)
      : pipe(
          decodeValue(codec, operation.value),
          E.map(value => ({ ...operation, value })),
        )

const toNull = E.map((_: unknown) => null)

const STORE: Endpoint = {
  handlerName: 'the store',
  run: (operation, { kv }) => {
    switch (operation.action) {
      case 'get':
        return kv.get(operation.key)().then(E.map(O.toNullable))
      case 'set':
        return kv.set(operation.key, operation.value)().then(toNull)
      case 'delete':
        return kv.delete(operation.key)().then(toNull)
    }
  },
}

const runOperation: P.Step<Received, PluginContext, string | null> = (
  ctx,
  { message, endpoint },
) => {
  const { action, key, value } = message
  if (action !== 'set') return endpoint.run({ action, key }, ctx)
  return value === undefined ? WITHOUT_VALUE : endpoint.run({ action, key, value }, ctx)
}

const WITHOUT_VALUE = E.left(invalidRequest('a KV set carries a value, and this one has none'))

const kvDeadline = (ms: number) =>
  deadline<Received>({
    ms,
    expired: () => timeoutError(`no answer within ${ms} ms`),
    late: (_result, afterMs, { message, capabilities }) =>
      capabilities.log.warn(
        `KV ${message.action} ${clipped(message.key)} ended after ${Math.round(afterMs)} ms, when it had been given up`,
      ),
  })

const answerValue = (value: string | null): KvAnswer => ({ _tag: 'KvAnswer', value })

const answerError = (
  error: PluginError,
  { message, endpoint, capabilities }: Received,
): KvAnswer => {
  capabilities.onFailure?.(message, error)
  capabilities.log[error._tag === 'InvalidRequest' ? 'warn' : 'error'](
    { handler: endpoint.handlerName, ...causeField(error) },
    `KV ${message.action} ${clipped(message.key)} answered null: ${error.message}`,
  )
  return answerValue(null)
}
