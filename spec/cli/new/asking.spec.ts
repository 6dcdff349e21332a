import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { ExecutionContext } from 'ava'
import { python, pythonTest } from '../../fixtures/python.js'
import { folder } from '../../support/plugin-process.js'

// A person at a terminal: a pseudo terminal of Python's, on which keys are pressed once a question
// is there.
const PERSON = `
import fcntl, json, os, pty, select, struct, sys, termios
cwd, keys, argv = sys.argv[1], json.loads(sys.argv[2]), sys.argv[3:]
pid, terminal = pty.fork()
if pid == 0:
    os.chdir(cwd)
    for name in ('CI', 'NO_COLOR'): os.environ.pop(name, None)
    os.environ['TERM'] = 'xterm'
    while os.get_terminal_size().columns != 200: pass
    os.execvp(argv[0], argv)
fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack('HHHH', 50, 200, 0, 0))
seen = b''
def read():
    global seen
    ready, _, _ = select.select([terminal], [], [], 30)
    if not ready: raise SystemExit('nothing more came: %r' % seen)
    try: piece = os.read(terminal, 65536)
    except OSError: piece = b''
    seen += piece
    return piece != b''
begin = 0
for awaited, pressed in keys:
    while awaited.encode() not in seen[begin:]:
        if not read(): raise SystemExit('it ended before %r: %r' % (awaited, seen))
    begin = seen.index(awaited.encode(), begin) + len(awaited.encode())
    os.write(terminal, pressed.encode())
while read(): pass
_, status = os.waitpid(pid, 0)
print(json.dumps({'seen': seen.decode(), 'code': os.waitstatus_to_exitcode(status)}))
`

const main = fileURLToPath(new URL('../../../lib/cli/main.js', import.meta.url))
const ENTER = '\r'
const CTRL_C = '\x03'
const erase = (text: string): string => '\x7f'.repeat(text.length)

const talk = async (
  cwd: string,
  keys: ReadonlyArray<readonly [awaited: string, pressed: string]>,
  ...args: ReadonlyArray<string>
): Promise<{ readonly seen: string; readonly code: number }> => {
  const told = await python(PERSON, [
    cwd,
    JSON.stringify(keys),
    process.execPath,
    main,
    'new',
    ...args,
    '--no-install',
    ...['--api', '^1.0.0'],
  ])
  return told as { seen: string; code: number }
}

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
