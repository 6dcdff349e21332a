/// <reference types="node" preserve="true" />
import type { Readable } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { ioError, type PluginError } from '../../domain/plugin-error.js'

type Chunk = E.Either<PluginError, O.Option<Uint8Array>>

/**
 * The pieces of a stream one after another, none at its end, `Io` where it fails or closes before
 * its end. It takes a piece only when asked, so a slow reader holds the writer back. Unlike an
 * async iterator it never destroys the stream: a socket can still be written to after its last
 * message.
 */
export const chunkSource = (stream: Readable): TaskEither<PluginError, O.Option<Uint8Array>> => {
  let failure: Error | undefined
  let over = false
  let wake: () => void = () => {}
  let started = false

  const start = (): void => {
    started = true
    failure = stream.errored ?? undefined
    over = stream.readableEnded || stream.destroyed
    stream.on('readable', () => wake())
    stream.on('end', () => finish(undefined))
    stream.on('error', error => finish(error))
    stream.on('close', () => finish(undefined))
  }
  const finish = (error: Error | undefined): void => {
    over = true
    failure ??= error
    wake()
  }
  const ended = (): Chunk => {
    if (failure !== undefined)
      return E.left(ioError(`the stream failed: ${failure.message}`, failure))
    return stream.readableEnded
      ? E.right(O.none)
      : E.left(ioError('the stream was closed before its end'))
  }

  return async () => {
    if (!started) start()
    for (;;) {
      const chunk: unknown = stream.read()
      if (chunk instanceof Uint8Array) return E.right(O.some(chunk))
      if (chunk !== null)
        return E.left(
          ioError(
            `the stream gives ${typeof chunk}s: bytes are needed, without setEncoding and object mode`,
          ),
        )
      if (over) return ended()
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
}
