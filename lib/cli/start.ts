import { createRequire } from 'node:module'
import * as E from 'fp-ts/lib/Either.js'
import { cleanUpAtExit } from './cleanup.js'
import { failure, failureOf } from './cli-error.js'
import { EXIT, type ExitCode } from './exit-code.js'
import { runProgram, unexpected } from './program.js'
import { processTerminal } from './terminal.js'

const { version }: { readonly version: string } = createRequire(import.meta.url)(
  'toru-plugin-api/package.json',
)

/** Runs the command line of this process. Yields the exit code. */
export const start = async (): Promise<ExitCode> => {
  const terminal = processTerminal(cause => {
    terminal.problem(failureOf('the output cannot be written', cause))
    process.exit(EXIT.failed)
  })
  cleanUpAtExit(terminal.close)
  process.on('uncaughtException', thrown => {
    terminal.problem(unexpected(thrown))
    process.exit(EXIT.failed)
  })
  if (E.isLeft(E.tryCatch(() => process.cwd(), String))) {
    terminal.problem(
      failure('the current folder does not exist any more', 'Change to one that does: cd ~'),
    )
    return EXIT.failed
  }
  return runProgram(process.argv.slice(2), version, terminal)
}
