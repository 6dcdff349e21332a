import type { Argument, Command, Option } from 'commander'

/** A value on the command line: one of a few words, a file, or anything. */
export interface Value {
  readonly words: ReadonlyArray<string>
  readonly files: boolean
  /** Whether it may be repeated, as the last argument of a command. */
  readonly several: boolean
}

/** An option, for completion. */
export interface Flag {
  /** `-o` and `--output`, or one of them. */
  readonly names: ReadonlyArray<string>
  readonly about: string
  /** Its value. `undefined` if it has none, or if the value is optional and not completed. */
  readonly value: Value | undefined
}

/** A command, for completion. */
export interface Node {
  readonly name: string
  readonly about: string
  readonly flags: ReadonlyArray<Flag>
  /** The arguments in order. */
  readonly values: ReadonlyArray<Value>
}

/** The commands and options of a program. */
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

/** The names of arguments and values that are files. */
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

/** Shortens a description to one line, without characters that are special in a shell. */
const firstClause = (text: string): string =>
  (text.split(/[;(:]/)[0] ?? '').replace(/['"`$\\[\]]/g, '').trim()
