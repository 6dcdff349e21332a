/// <reference types="node" preserve="true" />

/**
 * `toru-plugin-api/protocol`: the protocol itself, for those who write a host, a proxy, a test or a
 * plugin without this package's decorators. Nothing here needs a plugin class.
 *
 * @module
 */

export { type JsonSchema, jsonSchema } from './codec/json-schema.js'
export { MAX_FRAME_BYTES } from './domain/host.js'
export type { Headers } from './domain/http.js'
export type * from './domain/message.js'
export type { PluginError } from './domain/plugin-error.js'
export {
  type ClientInit,
  type ClientOptions,
  type ClientRequest,
  connectClient,
  type PluginClient,
  requestOnce,
  withClient,
} from './transport/client/client.js'
export {
  type MessageReader,
  messageReader,
  readMessage,
  writeMessage,
} from './transport/stream/stream-messages.js'
export {
  HttpHeaders,
  HttpRequest,
  HttpResponse,
  Message,
  MessageType,
  Timestamp,
} from './wire/codecs.js'
export type { Dialect, DialectName, Reply } from './wire/dialect.js'
export { decodeBytes, decodeMessage, dialectOf, dialects, type Incoming } from './wire/dialects.js'
/** The codecs of the `documented` dialect, `documented.HttpRequestMessage`, …, and its table. */
export * as documented from './wire/documented.js'
export { encodeFrame, FrameDecoder } from './wire/frames.js'
export { type Framing, type FramingName, framingOf, framings } from './wire/framing.js'
export { encodeLine, LineDecoder } from './wire/lines.js'
export type { MessageDecoder } from './wire/message-decoder.js'
/** The codecs of the `nested` dialect, and its table. */
export * as nested from './wire/nested.js'
export { parseMessage } from './wire/parse-message.js'
/** The codecs of the `tagged` dialect, and its table. */
export * as tagged from './wire/tagged.js'
export type { WireError } from './wire/wire-error.js'
