/// <reference types="node" preserve="true" />
import { createServer, type Server, type Socket } from 'node:net'

/** A server that can listen before there is anybody to answer. */
export interface Listener {
  readonly server: Server
  /**
   * Hands over the connections that have come, and each that comes from now on. To be called once.
   */
  readonly open: (accept: (socket: Socket) => void) => void
}

/**
 * A server that keeps the connections that come until it is opened. A host waits for the name of
 * the socket, and most of a plugin's code is needed only for its answers: the one need not wait
 * until the other is loaded.
 */
export const makeListener = (): Listener => {
  const waiting: Socket[] = []
  const keep = (socket: Socket): void => {
    // Nobody else listens yet, and an error that nobody listens for ends the process.
    socket.on('error', () => undefined)
    waiting.push(socket)
  }
  // Half open: whoever has sent its request and closes its writing half waits for the answer all
  // the same.
  const server = createServer({ allowHalfOpen: true }, keep)
  return {
    server,
    open: accept => {
      server.off('connection', keep)
      server.on('connection', accept)
      for (const socket of waiting.splice(0)) if (!socket.destroyed) accept(socket)
    },
  }
}
