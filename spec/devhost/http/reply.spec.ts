import { createServer } from 'node:http'
import { connect } from 'node:net'
import test, { type ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { bodyOf } from '../../../lib/devhost/http/reply.js'

type Body = Awaited<ReturnType<typeof bodyOf>>

/** The body of the request that a client writes, of at most 10 bytes. */
const bodyFrom = (
  t: ExecutionContext,
  write: (send: (text: string) => void, leave: () => void) => void,
): Promise<Body> =>
  new Promise(resolve => {
    const server = createServer((request, response) => {
      void bodyOf(request, 10).then(body => {
        response.end()
        resolve(body)
      })
    }).listen(0, '127.0.0.1', () => {
      const address = server.address()
      const port = typeof address === 'object' && address !== null ? address.port : 0
      const client = connect(port, '127.0.0.1')
      client.on('error', () => undefined)
      server.once('request', () => write(text => client.write(text), client.destroy.bind(client)))
      client.write('POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n')
      t.teardown(() => {
        client.destroy()
        server.close()
      })
    })
  })

test('a body comes whole, is too long, or ends with a client that leaves', async t => {
  t.deepEqual(
    await Promise.all([
      bodyFrom(t, send => send('5\r\nhello\r\n0\r\n\r\n')),
      bodyFrom(t, send => send('b\r\nhello world\r\n0\r\n\r\n')),
      bodyFrom(t, (send, leave) => {
        send('5\r\nhello\r\n')
        leave()
      }),
    ]),
    [E.right(Buffer.from('hello')), E.left('too long'), E.left('client left')],
  )
})
