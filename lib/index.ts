/// <reference types="node" preserve="true" />
import './runtime/log/quiet-stdout.js'

export * from '../decorators/index.js'
export { described } from './codec/described.js'
export { secret } from './codec/secret.js'
export { type RequestLoggingOptions, requestLogging } from './dispatch/request-logging.js'
export type { Clock } from './domain/clock.js'
export type { Logger, LogMethod, PluginContext } from './domain/context.js'
export type { Duration, DurationUnit } from './domain/duration.js'
export { compose, type HttpHandler, type Middleware, type Returned } from './domain/handler.js'
export type { Headers, HttpMethod, HttpRequest, Query, RequestShape } from './domain/http.js'
export type {
  CellOptions,
  Earlier,
  Kv as KvContext,
  KvCell,
  KvOperation,
  KvStore,
} from './domain/kv.js'
export type { ClosableKvStore, KvPlace, KvProvider, KvStoreControl } from './domain/kv-provider.js'
export { PluginId, PluginMetadata, PluginRoute } from './domain/metadata.js'
export { andThen, attempt, type Outcome, toTaskEither } from './domain/outcome.js'
export type { PluginDefinition, PluginOptions } from './domain/plugin-definition.js'
export {
  conflict,
  type Detail,
  type Failure,
  forbidden,
  gone,
  type InvalidRequest,
  type InvalidRequestOptions,
  internalError,
  invalidRequest,
  ioError,
  isPluginError,
  methodNotAllowed,
  type NotInitialized,
  notFound,
  notInitialized,
  type PluginError,
  type PluginErrorTag,
  payloadTooLarge,
  protocolError,
  serializationError,
  socketError,
  statusOf,
  timeoutError,
  tooManyRequests,
  toPluginError,
  unauthorized,
  unprocessable,
  unsupportedMediaType,
} from './domain/plugin-error.js'
export {
  empty,
  type HttpResponse,
  html,
  isResponse,
  json,
  type ResponseInit,
  redirect,
  response,
  text,
} from './domain/response.js'
export type { AnswerFor, PathParams, RequestFor, RouteSchema } from './domain/route-schema.js'
export { type HostKvOptions, hostKv } from './kv/host/host-kv.js'
export { type CompareAndSet, type KeyvKvOptions, type KeyvLike, keyvKv } from './kv/keyv/keyv-kv.js'
export { memoryKv } from './kv/memory/memory-kv.js'
export { type SqliteKvOptions, sqliteKv } from './kv/sqlite/sqlite-kv.js'
export type { Problem } from './reflect/problem.js'
export { PluginDefinitionError, registerPlugin } from './runtime/register-plugin.js'
