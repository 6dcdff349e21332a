import { statSync } from 'node:fs'
import type { Command, CommanderError } from 'commander'
import { BINARY_SUFFIX } from '../domain/host.js'
import { argumentTerm, type CliCommand } from './cli-command.js'
import { type CliError, usageError } from './cli-error.js'
import { commandLine, didYouMean, guess, oneOf } from './guess.js'
import { isUrl, kindAt } from './path-argument.js'

/** What other tools call the commands. */
const SYNONYMS: Readonly<Record<string, ReadonlyArray<string>>> = {
  new: ['create', 'init', 'generate', 'scaffold'],
  dev: ['start', 'serve', 'run', 'watch', 'up'],
  pack: ['build', 'bundle', 'compile', 'package'],
  install: ['deploy', 'add', 'i', 'update', 'upgrade', 'rollback'],
  check: ['test', 'verify', 'validate', 'lint'],
  call: ['curl', 'request', 'send', 'get', 'post', 'kv', 'ping'],
  routes: ['list', 'ls', 'describe', 'inspect', 'openapi', 'client'],
  schema: ['schemas', 'types'],
  doctor: ['diagnose', 'info', 'fix', 'health'],
  completion: ['completions', 'complete'],
}

const REMOVING =
  'To remove a plugin, delete <id>.binary and <id>/ in the plugins folder, and restart the host.'

/** What people look for that is no command. */
const OTHER_WAYS: Readonly<Record<string, string>> = {
  uninstall: REMOVING,
  remove: REMOVING,
  rm: REMOVING,
  version: 'toru-plugin --version shows the version.',
  logs: 'toru-plugin dev shows the logs of its plugins; toru-plugin call -v that of one call.',
}

/**
 * A command line that commander refuses, with what to do. `at` is the command that it was given
 * to, `args` everything after the name of the program.
 */
export const wrongUsage = (
  { code, message }: CommanderError,
  program: CliCommand,
  at: CliCommand,
  args: ReadonlyArray<string>,
): CliError => {
  // Commander quotes the word that is wrong; its own suggestion is on the next line.
  const [, word = ''] = /'([^']*)'/.exec(message) ?? []
  switch (code) {
    case 'commander.unknownCommand':
      return unknownCommand(program, args)
    case 'commander.unknownOption':
      return unknownOption(program, at, args, word)
    case 'commander.missingArgument':
      return missingArgument(at)
    case 'commander.optionMissingArgument':
      return missingValue(at, word)
    case 'commander.invalidArgument':
      return wrongChoice(at, message)
    case 'commander.excessArguments':
      return excessArguments(at)
    case 'commander.conflictingOption':
      return conflict(at, message)
    default:
      return usageError(message.replace(/^error: /, ''), helpOf(at))
  }
}

const helpOf = (command: CliCommand): string => `${called(command)} --help lists its options.`

const called = (command: CliCommand): string =>
  [command.parent?.name(), command.name()].filter(Boolean).join(' ')

const namesOf = (program: CliCommand): ReadonlyArray<string> =>
  program.commands.map(command => command.name())

/** A word that is no command. */
export const unknownCommand = (program: CliCommand, args: ReadonlyArray<string>): CliError => {
  const [word = '', ...rest] = args.filter((arg, index) => index > 0 || arg !== program.name())
  const line = (words: ReadonlyArray<string>): string => commandLine([program.name(), ...words])
  const wrong = (hint: string): CliError =>
    usageError(`${JSON.stringify(word)} is not a command`, hint)
  const names = namesOf(program)
  if (word !== args[0]) return wrong(`Leave out one ${program.name()}: ${line([word, ...rest])}`)
  const [second = ''] = rest
  if (names.includes(second))
    return wrong(`The command comes first: ${line([second, word, ...rest.slice(1)])}`)
  const other = OTHER_WAYS[word.toLowerCase()]
  if (other !== undefined) return wrong(other)
  const synonym = Object.entries(SYNONYMS).find(([, words]) => words.includes(word.toLowerCase()))
  if (synonym !== undefined) return wrong(`Did you mean ${line([synonym[0]])}?`)
  const meant = guess(word, names)
  if (meant !== undefined) return wrong(`Did you mean ${line([meant, ...rest])}?`)
  const forFile = commandFor(word)
  return wrong(
    forFile === undefined
      ? `The commands are ${oneOf(names)}.`
      : `The command comes first, for example: ${line(forFile)}`,
  )
}

/** What people do most with a file that they name. */
const commandFor = (path: string): ReadonlyArray<string> | undefined => {
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return undefined
  if (found.isSocket()) return ['call', path, '/']
  return [path.endsWith(BINARY_SUFFIX) ? 'check' : 'dev', path]
}

const optionNames = (command: Command): ReadonlyArray<string> =>
  command.options.flatMap(({ short, long }) => [long, short]).filter(name => name !== undefined)

const unknownOption = (
  program: CliCommand,
  at: CliCommand,
  args: ReadonlyArray<string>,
  flag: string,
): CliError => {
  const wrong = (hint: string): CliError =>
    usageError(
      at === program ? `there is no option ${flag}` : `${at.name()} has no option ${flag}`,
      hint,
    )
  const owner = program.commands.find(command => args.includes(command.name()))
  if (at === program && owner !== undefined && optionNames(owner).includes(flag)) {
    const rest = args.filter(arg => arg !== owner.name())
    return wrong(
      `Options come after the command: ${commandLine([program.name(), owner.name(), ...rest])}`,
    )
  }
  const names = [...optionNames(at), '--help']
  const plain = (name: string): string => name.replace(/^-+/, '')
  const meant = guess(plain(flag), names.map(plain))
  const name = names.find(one => plain(one) === meant)
  return wrong(name === undefined ? helpOf(at) : `Did you mean ${name}?`)
}

const exampleOf = (command: CliCommand): string =>
  command.example === undefined
    ? helpOf(command)
    : `For example: ${command.parent?.name()} ${command.example}`

const missingArgument = (at: CliCommand): CliError => {
  const missing = at.registeredArguments.find(
    ({ required }, index) => required && at.args[index] === undefined,
  )
  return usageError(
    missing === undefined
      ? `${at.name()} needs an argument`
      : `${at.name()} needs ${argumentTerm(missing)}: ${missing.description}`,
    at.args.some(isUrl)
      ? 'A plugin is named by its file or its socket. For a URL use curl.'
      : exampleOf(at),
  )
}

const missingValue = (at: CliCommand, flags: string): CliError => {
  const option = at.options.find(one => one.flags === flags)
  return usageError(
    `${option?.long ?? flags} needs a value`,
    `${flags.replace(/^-\w, /, '')}: ${option?.description}.`,
  )
}

/** Commander's message has the flags of both. */
const conflict = (at: CliCommand, message: string): CliError => {
  const [, one = '', other = ''] =
    /'([^']*)' cannot be used with option '([^']*)'/.exec(message) ?? []
  return usageError(
    `${longOf(at, one)} and ${longOf(at, other)} exclude each other`,
    'Leave out one of the two.',
  )
}

const longOf = (at: CliCommand, flags: string): string =>
  at.options.find(option => option.flags === flags)?.long ?? flags

const excessArguments = (at: CliCommand): CliError => {
  const taken = at.registeredArguments
  const [extra = ''] = at.args.slice(taken.length)
  const takes = taken.length === 0 ? 'no arguments' : `only ${taken.map(argumentTerm).join(' ')}`
  return usageError(
    `unexpected argument ${JSON.stringify(extra)}: ${at.name()} takes ${takes}`,
    hintForExtra(at, extra),
  )
}

const hintForExtra = (at: CliCommand, extra: string): string => {
  const all = at.args.join(' ')
  // A name may have blanks, and so may a path.
  if (at.name() === 'new' || kindAt(all) !== 'nothing')
    return `Is that one argument? Then quote it: ${called(at)} ${commandLine([all])}`
  return kindAt(extra) === 'nothing' ? helpOf(at) : 'Run the command once for each.'
}

/** Commander's message has the flags or the argument, the word, and the choices. */
const wrongChoice = (at: CliCommand, message: string): CliError => {
  const [, flags, value] = /option '([^']*)' argument '([^']*)'/.exec(message) ?? []
  const [, argument, name] =
    /command-argument value '([^']*)' is invalid for argument '([^']*)'/.exec(message) ?? []
  const option = at.options.find(one => one.flags === flags)
  const choices =
    option?.argChoices ?? at.registeredArguments.find(one => one.name() === name)?.argChoices ?? []
  const written = value ?? argument ?? ''
  return usageError(
    `${option?.long ?? at.name()} ${written}: expected ${oneOf(choices)}`,
    didYouMean(written, choices, helpOf(at)),
  )
}
