/// <reference types="node" preserve="true" />
import { createServer, type Server, type Socket } from 'node:net'

/** A server that can listen before the code that answers is loaded. */
export interface Listener {
  readonly server: Server
  /**
   * Gives `accept` the connections that have come, and each that comes from now on. To be called
   * once.
   */
  readonly onConnection: (accept: (socket: Socket) => void) => void
}

/**
 * A server that keeps the connections that come until somebody accepts them. The host waits for the
 * name of the socket, and most of a plugin's code is needed only to answer: the name is there
 * before that code is loaded.
 */
export const makeListener = (): Listener => {
  const waiting: Socket[] = []
  const keep = (socket: Socket): void => {
    // An error without a listener would end the process.
    socket.on('error', () => undefined)
    waiting.push(socket)
  }
  // A client that has sent its request and closes its writing half still waits for the answer.
  const server = createServer({ allowHalfOpen: true }, keep)
  return {
    server,
    onConnection: accept => {
      server.off('connection', keep)
      server.on('connection', accept)
      for (const socket of waiting.splice(0)) if (!socket.destroyed) accept(socket)
    },
  }
}
