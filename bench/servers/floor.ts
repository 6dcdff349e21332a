// The floor: what a server written by hand costs. Plain node:net, JSON.parse and JSON.stringify; no
// validation, no errors, and one comparison a route.
import { createServer } from 'node:net'

interface Message {
  readonly type: 'http' | 'kv'
  readonly request_id: string
  readonly payload: {
    readonly action: 'Get' | 'Set'
    readonly key: string
    readonly value: string
    readonly payload: { readonly path: string; readonly body: string }
  }
}

const JSON_HEADERS = { 'Content-Type': 'application/json' }
const store = new Map<string, string>()

const respond = ({ path, body }: Message['payload']['payload']) => {
  if (path === '/')
    return {
      status: 200,
      headers: JSON_HEADERS,
      body: JSON.stringify({ status: 'ok', message: 'Hello from plugin!' }),
    }
  if (path === '/reports') {
    const { host, services } = JSON.parse(body)
    return {
      status: 201,
      headers: JSON_HEADERS,
      body: JSON.stringify({ host, services: services.length }),
    }
  }
  return { status: 200, headers: { 'Content-Type': 'text/plain; charset=utf-8' }, body }
}

const payloadOf = ({ type, request_id, payload }: Message) => {
  if (type === 'http') {
    const body = JSON.stringify(respond(payload.payload))
    return { type, request_id, payload: { method: 'RESPONSE', path: '', headers: {}, body } }
  }
  if (payload.action === 'Get') return { type, request_id, value: store.get(payload.key) ?? null }
  store.set(payload.key, payload.value)
  return { type, request_id, value: null }
}

const answerTo = (text: string): Buffer => {
  const message: Message = JSON.parse(text)
  const { type, request_id } = message
  const answer = JSON.stringify({
    type,
    timestamp: new Date().toISOString(),
    request_id,
    payload: payloadOf(message),
  })
  const frame = Buffer.allocUnsafe(4 + Buffer.byteLength(answer))
  frame.writeUInt32BE(frame.length - 4)
  frame.write(answer, 4)
  return frame
}

/** How many bytes the next frame needs; those of its length, if they have not come. */
const sizeOf = (bytes: Buffer): number => (bytes.length < 4 ? 4 : 4 + bytes.readUInt32BE(0))

createServer(socket => {
  let pieces: Buffer[] = []
  let have = 0
  // How many bytes the next step needs: the length, then the whole frame. Pieces are joined once
  // there are enough.
  let wanted = 4
  socket.on('error', () => undefined)
  socket.on('data', (chunk: Buffer) => {
    pieces.push(chunk)
    have += chunk.length
    if (have < wanted) return
    let rest = pieces.length === 1 ? chunk : Buffer.concat(pieces, have)
    const answers: Buffer[] = []
    wanted = sizeOf(rest)
    while (rest.length >= wanted) {
      answers.push(answerTo(rest.toString('utf8', 4, wanted)))
      rest = rest.subarray(wanted)
      wanted = sizeOf(rest)
    }
    pieces = rest.length === 0 ? [] : [rest]
    have = rest.length
    // The answers to one piece of input go out in one write: the first thing that anybody does by
    // hand for many requests at once.
    const [only, ...others] = answers
    if (only !== undefined) socket.write(others.length === 0 ? only : Buffer.concat(answers))
  })
}).listen(process.env.TORU_PLUGIN_SOCKET)
