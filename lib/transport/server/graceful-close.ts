/// <reference types="node" preserve="true" />
import { Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** Closes a stream that everything was written to, so that the peer reads all of it. */
export const closeGracefully = (stream: Duplex): void => {
  // The peer of a socket has ended, and the system has every byte: an end of our own would be one
  // more call into the system that says no more than closing does.
  if (stream instanceof Socket && stream.readableEnded && stream.writableLength === 0) {
    stream.destroy()
    return
  }
  // Input that is left unread would make the system tell the peer of a reset, so it is read and
  // dropped.
  stream.resume()
  stream.end()
  if (!stream.readableEnded) stream.once('finish', () => stream.destroy())
}
