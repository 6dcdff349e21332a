import { existsSync } from 'node:fs'
import { debuglog } from 'node:util'
import { CommanderError } from 'commander'
import { addCall } from './call/command.js'
import { addCheck } from './check/command.js'
import { CliCommand, pagePath } from './cli-command.js'
import { type CliError, failureOf } from './cli-error.js'
import { type AddCommand, type Cli, runner } from './command.js'
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
import { unknownCommand, wrongUsage } from './wrong-usage.js'

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

const HELP_END = (): string => `
toru-plugin <command> --help shows its options and examples.
Exit codes: 0 done, 1 something is wrong, 2 the command line is wrong.
More: ${pagePath('cli.md')}`

/** Runs `toru-plugin` with the arguments after its name. Yields the exit code. */
export const runProgram = async (
  args: ReadonlyArray<string>,
  version: string,
  terminal: Terminal,
): Promise<ExitCode> => {
  let code: ExitCode = EXIT.ok
  const fail = (error: CliError): ExitCode => {
    terminal.problem(error)
    return error.code
  }
  const run = runner(terminal, next => {
    code = next
  })
  const program = programOf(version, terminal, run)
  let at = program
  program.hook('preSubcommand', (_, command) => {
    if (command instanceof CliCommand) at = command
  })
  const words = withHelpOption(args)
  // Commander would show the help of the program for an unknown command with --help.
  if (words[0]?.startsWith('-') === false && !program.commands.some(one => one.name() === words[0]))
    return fail(unknownCommand(program, words))
  try {
    await program.parseAsync(words, { from: 'user' })
    return code
  } catch (thrown) {
    if (!(thrown instanceof CommanderError)) return fail(unexpected(thrown))
    if (thrown.exitCode === 0) return EXIT.ok
    return thrown.code === 'commander.help'
      ? EXIT.usage
      : fail(wrongUsage(thrown, program, at, words))
  }
}

/** The program with all of its commands. */
export const programOf = (version: string, terminal: Terminal, run: Cli['run']): CliCommand => {
  const program = new CliCommand('toru-plugin')
    .description('Create, run, pack, check and install plugins for Toru Steering Center.')
    .version(version, '-v, --version', 'show the version')
    // After a command, -v is an option of its own.
    .enablePositionalOptions()
    .addHelpText('after', HELP_END)
    .configureOutput({
      writeOut: text => terminal.out(text.trimEnd()),
      writeErr: text => terminal.note(text.trimEnd()),
      // `wrongUsage` says what commander would.
      outputError: () => undefined,
    })
    .exitOverride()
  for (const add of COMMANDS) add({ program, terminal, run })
  return program
}

/** `help` and `help pack` as options, and also `pack help`. */
const withHelpOption = (args: ReadonlyArray<string>): ReadonlyArray<string> => {
  const [first, second] = args
  if (first === 'help') return [...args.slice(1, 2), '--help']
  return first !== undefined && second === 'help' && args.length === 2 && !existsSync(second)
    ? [first, '--help']
    : args
}

const log = debuglog('toru-plugin')

/** What to show for something that was thrown. Its stack is shown with NODE_DEBUG=toru-plugin. */
export const unexpected = (thrown: unknown): CliError => {
  log('%s', thrown instanceof Error ? thrown.stack : thrown)
  return failureOf('toru-plugin failed', thrown)
}
