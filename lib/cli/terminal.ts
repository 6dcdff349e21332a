/// <reference types="node" preserve="true" />
import pc from 'picocolors'
import type { CliError } from './cli-error.js'
import { canDraw, NO_LINE, progressLine, type ShowProgress } from './progress.js'

/** Where a command writes: results to stdout, everything else to stderr. */
export interface Terminal {
  /** Writes a line of the result. */
  readonly out: (line: string) => void
  /** Writes a part of the result without a newline. */
  readonly write: (bytes: Uint8Array | string) => void
  /** Writes a line about the work to stderr. */
  readonly note: (line: string) => void
  readonly problem: (error: CliError) => void
  /** Colors nothing where stdout is no terminal, or `NO_COLOR` is set. */
  readonly colors: ReturnType<typeof pc.createColors>
  /** Whether questions can be asked. */
  readonly interactive: boolean
  /** Draws nothing where stderr is no terminal, or one of a build server. */
  readonly progress: ShowProgress
}

/**
 * The terminal of this process. A reader that leaves, as `head` does, ends no command: what is
 * written from then on is lost, and what was begun is brought to its end. `failed` is called with
 * any other error, such as a full disk. After `close` nothing is written any more.
 */
export const processTerminal = (
  failed: (cause: NodeJS.ErrnoException) => void,
): Terminal & { readonly close: () => void } => {
  const { stdout, stderr, stdin, env } = process
  for (const stream of [stdout, stderr])
    stream.on('error', (cause: NodeJS.ErrnoException) => {
      if (cause.code !== 'EPIPE') failed(cause)
    })
  const isDrawn = canDraw(stderr, env)
  const line = isDrawn ? progressLine(stderr) : NO_LINE
  let isClosed = false
  const to =
    (stream: NodeJS.WriteStream) =>
    (bytes: Uint8Array | string): void => {
      if (!isClosed) line.beside(() => stream.write(bytes))
    }
  const write = to(stdout)
  const writeError = to(stderr)
  const note = (text: string): void => writeError(`${text}\n`)
  const { red } = colorsOf(stderr)
  return {
    out: text => write(`${text}\n`),
    write,
    note,
    problem: ({ message, hint }) => note(`${red('error:')} ${message}\n  ${hint}`),
    colors: colorsOf(stdout),
    interactive: stdin.isTTY === true && canDraw(stdout, env),
    progress: line.show,
    close: () => {
      line.end()
      isClosed = true
    },
  }
}

/** The colors of a stream; `NO_COLOR` and others count. */
const colorsOf = (stream: NodeJS.WriteStream): ReturnType<typeof pc.createColors> =>
  pc.createColors(stream.isTTY === true && stream.hasColors())
