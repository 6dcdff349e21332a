import type { Argument, Command, Option } from 'commander'

/** What can stand in a place of the command line: one of a few words, a file, or anything. */
export interface Value {
  readonly words: ReadonlyArray<string>
  readonly files: boolean
  /** Whether it may come several times: the last argument of a command. */
  readonly several: boolean
}

/** An option, as completion needs it. */
export interface Flag {
  /** `-o` and `--output`, or one of them. */
  readonly names: ReadonlyArray<string>
  readonly about: string
  /**
   * What follows it; nothing for an option without a value, and for one whose value may be missing
   * and cannot be completed.
   */
  readonly value: Value | undefined
}

/** A command, as completion needs it. */
export interface Node {
  readonly name: string
  readonly about: string
  readonly flags: ReadonlyArray<Flag>
  /** The arguments in order. */
  readonly values: ReadonlyArray<Value>
}

/** The commands of a program, from its own declarations, and the options of the program itself. */
export const treeOf = (
  program: Command,
): { readonly flags: ReadonlyArray<Flag>; readonly commands: ReadonlyArray<Node> } => ({
  flags: [...program.options.map(flagOf), HELP],
  commands: program.commands.map(command => ({
    name: command.name(),
    about: firstClause(command.description()),
    flags: [...command.options.map(flagOf), HELP],
    values: command.registeredArguments.map(argumentOf),
  })),
})

const HELP: Flag = { names: ['-h', '--help'], about: 'show help', value: undefined }

/**
 * Places by these names hold files; others, such as a key or a name to be made up, hold what nobody
 * can complete.
 */
const FILES = /^(file|dir|entry|plugin|binary|socket|out|path|.*-(file|dir))$/

const argumentOf = (argument: Argument): Value => ({
  words: argument.argChoices ?? [],
  files: FILES.test(argument.name()),
  several: argument.variadic,
})

const flagOf = (option: Option): Flag => ({
  names: [option.short, option.long].flatMap(name => name ?? []),
  about: firstClause(option.description),
  value:
    option.required || isFile(option)
      ? { words: option.argChoices ?? [], files: isFile(option), several: false }
      : undefined,
})

const isFile = (option: Option): boolean => FILES.test(placeholder(option))

const placeholder = ({ flags }: Option): string => /[<[]([^>\].]+)/.exec(flags)?.[1] ?? ''

/**
 * Descriptions go into menus of one line, in quotes of three shells: what is special there is left
 * out.
 */
const firstClause = (text: string): string =>
  (text.split(/[;(:]/)[0] ?? '').replace(/['"`$\\[\]]/g, '').trim()
