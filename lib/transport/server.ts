/// <reference types="node" preserve="true" />
import { createServer, type Server } from 'node:net'
import { Connection, type ConnectionPlace } from './connection.js'

/** A server for the plugin's socket. It does not listen yet: `listenAt` gives it its name. */
export interface PluginServer {
  readonly server: Server
  /** Takes no new connections and no new requests; done when everything that ran has been answered, or after `ms` milliseconds. */
  readonly stop: (ms: number) => Promise<void>
}

/** Makes a server whose connections all share one place. */
export const makeServer = (place: ConnectionPlace): PluginServer => {
  const connections = new Set<Connection>()
  // Half open: whoever has sent its request and closes its writing half waits for the answer all the same.
  const server = createServer({ allowHalfOpen: true }, socket => {
    const connection = new Connection(socket, place)
    connections.add(connection)
    socket.once('close', () => connections.delete(connection))
  })
  return {
    server,
    stop: ms =>
      new Promise(resolve => {
        const timer = setTimeout(() => {
          for (const connection of connections) connection.destroy()
        }, ms)
        server.close(() => {
          clearTimeout(timer)
          resolve()
        })
        for (const connection of connections) connection.finish()
      }),
  }
}
