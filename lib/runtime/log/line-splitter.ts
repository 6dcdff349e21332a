import { StringDecoder } from 'node:string_decoder'
import * as E from 'fp-ts/lib/Either.js'
import { jsonBytes } from './log-line.js'

/**
 * The most bytes of a printed line that make one entry, as they are inside a JSON string. It leaves
 * room for the rest of the entry in one read of the host.
 */
export const MAX_PIECE = 3000

/** Splits what a program prints into lines. */
export interface LineSplitter {
  push(chunk: Uint8Array | string): void
  /** Emits the text that has no newline yet. */
  flush(): void
}

/**
 * A splitter that passes each line to `emit`, a long one in pieces of at most {@link MAX_PIECE}
 * bytes. It leaves out empty lines, and emits text without a newline after a turn of the event
 * loop. Whatever `emit` itself prints is ignored, because it would lead to another entry, and so
 * on.
 */
export const lineSplitter = (emit: (line: string) => void): LineSplitter => {
  const decoder = new StringDecoder('utf8')
  let partial = ''
  let emitting = false
  let scheduled = false

  const emitAll = (lines: ReadonlyArray<string>): void => {
    if (emitting) return
    emitting = true
    E.tryCatch(
      () => lines.flatMap(piecesOf).forEach(emit),
      () => undefined,
    )
    emitting = false
  }
  const flush = (): void => {
    const line = partial
    partial = ''
    emitAll([line])
  }
  const flushLater = (): void => {
    scheduled = false
    flush()
  }

  return {
    push: chunk => {
      if (emitting) return
      const text = typeof chunk === 'string' ? chunk : decoder.write(chunk)
      const lines = `${partial}${text}`.split(/\r?\n/)
      partial = lines.pop() ?? ''
      emitAll(lines)
      if (partial.length > MAX_PIECE) flush()
      if (partial !== '' && !scheduled) {
        scheduled = true
        setImmediate(flushLater)
      }
    },
    flush,
  }
}

const piecesOf = (line: string): ReadonlyArray<string> => {
  const pieces: string[] = []
  for (let start = 0; start < line.length; ) {
    const end = pieceEnd(line, start)
    pieces.push(line.slice(start, end))
    start = end
  }
  return pieces
}

/** A character takes 1 byte as a rule, 3 in many scripts, and 6 if JSON escapes it. */
const pieceEnd = (line: string, start: number): number => {
  const lengths = [MAX_PIECE, Math.floor(MAX_PIECE / 3), Math.floor(MAX_PIECE / 6)]
  const length =
    lengths.find(candidate => jsonBytes(line.slice(start, start + candidate)) <= MAX_PIECE) ?? 1
  const end = Math.min(start + length, line.length)
  const last = line.charCodeAt(end - 1)
  // Not between the two halves of a surrogate pair.
  return end < line.length && end - 1 > start && last >= 0xd800 && last <= 0xdbff ? end - 1 : end
}
