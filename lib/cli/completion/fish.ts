import type { Flag, Node, Value } from './tree.js'

/** A completion script for fish 3. */
export const fishScript = (
  name: string,
  commands: ReadonlyArray<Node>,
  flags: ReadonlyArray<Flag>,
): string => {
  const none = '__fish_use_subcommand'
  return `# Completion of ${name} for fish. Load it with: ${name} completion fish | source
complete -c ${name} -f
${[
  ...commands.map(command => line(name, none, `-a ${command.name} -d '${command.about}'`)),
  ...flags.map(flag => line(name, none, flagWords(flag))),
  ...commands.flatMap(command => commandLines(name, command)),
].join('\n')}
`
}

const line = (name: string, condition: string, rest: string): string =>
  `complete -c ${name} -n '${condition}' ${rest}`

const commandLines = (
  name: string,
  { name: command, flags, values }: Node,
): ReadonlyArray<string> => {
  const condition = `__fish_seen_subcommand_from ${command}`
  const words = values.flatMap(value => value.words)
  return [
    ...flags.map(flag => line(name, condition, flagWords(flag))),
    ...(words.length > 0 ? [line(name, condition, `-a '${words.join(' ')}'`)] : []),
    ...(values.some(({ files }) => files) ? [line(name, condition, '-F')] : []),
  ]
}

const flagWords = ({ names, about, value }: Flag): string =>
  [
    ...names.map(name => (name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`)),
    `-d '${about}'`,
    ...(value === undefined ? [] : [valueWords(value)]),
  ].join(' ')

const valueWords = ({ words, files }: Value): string =>
  files ? '-r -F' : words.length > 0 ? `-x -a '${words.join(' ')}'` : '-x'
