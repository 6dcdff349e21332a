import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'
import { pythonTest } from '../../fixtures/python.js'
import { folder } from '../../support/plugin-process.js'
import { CTRL_C, ENTER, inTerminal } from '../../support/pseudo-terminal.js'

const main = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url))
const erase = (text: string): string => '\x7f'.repeat(text.length)

const talk = (
  cwd: string,
  keys: ReadonlyArray<readonly [awaited: string, pressed: string]>,
  ...args: ReadonlyArray<string>
): Promise<{ readonly seen: string; readonly code: number }> =>
  inTerminal([process.execPath, main, 'new', ...args, '--no-install', '--api', '^1.0.0'], {
    cwd,
    keys,
  })

pythonTest(
  'in a terminal it asks, and refuses an id and a route as they are typed',
  async (t: ExecutionContext) => {
    const place = folder()
    const { seen, code } = await talk(place, [
      ['Id: ', `my notes${ENTER}`],
      [
        'Expected an id of the characters A-Z a-z 0-9 - only.',
        `${erase('my notes')}my-notes${ENTER}`,
      ],
      ['Name, ', ENTER],
      ['Author (', `Zoë${ENTER}`],
      ['Icon', ENTER],
      ['Route: ', `/a/b${ENTER}`],
      ['Expected a route of one segment', `${erase('/a/b')}${ENTER}`],
      ['Decorators', `\x1b[B${ENTER}`],
      ['With a frontend?', 'n'],
    ])
    t.is(code, 0, seen)
    const read = (name: string): string => readFileSync(join(place, 'my-notes', name), 'utf8')
    t.regex(
      read('src/plugin.ts'),
      /id: 'my-notes',\n {2}name: 'My notes',\n {2}version: '0\.1\.0',\n {2}author: 'Zoë',\n {2}icon: '🔌',\n {2}route: '\/my-notes',/,
    )
    t.regex(read('tsconfig.json'), /"experimentalDecorators": true/)
    t.false(readdirSync(join(place, 'my-notes')).includes('frontend'))
  },
)

pythonTest('what the flags say is not asked', async (t: ExecutionContext) => {
  const place = folder()
  const { seen, code } = await talk(
    place,
    [['Author (', ENTER]],
    ...[
      'demo',
      '--id',
      'demo',
      '--name',
      'Demo',
      '--icon',
      'D',
      '--route',
      '/demo',
      '--decorators',
      'standard',
      '--no-frontend',
    ],
  )
  t.is(code, 0, seen)
  t.notRegex(seen, /Id: |Name, |Icon|Route: |Decorators|With a frontend/)
  const silent = await talk(place, [], 'other', '--yes')
  t.is(silent.code, 0, silent.seen)
  t.notRegex(silent.seen, /Id: |Name, |Author|Icon|Route: /)
  t.deepEqual(readdirSync(place).sort(), ['demo', 'other'])
})

pythonTest('Ctrl-C gives up, and nothing is written', async (t: ExecutionContext) => {
  for (const keys of [
    [['Id: ', CTRL_C]],
    [['Author (', CTRL_C]],
    [['Decorators', CTRL_C]],
    [['With a frontend?', CTRL_C]],
  ] as const) {
    const [[last]] = keys
    const flags: Readonly<Record<string, ReadonlyArray<string>>> = {
      'Id: ': [],
      'Author (': ['--id', 'a', '--name', 'A'],
      Decorators: ['--id', 'a', '--name', 'A', '--author', 'A', '--icon', 'A', '--route', '/a'],
      'With a frontend?': [
        '--id',
        'a',
        '--name',
        'A',
        '--author',
        'A',
        '--icon',
        'A',
        '--route',
        '/a',
        '--decorators',
        'standard',
      ],
    }
    const place = folder()
    const { seen, code } = await talk(place, keys, ...(flags[last] ?? []))
    t.is(code, 1, seen)
    t.regex(seen, /cancelled: nothing was written/)
    t.deepEqual(readdirSync(place), [])
  }
})
