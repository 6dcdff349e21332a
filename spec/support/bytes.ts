// Frames and lines made and read by hand: what the specs of a process compare must not come from
// the code that they test.

/** Four bytes of length, big-endian, then the JSON text of a message, or the bytes as they are. */
export const frame = (message: unknown): Buffer => {
  const body = Buffer.isBuffer(message) ? message : Buffer.from(JSON.stringify(message))
  const bytes = Buffer.alloc(4 + body.length)
  bytes.writeUInt32BE(body.length)
  body.copy(bytes, 4)
  return bytes
}

/** The JSON text of a message and a line feed, as a person sends it with socat. */
export const line = (message: unknown): Buffer => Buffer.from(`${JSON.stringify(message)}\n`)

/** Takes the bytes that came and gives the whole messages in them. */
export type Reader = (chunk: Buffer) => ReadonlyArray<unknown>

/** Reads frames; what is left of one waits for the next bytes. */
export const frameReader = (): Reader => {
  let pieces: Buffer[] = []
  let length = 0
  return chunk => {
    pieces.push(chunk)
    length += chunk.length
    const messages: unknown[] = []
    for (;;) {
      const size = sizeOf(pieces)
      if (size === undefined || length < size) return messages
      const all = Buffer.concat(pieces)
      messages.push(JSON.parse(all.toString('utf8', 4, size)))
      pieces = [all.subarray(size)]
      length -= size
    }
  }
}

const sizeOf = (pieces: ReadonlyArray<Buffer>): number | undefined => {
  const [first] = pieces
  const head = first !== undefined && first.length >= 4 ? first : Buffer.concat(pieces)
  return head.length < 4 ? undefined : 4 + head.readUInt32BE()
}

/** Reads lines. */
export const lineReader = (): Reader => {
  let rest = ''
  return chunk => {
    const lines = `${rest}${chunk.toString()}`.split('\n')
    rest = lines.pop() ?? ''
    return lines.map(text => JSON.parse(text))
  }
}
