import type { Flag, Node, Value } from './tree.js'

/** A completion script for bash 4.4 and newer. */
export const bashScript = (
  name: string,
  commands: ReadonlyArray<Node>,
  flags: ReadonlyArray<Flag>,
): string => {
  const own = `_${name.replace(/\W/g, '_')}`
  return `# Completion of ${name} for bash. Load it with: source <(${name} completion bash)
${own}() {
  local cur prev command= at=0 i
  COMPREPLY=()
  cur=\${COMP_WORDS[COMP_CWORD]}
  prev=\${COMP_WORDS[COMP_CWORD-1]}
  # The command is the first word; \`at\` counts the arguments after it.
  for ((i = 1; i < COMP_CWORD; i++)); do
    if [[ -z $command ]]; then
      [[ \${COMP_WORDS[i]} == -* ]] || command=\${COMP_WORDS[i]}
    elif [[ \${COMP_WORDS[i]} != -* ]]; then
      case "$command \${COMP_WORDS[i-1]}" in
${commands
  .flatMap(({ name, flags }) =>
    patterns(
      name,
      flags.filter(({ value }) => value !== undefined),
      '        ',
      ';;',
    ),
  )
  .join('\n')}
        *) ((at += 1)) ;;
      esac
    fi
  done
  case "$command $prev" in
${commands.flatMap(({ name, flags }) => flags.flatMap(flag => patterns(name, flag.value === undefined ? [] : [flag], '    ', `${reply(flag.value)}; return ;;`))).join('\n')}
  esac
  case "$command" in
    '')
      ${reply({ words: [...commands.map(({ name }) => name), ...namesOf(flags)], files: false, several: false })}
      ;;
${commands.map(commandCase).join('\n')}
  esac
}
complete -F ${own} ${name}
`
}

const namesOf = (flags: ReadonlyArray<Flag>): ReadonlyArray<string> =>
  flags.flatMap(({ names }) => names)

const patterns = (
  command: string,
  flags: ReadonlyArray<Flag>,
  indent: string,
  then: string,
): ReadonlyArray<string> =>
  flags.length === 0
    ? []
    : [
        `${indent}${namesOf(flags)
          .map(flag => `'${command} ${flag}'`)
          .join('|')}) ${then}`,
      ]

/** Files with `-o filenames`, which completes within directories and escapes spaces. */
const reply = (value: Value | undefined): string => {
  if (value === undefined) return 'COMPREPLY=()'
  if (value.files)
    return 'compopt -o filenames 2>/dev/null; mapfile -t COMPREPLY < <(compgen -f -- "$cur")'
  return value.words.length === 0
    ? 'COMPREPLY=()'
    : `mapfile -t COMPREPLY < <(compgen -W '${value.words.join(' ')}' -- "$cur")`
}

const commandCase = ({ name, flags, values }: Node): string => `    '${name}')
      if [[ $cur == -* ]]; then
        ${reply({ words: namesOf(flags), files: false, several: false })}
      else
        case $at in
${values.map((value, index) => `          ${value.several ? '*' : index}) ${reply(value)} ;;`).join('\n')}
          *) COMPREPLY=() ;;
        esac
      fi
      ;;`
