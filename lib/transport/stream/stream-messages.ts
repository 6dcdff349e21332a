/// <reference types="node" preserve="true" />
import type { Readable, Writable } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import { flow, pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { ioError, type PluginError, serializationError } from '../../domain/plugin-error.js'
import { taskQueue } from '../../domain/task-queue.js'
import { messageOf } from '../../domain/thrown.js'
import { Message } from '../../wire/codecs.js'
import { type Framing, frames, framingOf } from '../../wire/framing.js'
import { jsonText } from '../../wire/json-text.js'
import { type MessageDecoder, NOT_YET } from '../../wire/message-decoder.js'
import { parseMessage } from '../../wire/parse-message.js'
import { reader } from '../../wire/row.js'
import { toProtocolError } from '../../wire/wire-error.js'
import { chunkSource } from './chunk-source.js'

/** Reads the messages of one stream one after another. */
export interface MessageReader {
  /**
   * The next message; none when the stream has ended. `Protocol` where what came is no message: the
   * next run goes on behind it, unless the end of it cannot be known (a length over 16 MiB, an end
   * within a message). `Io` where the stream failed. Runs that overlap wait for one another and get
   * one message each.
   */
  readonly next: TE.TaskEither<PluginError, O.Option<Message>>
  /**
   * How the sender tells messages apart; none before the first byte has come. An answer belongs in
   * the same framing.
   */
  readonly framing: () => O.Option<Framing>
}

type Next = E.Either<PluginError, O.Option<Message>>

/**
 * A reader of the messages of a stream, framed or a line each: the first byte decides
 * (docs/protocol.md#framing).
 *
 * A read from a stream may bring several messages, or half of one, so one reader owns the stream:
 * it keeps what it has read ahead. It reads nothing before the first `next`, and it closes nothing.
 */
export const messageReader = (stream: Readable): MessageReader => {
  const chunk = chunkSource(stream)
  let framing: Framing | undefined
  let decoder: MessageDecoder | undefined
  let ended = false
  const inTurn = taskQueue(1)

  const read = async (): Promise<Next> => {
    for (;;) {
      const taken = (ended ? decoder?.end() : decoder?.take()) ?? NOT_YET
      if (E.isLeft(taken)) return E.left(toProtocolError(taken.left))
      if (O.isSome(taken.right)) return readMessageOf(taken.right.value)
      if (ended) return E.right(O.none)
      const came = await chunk()
      if (E.isLeft(came)) return came
      if (O.isNone(came.right)) ended = true
      else append(came.right.value)
    }
  }
  const append = (bytes: Uint8Array): void => {
    const first = bytes[0]
    if (decoder === undefined && first !== undefined) {
      framing = framingOf(first)
      decoder = framing.decoder()
    }
    decoder?.append(bytes)
  }

  return {
    next: () => inTurn(read),
    framing: () => O.fromNullable(framing),
  }
}

const readMessageOf: (bytes: Uint8Array) => Next = flow(
  parseMessage,
  E.chain(reader(Message, message => message)),
  E.bimap(toProtocolError, O.some),
)

const readers = new WeakMap<Readable, MessageReader>()

/**
 * Reads one message from a stream, of any dialect: `dialectOf(message).decode(message)` says what
 * it means. None when the stream has ended.
 *
 * Every call for one stream uses the same {@link MessageReader}, so of several messages that arrive
 * together none is lost; but nothing else may read from that stream.
 */
export const readMessage =
  (stream: Readable): TE.TaskEither<PluginError, O.Option<Message>> =>
  () => {
    const own = readers.get(stream) ?? messageReader(stream)
    readers.set(stream, own)
    return own.next()
  }

/**
 * Writes one message to a stream and waits until the stream has passed it on. `Serialization` where
 * it has no JSON text, `Protocol` over 16 MiB, `Io` where the stream fails or is closed. Strings
 * are made well-formed, as the host needs them.
 *
 * `framing`: frames unless said; answer in the one that {@link MessageReader.framing} names. From
 * the first message on the stream's `error` event has a listener, so that a failed write is the
 * `left` of that write and not an uncaught exception.
 */
export const writeMessage = (
  stream: Writable,
  message: Message,
  framing: Framing = frames,
): TE.TaskEither<PluginError, void> =>
  pipe(
    TE.fromIOEither(() => encode(message, framing)),
    TE.chain(bytes => () => write(stream, bytes)),
  )

const encode = (message: Message, framing: Framing): E.Either<PluginError, Buffer> =>
  pipe(
    E.tryCatch(
      () => jsonText(message),
      thrown => serializationError(`a message without JSON text: ${messageOf(thrown)}`, thrown),
    ),
    E.chain(E.fromNullable(serializationError('a message without JSON text'))),
    E.chain(flow(framing.encode, E.mapLeft(toProtocolError))),
  )

const listened = new WeakSet<Writable>()

const write = (stream: Writable, bytes: Uint8Array): Promise<E.Either<PluginError, void>> =>
  new Promise(resolve => {
    if (!stream.writable)
      return resolve(E.left(ioError('the stream is closed: nothing can be written to it')))
    if (!listened.has(stream)) {
      listened.add(stream)
      stream.on('error', () => {})
    }
    stream.write(bytes, error =>
      resolve(
        error
          ? E.left(ioError(`the message could not be written: ${error.message}`, error))
          : E.right(undefined),
      ),
    )
  })
