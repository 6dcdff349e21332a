import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { treeOf } from '../../lib/cli/completion/tree.js'
import { programOf } from '../../lib/cli/program.js'
import { ROOT } from '../support/packed-project.js'
import { silentTerminal } from '../support/terminal.js'

const { commands } = treeOf(programOf('1.0.0', silentTerminal, async () => undefined))

/** The names of a command's options, `--no-x` as it is typed. */
const namesOf = (command: string): ReadonlyArray<ReadonlyArray<string>> =>
  commands
    .filter(({ name }) => name === command)
    .flatMap(({ flags }) => flags.map(({ names }) => names))
    .filter(names => !names.includes('--help'))

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

/** Where each command is documented: a page of its own, or a section of one. */
const PAGES: Readonly<Record<string, readonly [page: string, section?: RegExp]>> = {
  new: ['docs/new.md'],
  dev: ['docs/dev.md'],
  pack: ['docs/pack.md'],
  install: ['docs/pack.md'],
  check: ['docs/check.md'],
  call: ['docs/cli.md', /^## call[\s\S]*?(?=^## )/m],
  routes: ['docs/cli.md', /^## routes[\s\S]*?(?=^## )/m],
  schema: ['docs/cli.md', /^## schema[\s\S]*/m],
  doctor: ['docs/cli.md', /^## doctor[\s\S]*?(?=^## )/m],
  completion: ['docs/cli.md', /^## completion[\s\S]*?(?=^## )/m],
}

const documentationOf = (command: string): string => {
  const [page = '', section = /[\s\S]*/] = PAGES[command] ?? []
  return section.exec(textOf(page))?.[0] ?? ''
}

/** Whether a text has an option, and not only one that begins like it. */
const mentions = (text: string, option: string): boolean =>
  new RegExp(`(?<![\\w-])${option}(?![\\w-])`).test(text)

test('every command has a page', t => {
  t.deepEqual(
    Object.keys(PAGES),
    commands.map(({ name }) => name),
  )
})

for (const { name } of commands)
  test(`every option of ${name} is on its page`, t => {
    const text = documentationOf(name)
    t.deepEqual(
      namesOf(name).filter(names => !names.some(option => mentions(text, option))),
      [],
    )
  })

test('every option in the tables of a page is one of its command', t => {
  for (const { name } of commands) {
    const known = commands
      .filter(other => PAGES[other.name]?.join() === PAGES[name]?.join())
      .flatMap(other => namesOf(other.name).flat())
    const cells = documentationOf(name).match(/^\| `-[^|]*(?=\|)/gm) ?? []
    const options = cells.flatMap(cell => cell.match(/(?<![\w-])--?[a-z][\w-]*/gi) ?? [])
    t.deepEqual(
      options.filter(option => !known.includes(option)),
      [],
      name,
    )
  }
})

test('every command line in README and docs has only words that the command knows', t => {
  const pages = ['README.md', ...readdirSync(join(ROOT, 'docs')).map(name => `docs/${name}`)]
  const wrong = pages
    .filter(page => page.endsWith('.md'))
    .flatMap(page =>
      [...textOf(page).matchAll(/\btoru-plugin (?!dev`|[<-])([a-z]+)([^\n`#|<>;)]*)/g)].flatMap(
        ([line, command = '', words = '']) => {
          // Prose goes on after the name.
          if (!commands.some(({ name }) => name === command)) return []
          const known = [...namesOf(command).flat(), '--help']
          const options = words
            .replace(/'[^']*'|"[^"]*"/g, '')
            .match(/(?<=\s|\[)--?[a-zA-Z][\w-]*/g)
          return (options ?? []).some(option => !known.includes(option)) ? [`${page}: ${line}`] : []
        },
      ),
    )
  t.deepEqual(wrong, [])
})
