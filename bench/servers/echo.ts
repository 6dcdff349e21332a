// The ceiling: a constant answer for every frame, which it does not parse. The driver can get this
// much out of any server.
import { createServer } from 'node:net'
import { splitterOf } from '../driver/splitter.js'
import { frameOf } from '../process.js'
import { idOf } from '../protocols.js'

const request_id = idOf(0)
const body = JSON.stringify({
  status: 200,
  headers: { 'Content-Type': 'application/json' },
  body: '{"status":"ok","message":"Hello from plugin!"}',
})
const answer = frameOf({
  type: 'http',
  timestamp: '2026-01-01T00:00:00.000Z',
  request_id,
  payload: {
    type: 'http',
    request_id,
    payload: { method: 'RESPONSE', path: '', headers: {}, body },
  },
})
const answers = Buffer.concat(Array.from({ length: 512 }, () => answer))

createServer(socket => {
  const splitter = splitterOf('tagged')
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) =>
    socket.write(answers.subarray(0, splitter.count(chunk, chunk.length) * answer.length)),
  )
}).listen(process.env.TORU_PLUGIN_SOCKET)
