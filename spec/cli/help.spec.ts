import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import test from 'ava'
import { toruPlugin } from '../support/terminal.js'

const helpOf = async (...args: ReadonlyArray<string>): Promise<ReadonlyArray<string>> => {
  const { code, stdout, stderr } = await toruPlugin(...args, '--help')
  return code === 0 && stderr === '' ? stdout.trimEnd().split('\n') : [`failed: ${stderr}`]
}

const COMMANDS = (await helpOf()).flatMap(line => /^ {2}([a-z]+)/.exec(line)?.[1] ?? [])

test('the help of the program fits a screen, and so does the one of each command but call', async t => {
  t.true((await helpOf()).length <= 23)
  for (const name of COMMANDS) {
    const { length } = await helpOf(name)
    t.true(length <= (name === 'call' ? 38 : 26), `${name}: ${length} lines`)
  }
})

test('no line of help is longer than 80 columns, and no description needs two', async t => {
  for (const args of [[], ...COMMANDS.map(name => [name])])
    for (const line of await helpOf(...args)) {
      t.true(line.length <= 80, line)
      t.notRegex(line, /^ {16,}\S/)
    }
})

test('the help of each command has an example, and ends in a page that is there', async t => {
  for (const name of COMMANDS) {
    const lines = await helpOf(name)
    const example = lines[lines.indexOf('Examples:') + 1] ?? ''
    t.true(example.startsWith(`  toru-plugin ${name}`), `${name}: ${example}`)
    const [, page = ''] = /^More: (.*)$/.exec(lines.at(-1) ?? '') ?? []
    t.true(existsSync(resolve(page)), `${name}: ${page}`)
  }
})

test('help has several names, and an unknown command has none', async t => {
  const [pack, all] = [await toruPlugin('pack', '--help'), await toruPlugin('--help')]
  for (const args of [
    ['pack', '-h'],
    ['help', 'pack'],
    ['pack', 'help'],
  ])
    t.deepEqual(await toruPlugin(...args), pack)
  for (const args of [['-h'], ['help'], ['help', '--help']])
    t.deepEqual(await toruPlugin(...args), all)
  const none = await toruPlugin()
  t.deepEqual(none, { code: 2, stdout: '', stderr: all.stdout })
})
