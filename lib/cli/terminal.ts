/// <reference types="node" preserve="true" />
import { spinner } from '@clack/prompts'
import pc from 'picocolors'
import type { CliError } from './cli-error.js'

/** What shows that a long step is under way: only on a terminal; elsewhere nothing is drawn. */
export interface Progress {
  /** Says what is being done now. */
  readonly step: (text: string) => void
  /** Ends the display with a last line. */
  readonly done: (text: string) => void
}

/** Where a command writes. Results go to stdout, everything about them to stderr. */
export interface Terminal {
  /** A line of the result. */
  readonly out: (line: string) => void
  /** A part of the result as it is, without an end of line. */
  readonly write: (bytes: Uint8Array | string) => void
  /** A line about it: what is done, what to do next. */
  readonly note: (line: string) => void
  readonly problem: (error: CliError) => void
  /** Plain text where stdout is no terminal, or where `NO_COLOR` is set. */
  readonly colors: ReturnType<typeof pc.createColors>
  /** Whether questions can be asked. */
  readonly interactive: boolean
  /** For what may take longer than a second. */
  readonly progress: (text: string) => Progress
}

/** The terminal of this process. */
export const processTerminal = (): Terminal => {
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
