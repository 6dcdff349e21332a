// vscode-jsonrpc over the same kind of socket: a library like ours, without routes and validation.
import { createServer } from 'node:net'
import {
  createMessageConnection,
  SocketMessageReader,
  SocketMessageWriter,
} from 'vscode-jsonrpc/node'

interface Call {
  readonly body: string
}

interface KvCall {
  readonly action: 'Get' | 'Set'
  readonly key: string
  readonly value: string
}

const store = new Map<string, string>()

createServer(socket => {
  const connection = createMessageConnection(
    new SocketMessageReader(socket),
    new SocketMessageWriter(socket),
  )
  connection.onRequest('GET /', () => ({
    status: 200,
    body: JSON.stringify({ status: 'ok', message: 'Hello from plugin!' }),
  }))
  connection.onRequest('POST /reports', ({ body }: Call) => {
    const { host, services } = JSON.parse(body)
    return { status: 201, body: JSON.stringify({ host, services: services.length }) }
  })
  connection.onRequest('POST /large', ({ body }: Call) => ({ status: 200, body }))
  connection.onRequest('kv', ({ action, key, value }: KvCall) => {
    if (action === 'Get') return { value: store.get(key) ?? null }
    store.set(key, value)
    return { value: null }
  })
  connection.onError(() => undefined)
  connection.listen()
}).listen(process.env.TORU_PLUGIN_SOCKET)
