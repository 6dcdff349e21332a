// The floor: what a server written by hand costs. Plain node:net, JSON.parse and JSON.stringify; no validation, no routing, no errors.
import { createServer } from 'node:net'

interface Request {
  readonly request_id: string
}

const BODY = JSON.stringify({
  status: 200,
  headers: { 'Content-Type': 'application/json' },
  body: '{"status":"ok","message":"Hello from plugin!"}',
})

const answerTo = (text: string): Buffer => {
  const { request_id } = JSON.parse(text) as Request
  const payload = { method: 'RESPONSE', path: '', headers: {}, body: BODY }
  const answer = JSON.stringify({
    type: 'http',
    timestamp: new Date().toISOString(),
    request_id,
    payload: { type: 'http', request_id, payload },
  })
  const frame = Buffer.allocUnsafe(4 + Buffer.byteLength(answer))
  frame.writeUInt32BE(frame.length - 4)
  frame.write(answer, 4)
  return frame
}

createServer(socket => {
  let rest: Buffer = Buffer.alloc(0)
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    rest = rest.length === 0 ? chunk : Buffer.concat([rest, chunk])
    while (rest.length >= 4 && rest.length >= 4 + rest.readUInt32BE(0)) {
      const end = 4 + rest.readUInt32BE(0)
      socket.write(answerTo(rest.toString('utf8', 4, end)))
      rest = rest.subarray(end)
    }
  })
}).listen(process.env.TORU_PLUGIN_SOCKET)
