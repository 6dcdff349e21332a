import pc from 'picocolors'
import type { CliError } from '../../lib/cli/cli-error.js'
import { runProgram } from '../../lib/cli/program.js'
import { NO_LINE } from '../../lib/cli/progress.js'
import type { Terminal } from '../../lib/cli/terminal.js'

/** What a command wrote, and how it ended. */
export interface Said {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs the program within the test's own process, with a terminal that only remembers. */
export const toruPlugin = async (...args: ReadonlyArray<string>): Promise<Said> => {
  const written = { stdout: '', stderr: '' }
  const note = (line: string): void => {
    written.stderr += `${line}\n`
  }
  const terminal: Terminal = {
    out: line => {
      written.stdout += `${line}\n`
    },
    write: bytes => {
      written.stdout += Buffer.from(bytes).toString()
    },
    note,
    problem: ({ message, hint }: CliError) => note(`error: ${message}\n  ${hint}`),
    colors: pc.createColors(false),
    interactive: false,
    progress: NO_LINE.show,
  }
  const code = await runProgram(args, '1.0.0', terminal)
  return { code, ...written }
}

/** A terminal that nobody looks at. */
export const silentTerminal: Terminal = {
  out: () => undefined,
  write: () => undefined,
  note: () => undefined,
  problem: () => undefined,
  colors: pc.createColors(false),
  interactive: false,
  progress: NO_LINE.show,
}
