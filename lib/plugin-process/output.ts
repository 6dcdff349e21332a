/// <reference types="node" preserve="true" />
import type { Readable } from 'node:stream'

/**
 * Reads a process's output from now on. Yields what has come so far as text, of which the last
 * `most` characters are kept.
 */
export const collectText = (
  stream: Readable | null,
  most = Number.POSITIVE_INFINITY,
): (() => string) => {
  let text = ''
  stream?.setEncoding('utf8').on('data', (piece: string) => {
    text += piece
    if (text.length > most) text = text.slice(-most)
  })
  return () => text
}

/**
 * What a process said last on stderr: from the last line on that names an error, otherwise the last
 * line that is none of a log. Of a line of the log its message and its error. Empty where it said
 * nothing.
 */
export const lastWords = (stderr: string): string => {
  const lines = stderr.split('\n').filter(line => line.trim() !== '')
  const from = lines.findLastIndex(
    line => /error|exception|panic|fatal|traceback/i.test(line) && !/^\s+at /.test(line),
  )
  return lines
    .slice(from === -1 ? -1 : from)
    .filter(line => from !== -1 || !line.startsWith('{'))
    .map(messageIn)
    .join('\n')
    .trim()
    .slice(0, MAX_WORDS)
}

/** How many characters of that are shown. */
const MAX_WORDS = 2_000

/** The same behind a sentence: `; it wrote: …`, or nothing. */
export const andLastWords = (stderr: string): string => {
  const words = lastWords(stderr)
  return words === '' ? '' : `; it wrote: ${words}`
}

const messageIn = (line: string): string => {
  const [, message] = /"message":("(?:[^"\\]|\\.)*")/.exec(line) ?? []
  const [, error] = /"error":("(?:[^"\\]|\\.)*")/.exec(line) ?? []
  return message === undefined
    ? line
    : [message, error]
        .flatMap(text => (text === undefined ? [] : [String(JSON.parse(text))]))
        .join(': ')
}
