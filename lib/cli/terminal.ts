/// <reference types="node" preserve="true" />
import { spinner } from '@clack/prompts'
import pc from 'picocolors'
import type { CliError } from './cli-error.js'

/** Shows that something takes long. Draws nothing where stderr is no terminal. */
export interface Progress {
  /** Shows what is being done now. */
  readonly step: (text: string) => void
  /** Ends the display with a last line. */
  readonly done: (text: string) => void
}

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
  /** For work that may take longer than a second. */
  readonly progress: (text: string) => Progress
}

/**
 * The terminal of this process. A reader that leaves, as `head` does, ends no command: what is
 * written from then on is lost, and what was begun is brought to its end.
 */
export const processTerminal = (): Terminal => {
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
  const colors = pc.createColors(process.stdout.isTTY === true && pc.isColorSupported)
  const note = (line: string): void => void process.stderr.write(`${line}\n`)
  return {
    out: line => void process.stdout.write(`${line}\n`),
    write: bytes => void process.stdout.write(bytes),
    note,
    problem: ({ message, hint }) => {
      note(`${process.stderr.isTTY ? pc.red('error:') : 'error:'} ${message}`)
      if (hint !== undefined) note(`  ${hint}`)
    },
    colors,
    interactive: process.stdin.isTTY === true && process.stdout.isTTY === true && !process.env.CI,
    progress: process.stderr.isTTY
      ? drawn
      : () => ({ step: () => undefined, done: () => undefined }),
  }
}

const drawn = (text: string): Progress => {
  const shown = spinner({ output: process.stderr })
  shown.start(text)
  return { step: next => shown.message(next), done: last => shown.stop(last) }
}
