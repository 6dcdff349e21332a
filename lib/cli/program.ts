import { Command, CommanderError } from 'commander'
import { addCall } from './call/command.js'
import { addCheck } from './check/command.js'
import { type AddCommand, runner } from './command.js'
import { addCompletion } from './completion/command.js'
import { addDev } from './dev/command.js'
import { addDoctor } from './doctor/command.js'
import { EXIT, type ExitCode } from './exit-code.js'
import { addInstall } from './install/command.js'
import { addNew } from './new/command.js'
import { addPack } from './pack/command.js'
import { addRoutes } from './routes/command.js'
import { addSchema } from './schema/command.js'
import type { Terminal } from './terminal.js'

/** Every command, in the order of `--help`. */
const COMMANDS: ReadonlyArray<AddCommand> = [
  addNew,
  addDev,
  addPack,
  addInstall,
  addCheck,
  addCall,
  addRoutes,
  addSchema,
  addDoctor,
  addCompletion,
]

/** Runs `toru-plugin` with the arguments after its name. Yields the exit code. */
export const runProgram = async (
  args: ReadonlyArray<string>,
  version: string,
  terminal: Terminal,
): Promise<ExitCode> => {
  let code: ExitCode = EXIT.ok
  const run = runner(terminal, next => {
    code = next
  })
  const program = new Command('toru-plugin')
    .description('Create, run, pack, check and install plugins for Toru Steering Center.')
    .version(version)
    .showHelpAfterError('(--help lists the commands and options)')
    .configureOutput({
      writeOut: text => terminal.out(text.trimEnd()),
      writeErr: text => terminal.note(text.trimEnd()),
    })
    .exitOverride()
  for (const add of COMMANDS) add({ program, terminal, run })
  try {
    await program.parseAsync(args, { from: 'user' })
    return code
  } catch (thrown) {
    // Commander has already shown what is wrong, or the help.
    if (thrown instanceof CommanderError) return thrown.exitCode === 0 ? EXIT.ok : EXIT.usage
    terminal.problem({
      message: thrown instanceof Error ? (thrown.stack ?? thrown.message) : String(thrown),
      hint: undefined,
      code: EXIT.failed,
    })
    return EXIT.failed
  }
}
