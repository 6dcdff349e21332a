import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { Command } from 'commander'
import { treeOf } from '../../../lib/cli/completion/tree.js'
import { command } from '../../support/packed-project.js'
import { folder } from '../../support/plugin-process.js'
import { fishTest, zshTest } from '../../support/shells.js'
import { toruPlugin } from '../../support/terminal.js'

/** A directory with a script for a shell, and files to complete. */
const scene = async (shell: string) => {
  const place = folder()
  const script = join(place, `script.${shell}`)
  writeFileSync(script, (await toruPlugin('completion', shell)).stdout)
  writeFileSync(join(place, 'notes main.js'), '')
  writeFileSync(join(place, 'other.js'), '')
  return { place, script }
}

/** What a shell says of a line that is typed so far; the last word is the one to complete. */
const CASES: ReadonlyArray<
  readonly [words: ReadonlyArray<string>, completed: ReadonlyArray<string>]
> = [
  [['ca'], ['call']],
  [
    ['completion', ''],
    ['bash', 'fish', 'zsh'],
  ],
  [['completion', 'zsh', ''], []],
  [['schema', '--dia'], ['--dialect']],
  [['schema', '--dialect', 't'], ['tagged']],
  [
    ['call', '--dialect', ''],
    ['documented', 'nested', 'tagged'],
  ],
  [['call', '-H', 'oth'], []],
  [['call', '-o', 'oth'], ['other.js']],
  [['call', 'not'], ['notes main.js']],
  [['call', '-i', '--dialect', 'tagged', 'not'], ['notes main.js']],
  [['call', '-i', 'x.sock', 'GET', 'oth'], []],
  [['routes', 'main.js', '--openapi', 'oth'], ['other.js']],
  [['doctor', 'oth'], ['other.js']],
]

for (const [words, completed] of CASES) {
  test(`bash: ${words.join(' ')}`, async t => {
    const { place, script } = await scene('bash')
    const program = `source "$0"; COMP_WORDS=(toru-plugin "$@"); COMP_CWORD=$#; _toru_plugin; printf '%s\\n' "\${COMPREPLY[@]}"`
    const { stdout, stderr } = await command(
      'bash',
      ['--norc', '-c', program, script, ...words],
      place,
    )
    t.is(stderr, '')
    t.deepEqual(stdout.split('\n').filter(Boolean).sort(), completed)
  })
}

test('bash: without a word every command is offered, and the script is registered', async t => {
  const { place, script } = await scene('bash')
  const program = `source "$0"; complete -p toru-plugin; COMP_WORDS=(toru-plugin ''); COMP_CWORD=1; _toru_plugin; printf '%s\\n' "\${COMPREPLY[@]}"`
  const { stdout } = await command('bash', ['--norc', '-c', program, script], place)
  const [registered, ...words] = stdout.trim().split('\n')
  t.is(registered, 'complete -F _toru_plugin toru-plugin')
  for (const name of ['call', 'routes', 'schema', 'doctor', 'completion', '--version', '--help'])
    t.true(words.includes(name), name)
})

// Files are offered by fish itself, by more than their beginnings.
fishTest('fish completes commands, options, their values and files', async t => {
  const { place, script } = await scene('fish')
  for (const [words, completed] of CASES.filter(([, completed]) => completed.length > 0)) {
    const program = `source ${script}; complete -C ${JSON.stringify(`toru-plugin ${words.join(' ')}`)}`
    const { stdout, stderr } = await command('fish', ['--no-config', '-c', program], place)
    t.is(stderr, '')
    const offered = stdout
      .trim()
      .split('\n')
      .map(line => (line.split('\t')[0] ?? '').replaceAll('\\', ''))
    t.deepEqual(offered.sort(), completed, words.join(' '))
  }
})

// zsh completes only what is typed: so it is, in a terminal of its own, and the line is run. Where
// one word fits it stands in the line then.
const ZSH = `
zmodload zsh/zpty
zpty shell zsh -f -i
run() { zpty -w shell "$1"; }
run 'PS1= ; unsetopt zle_bracketed_paste; unset zle_bracketed_paste; autoload -Uz compinit; compinit -u -D; source '"$1"
run 'toru-plugin() { print -r -- "GO""T<\${(j:|:)@}>" }'
for line in "\${@:2}"; do
  zpty -w -n shell "$line"$'\\t\\n'
  zpty -r shell out '*GOT<*>*'
  print -r -- "\${\${out##*GOT<}%%>*}"
done
zpty -d shell
`

zshTest('zsh completes commands, options, their values and files', async t => {
  const { place, script } = await scene('zsh')
  const single = CASES.filter(([words, completed]) => completed.length === 1 && words.at(-1) !== '')
  const lines = single.map(([words]) => `toru-plugin ${words.join(' ')}`)
  const { stdout, stderr } = await command('zsh', ['-f', '-c', ZSH, 'zsh', script, ...lines], place)
  t.deepEqual(
    stdout.trim().split('\n'),
    single.map(([words, [completed = '']]) => [...words.slice(0, -1), completed].join('|')),
    stderr,
  )
})

test('the tree has what a command declares', t => {
  const program = new Command('p')
  program
    .command('pack')
    .description("makes it (all of it); it's quick")
    .argument('<entry>')
    .argument('[words...]')
    .option('-q', 'quietly')
    .option('--out <dir>')
    .option('--name <id>')
  const { commands } = treeOf(program)
  const none = { words: [], several: false }
  t.deepEqual(commands, [
    {
      name: 'pack',
      about: 'makes it',
      flags: [
        { names: ['-q'], about: 'quietly', value: undefined },
        { names: ['--out'], about: '', value: { ...none, files: true } },
        { names: ['--name'], about: '', value: { ...none, files: false } },
        { names: ['-h', '--help'], about: 'show help', value: undefined },
      ],
      values: [
        { ...none, files: true },
        { words: [], files: false, several: true },
      ],
    },
  ])
})

test('a shell that there is no script for is a mistake in the command line', async t => {
  const { code, stderr } = await toruPlugin('completion', 'tcsh')
  t.is(code, 2)
  t.regex(stderr, /completion tcsh: expected bash, zsh or fish\n/)
})
