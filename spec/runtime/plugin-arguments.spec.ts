import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { DEFAULTS } from '../../lib/domain/plugin-definition.js'
import { descriptionOf } from '../../lib/plugin-process/description.js'
import { metadataOf, printedMetadata } from '../../lib/plugin-process/metadata.js'
import { python, pythonTest } from '../fixtures/python.js'
import { runFile } from '../support/packing.js'
import { folder, type PluginProcess, pluginFile, spawnPlugin } from '../support/plugin-process.js'

interface Outcome {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

const run = async (
  t: ExecutionContext,
  name: string,
  ...args: ReadonlyArray<string>
): Promise<Outcome> => outcomeOf(spawnPlugin(t, name, { args }))

const outcomeOf = async (plugin: PluginProcess): Promise<Outcome> => {
  const { code } = await plugin.exited
  return { code, stdout: plugin.stdout(), stderr: plugin.stderr() }
}

const WORKSHOP = {
  id: 'workshop',
  name: 'Workshop',
  version: '1.2.3',
  author: 'Zoë 🔌',
  icon: '🛠️',
  route: '/workshop',
}
const NOISY = {
  id: 'noisy',
  name: 'Noisy "quoted" <name>',
  version: '0.0.1-beta+5',
  icon: '📣',
  route: '/noisy',
}

const pretty = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`

test('--metadata prints the metadata as indented JSON, nothing else, and exits with 0', async t => {
  t.deepEqual(await run(t, 'workshop', '--metadata'), {
    code: 0,
    stdout: pretty(WORKSHOP),
    stderr: '',
  })
})

test('--metadata creates no socket and needs no configuration', async t => {
  const path = join(folder(), 'none', 'plugin.sock')
  const plugin = spawnPlugin(t, 'settings', { path, args: ['--metadata'] })
  const { code, stderr } = await outcomeOf(plugin)
  t.deepEqual(
    { code, stderr, there: existsSync(join(path, '..')) },
    { code: 0, stderr: '', there: false },
  )
})

test('modules neither print into the metadata nor delay the exit', async t => {
  const { code, stdout, stderr } = await run(t, 'noisy', '--metadata')
  t.deepEqual({ code, stdout }, { code: 0, stdout: pretty(NOISY) })
  t.true(stderr.includes('a banner on stdout\n{"id":"forged"}\na banner on stderr\n'), stderr)
})

test('what is printed before this package is loaded stands on stdout, and hurts no tool', async t => {
  const file = join(folder(), 'main.mjs')
  writeFileSync(
    file,
    `console.log('{"route":"a banner"}')\nprocess.stdout.write('no newline')\nawait import(${JSON.stringify(pathToFileURL(pluginFile('noisy')).href)})`,
  )
  const command = [process.execPath, file] as const
  const noise = ['{"route":"a banner"}', 'no newline']
  t.deepEqual(
    await printedMetadata(command)(),
    E.right({ metadata: { ...NOISY, author: null }, noise }),
  )
  t.deepEqual(await metadataOf(command)(), E.left({ _tag: 'Noisy', noise }))
  t.like(await descriptionOf(command)(), { right: { metadata: NOISY } })
})

for (const argument of ['--metadata', '--describe', '--help'])
  test(`${argument} neither overwrites what others write to its file nor minds a reader that leaves`, async t => {
    const { code, stdout, stderr } = await runFile('sh', [
      '-c',
      'cd "$(mktemp -d)"; (echo a; "$0" "$1" "$2"; echo b) > out 2> err; cat out err; "$0" "$1" "$2" | head -1; (echo a; "$0" "$1" "$2"; echo b) 2>&1 | wc -l',
      process.execPath,
      pluginFile('catalog'),
      argument,
    ])
    const printed = await run(t, 'catalog', argument)
    const lines = printed.stdout.split('\n')
    t.deepEqual(
      { code, stdout, stderr },
      { code: 0, stdout: `a\n${printed.stdout}b\n${lines[0]}\n${lines.length + 1}\n`, stderr: '' },
    )
  })

pythonTest(
  'the metadata fills a pipe as the host makes it, also where that is closed early',
  async t => {
    const program = `
import json, os, subprocess, sys
run = subprocess.run([*sys.argv[1:], '--metadata'], capture_output=True)
r, w = os.pipe(); os.close(r)
gone = subprocess.run([*sys.argv[1:], '--metadata'], stdout=w, stderr=subprocess.PIPE)
print(json.dumps([run.returncode, json.loads(run.stdout), run.stderr.decode(), gone.returncode, gone.stderr.decode()]))
`
    t.deepEqual(await python(program, [process.execPath, pluginFile('workshop')]), [
      0,
      WORKSHOP,
      '',
      0,
      '',
    ])
  },
)

pythonTest('an error waits for a full pipe without using the processor', async t => {
  const program = `
import fcntl, json, os, subprocess, sys, time
r, w = os.pipe()
fcntl.fcntl(w, fcntl.F_SETFL, os.O_NONBLOCK)
filled = 0
try:
  while True: filled += os.write(w, b'x' * 4096)
except BlockingIOError: pass
plugin = subprocess.Popen([*sys.argv[1:], '--metdata'], stderr=w)
os.close(w)
def processor_time():
  with open(f'/proc/{plugin.pid}/stat') as stat: fields = stat.read().rsplit(')', 1)[1].split()
  return (int(fields[11]) + int(fields[12])) / os.sysconf('SC_CLK_TCK')
for second in range(20):
  before = processor_time()
  time.sleep(1)
  worked = processor_time() - before
  if worked < 0.05: break
with os.fdopen(r, 'rb') as reader: text = reader.read()[filled:]
print(json.dumps([worked < 0.05, plugin.wait(), text.decode()]))
`
  t.deepEqual(await python(program, [process.execPath, pluginFile('workshop')]), [
    true,
    64,
    'workshop: expected --metadata, --describe, --help or no argument, got "--metdata"; ' +
      'try: workshop --help\n',
  ])
})

test('--describe prints the routes, handlers and options as JSON, and exits with 0', async t => {
  const { code, stdout, stderr } = await run(t, 'ending', '--describe')
  const route = (path: string, handler: string) => ({
    method: 'GET',
    path,
    handler,
    params: [],
    codecs: {},
  })
  t.deepEqual(
    { code, stderr, description: JSON.parse(stdout) },
    {
      code: 0,
      stderr: '',
      description: {
        describe: 1,
        metadata: { id: 'ending', name: 'Ending', version: '1.0.0', icon: '🌇', route: '/ending' },
        routes: [
          route('/', 'Ending.home'),
          route('/gate', 'Ending.gated'),
          route('/never', 'Ending.never'),
        ],
        kv: [],
        onInit: [],
        every: [],
        onShutdown: ['Ending.first', 'Ending.second'],
        options: { ...DEFAULTS, httpTimeout: 25_000 },
        config: null,
      },
    },
  )
})

for (const argument of ['--help', '-h']) {
  test(`${argument} explains the arguments and the environment`, async t => {
    const { code, stdout, stderr } = await run(t, 'workshop', argument)
    t.deepEqual({ code, stderr }, { code: 0, stderr: '' })
    for (const word of [
      'Workshop 1.2.3',
      '--metadata',
      '--describe',
      'TORU_PLUGIN_SOCKET',
      'TORU_LOG_LEVEL',
      '/tmp/toru-plugins/workshop.sock',
    ]) {
      t.true(stdout.includes(word), word)
    }
  })
}

test('an unknown argument exits with 64 and says what is expected', async t => {
  t.deepEqual(await run(t, 'workshop', '--metdata'), {
    code: 64,
    stdout: '',
    stderr:
      'workshop: expected --metadata, --describe, --help or no argument, got "--metdata"; ' +
      'try: workshop --help\n',
  })
})

for (const args of [[], ['--metadata']]) {
  test(`a wrong class ends the start ${args.join()} with every problem and its fix`, async t => {
    const { code, stdout, stderr } = await run(t, 'broken', ...args)
    t.deepEqual({ code, stdout }, { code: 1, stdout: '' })
    for (const part of [
      'Broken cannot be registered as a plugin: 6 problems.',
      '- Broken @Plugin id: expected an id of the characters A-Z a-z 0-9 - only, got "not an id". ',
      '- Broken @Plugin route: expected a route of one segment',
      '- Broken @Plugin httpTimeout: expected an integer from 1 to 25000 (milliseconds), got 60000. Leave it out for the default of 10000.',
      '- Broken.wrong: the path "no-slash" cannot be a route: ',
      '- Broken.other: GET /items/:name is declared twice: Broken.one answers the same requests as GET /items/:id already. Give one of them another method or path.',
      '- Broken.key: @Kv("a*b"): "*" may only stand at the end of a key. Write a key',
    ]) {
      t.true(stderr.includes(part), `${part}\nis not in\n${stderr}`)
    }
  })
}

test('a class without @Plugin and a second registration are explained', async t => {
  const [undecorated, twice] = await Promise.all([run(t, 'undecorated'), run(t, 'twice')])
  t.deepEqual([undecorated.code, twice.code], [1, 1])
  t.true(
    undecorated.stderr.includes(
      '- Undecorated: it has no @Plugin. Write @Plugin({ id, name, version, icon, route }) above the class',
    ),
  )
  t.true(twice.stderr.includes('registerPlugin was called twice: a process is one plugin'))
})
