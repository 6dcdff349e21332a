import { relative } from 'node:path'
import { fileURLToPath } from 'node:url'
import { type Argument, Command, type Help, Option } from 'commander'

/** An example of a command, and what it does. */
export type Example = readonly [line: string, about?: string]

const DOCS = fileURLToPath(new URL('../../../docs/', import.meta.url))

/** A command whose help is short and ends in examples and the page that says more. */
export class CliCommand extends Command {
  /** A command line that works, without the name of the program. */
  example: string | undefined

  constructor(name?: string) {
    super(name)
    this.addHelpOption(new Option('-h, --help', 'show help').hideHelp())
    this.helpCommand(false)
    this.configureHelp(SHORT_HELP)
  }

  override createCommand(name?: string): CliCommand {
    return new CliCommand(name)
  }

  /**
   * Ends the help with texts, examples (the first one is also shown for a wrong command line), and
   * a page in `docs/`.
   */
  helpEnd(page: string, examples: ReadonlyArray<Example>, text = ''): this {
    this.example = examples[0]?.[0]
    const width = Math.max(...examples.map(([line]) => line.length))
    return this.addHelpText('after', () =>
      [
        ...(text === '' ? [] : ['', text]),
        '',
        'Examples:',
        ...examples.map(([line, about = '']) =>
          `  toru-plugin ${line.padEnd(width)}  ${about}`.trimEnd(),
        ),
        '',
        `More: ${pagePath(page)}`,
      ].join('\n'),
    )
  }
}

/** The shortest path of a page from here. */
export const pagePath = (page: string): string => {
  const path = `${DOCS}${page}`
  const shorter = relative(process.cwd(), path)
  return shorter.startsWith('..') ? path : shorter
}

/** Arguments before options, as in the examples. */
const commandUsage = (command: Command): string =>
  [
    command.parent?.name(),
    command.name(),
    ...(command.commands.length > 0 ? ['<command>'] : []),
    ...command.registeredArguments.map(argumentTerm),
    ...(command.options.length > 0 || command.commands.length > 0 ? ['[options]'] : []),
  ]
    .filter(word => word !== undefined)
    .join(' ')

/** `<plugin>`, `[entry...]` */
export const argumentTerm = (argument: Argument): string => {
  const name = `${argument.name()}${argument.variadic ? '...' : ''}`
  return argument.required ? `<${name}>` : `[${name}]`
}

const argumentDescription: Help['argumentDescription'] = ({ description, argChoices }) =>
  withChoices(description, argChoices, undefined)

/** A flag is off by default, which nobody needs to be told. */
const optionDescription: Help['optionDescription'] = ({ description, argChoices, defaultValue }) =>
  withChoices(description, argChoices, typeof defaultValue === 'string' ? defaultValue : undefined)

const withChoices = (
  description: string,
  choices: ReadonlyArray<string> | undefined,
  given: string | undefined,
): string => {
  const more = [
    ...(choices === undefined ? [] : [choices.join(', ')]),
    ...(given === undefined ? [] : [`default: ${given}`]),
  ]
  return more.length === 0 ? description : `${description} (${more.join('; ')})`
}

/** A command in the list of commands. */
const subcommandTerm = (command: Command): string =>
  [command.name(), ...command.registeredArguments.map(argumentTerm)].join(' ')

/** The program has only --help and --version, which everybody knows. */
const visibleOptions: Help['visibleOptions'] = ({ parent, options }) =>
  parent === null ? [] : options.filter(({ hidden }) => !hidden)

/** How help is written. */
const SHORT_HELP: Partial<Help> = {
  commandUsage,
  subcommandTerm,
  visibleOptions,
  argumentDescription,
  optionDescription,
}
