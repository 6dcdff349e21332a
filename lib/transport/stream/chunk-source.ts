/// <reference types="node" preserve="true" />
import { finished, type Readable } from 'node:stream'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { ioError, type PluginError } from '../../domain/plugin-error.js'
import { errorCode } from '../../domain/thrown.js'

type Chunk = E.Either<PluginError, O.Option<Uint8Array>>

/**
 * The pieces of a stream one after another, none at its end, `Io` where it fails or closes before
 * its end. It takes a piece only when asked, so a slow reader holds the writer back. Unlike an
 * async iterator it never destroys the stream: a socket can still be written to after its last
 * message.
 */
export const chunkSource = (stream: Readable): TaskEither<PluginError, O.Option<Uint8Array>> => {
  let started = false
  let end: Chunk | undefined
  let wake: () => void = () => undefined

  const start = (): void => {
    started = true
    stream.on('readable', () => wake())
    finished(stream, { writable: false }, error => {
      end = error ? E.left(failureOf(error)) : E.right(O.none)
      wake()
    })
  }

  return async () => {
    if (!started) start()
    for (;;) {
      const chunk: unknown = stream.read()
      if (chunk instanceof Uint8Array) return E.right(O.some(chunk))
      if (chunk !== null) {
        const needed = 'bytes are needed, without setEncoding and object mode'
        return E.left(ioError(`the stream gives ${typeof chunk}s: ${needed}`))
      }
      if (end !== undefined) return end
      await new Promise<void>(resolve => {
        wake = resolve
      })
    }
  }
}

const failureOf = (error: Error): PluginError =>
  errorCode(error) === 'ERR_STREAM_PREMATURE_CLOSE'
    ? ioError('the stream was closed before its end')
    : ioError(`the stream failed: ${error.message}`, error)
