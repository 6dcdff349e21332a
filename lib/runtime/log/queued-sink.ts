/** Takes lines of the log. */
export interface Sink {
  /**
   * Writes one line, given without its newline. Never waits and never throws: what cannot be
   * written now is queued, up to {@link MAX_QUEUED} lines.
   */
  write(line: string): void
  /**
   * Writes the queue, as far as the reader takes it within {@link FLUSH_MS}: for the moment before
   * the process ends. Never throws.
   */
  flushSync(): void
}

/**
 * How many lines wait for a slow reader. Past it the oldest are dropped, and a line says how many.
 */
export const MAX_QUEUED = 1024

/** The longest that `flushSync` takes, in milliseconds. */
export const FLUSH_MS = 500

/**
 * How many bytes were written, or why none were: the reader is slow, the disk is full or failing,
 * or nobody will ever read.
 */
export type WriteResult = number | 'busy' | 'failing' | 'closed'

const FIRST_RETRY_MS = 5
const LAST_RETRY_MS = 320
const FAILING_RETRY_MS = 1000

/**
 * A queue in front of a descriptor. `write` writes what it can without waiting, `encode` makes the
 * bytes of a line, and `droppedLine` words the line about dropped lines. Its timer does not keep
 * the process alive.
 */
export const queuedSink = (
  write: (bytes: Uint8Array) => WriteResult,
  encode: (line: string) => Buffer,
  droppedLine: (dropped: number) => string,
): Sink => {
  const lines: string[] = []
  /** The rest of a line of which a part is written. */
  let rest: Buffer | undefined
  let dropped = 0
  let state: 'idle' | 'waiting' | 'closed' = 'idle'
  let retryMs = FIRST_RETRY_MS

  const next = (): Buffer | undefined => {
    if (rest !== undefined) return rest
    if (dropped > 0) return encode(droppedLine(dropped))
    const line = lines[0]
    return line === undefined ? undefined : encode(line)
  }

  const removeNext = (): void => {
    if (rest !== undefined) rest = undefined
    else if (dropped > 0) dropped = 0
    else lines.shift()
  }

  const drain = (): 'drained' | Exclude<WriteResult, number> => {
    for (let bytes = next(); bytes !== undefined; bytes = next()) {
      const written = write(bytes)
      if (typeof written === 'string') return written
      removeNext()
      if (written < bytes.length) rest = bytes.subarray(written)
      retryMs = FIRST_RETRY_MS
    }
    return 'drained'
  }

  const work = (): void => {
    const result = drain()
    switch (result) {
      case 'drained':
        state = 'idle'
        return
      case 'closed':
        state = 'closed'
        lines.length = 0
        rest = undefined
        return
      case 'busy':
      case 'failing':
        state = 'waiting'
        setTimeout(work, result === 'busy' ? retryMs : FAILING_RETRY_MS).unref()
        retryMs = Math.min(2 * retryMs, LAST_RETRY_MS)
    }
  }

  return {
    write: line => {
      if (state === 'closed') return
      lines.push(line)
      if (lines.length > MAX_QUEUED) {
        lines.shift()
        dropped += 1
      }
      if (state === 'idle') work()
    },
    flushSync: () => {
      if (state === 'closed') return
      const end = performance.now() + FLUSH_MS
      while (drain() === 'busy' && performance.now() < end) pause(2)
    },
  }
}

/** While a process exits its event loop does not turn any more, so this blocks. */
const pause = (milliseconds: number): void => {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, milliseconds)
}
