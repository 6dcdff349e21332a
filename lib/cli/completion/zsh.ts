import type { Flag, Node, Value } from './tree.js'

/** A completion script for zsh 5, to be sourced or saved as `_<name>` in the fpath. */
export const zshScript = (
  name: string,
  commands: ReadonlyArray<Node>,
  flags: ReadonlyArray<Flag>,
): string => {
  const own = `_${name.replace(/\W/g, '_')}`
  return `#compdef ${name}
# Completion of ${name} for zsh. Load it, after compinit, with: source <(${name} completion zsh)
${own}() {
  local context state state_descr line
  typeset -A opt_args
  local -a commands=(
${commands.map(({ name, about }) => `    '${name}:${about}'`).join('\n')}
  )
  _arguments -C \\
${flags.flatMap(specs).join('')}    '1:command:->command' \\
    '*::argument:->argument' && return
  case $state in
    command) _describe -t commands command commands ;;
    argument)
      case $line[1] in
${commands.map(commandCase).join('\n')}
      esac
      ;;
  esac
}
# Loaded from the fpath the file is the function; sourced it only defines it.
if [[ $zsh_eval_context[-1] == loadautofunc ]]; then ${own} "$@"; else compdef ${own} ${name}; fi
`
}

/** The names of an option, each of which excludes the other. */
const specs = ({ names, about, value }: Flag): ReadonlyArray<string> =>
  names.map(
    name =>
      `    '(${names.join(' ')})${name}[${about}]${value === undefined ? '' : `:value:${action(value)}`}' \\\n`,
  )

const action = ({ words, files }: Value): string =>
  files ? '_files' : words.length > 0 ? `(${words.join(' ')})` : ' '

const commandCase = ({ name, flags, values }: Node): string =>
  `        ${name})
          _arguments \\
${[
  ...flags.flatMap(specs),
  ...values.map(
    (value, index) => `    '${value.several ? '*' : index + 1}:argument:${action(value)}' \\\n`,
  ),
]
  .join('')
  .replace(/^ {4}/gm, '            ')
  .replace(/ \\\n$/, '')}
          ;;`
