import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import test from 'ava'
import { APART, isNamed, SAME_EVERYWHERE, specs } from './selection.js'
import { ROOT } from './support/packed-project.js'

// The rooms of the house and what each may import: nothing else, and no cycles.

const PUBLIC = ['lib/index.ts', 'lib/fp.ts', 'lib/protocol.ts']
/**
 * What tools share with the plugins: the host's numbers, the contract of `--describe`, the end of a
 * packed file, a queue, how text from outside is read, and what was thrown.
 */
const SHARED = [
  ...['host', 'packed-file', 'plugin-description', 'task-queue', 'thrown'].map(
    name => `lib/domain/${name}.ts`,
  ),
  'lib/domain/text',
]
const CORE = ['fp-ts', 'io-ts']

/**
 * `testPlugin` gives the programs of the core what `lib/runtime/serve.ts` gives them, with fakes
 * where a test wants to move or to see something. Of the runtime only what it uses as it is: the
 * parts that belong to a process (signals, arguments, stdout) stay out of an author's tests.
 */
const WIRING = [
  'lib/domain',
  'lib/codec',
  'lib/reflect',
  'lib/wire',
  'lib/dispatch',
  'lib/transport',
  'lib/kv/cell.ts',
  'lib/kv/memory/memory-store.ts',
  'lib/kv/store.ts',
  ...[
    'clock',
    'log/levels',
    'log/logger',
    'plugin-config',
    'register-plugin',
    'shutdown',
    'compose',
  ].map(name => `lib/runtime/${name}.ts`),
]

/**
 * For each room the folders and files it may import besides its own, and the packages; `node:`
 * stands for every module of Node.js.
 */
const ROOMS: Readonly<
  Record<string, { readonly from: ReadonlyArray<string>; readonly packages: ReadonlyArray<string> }>
> = {
  decorators: {
    from: ['lib/domain', 'lib/reflect/notes.ts', 'lib/reflect/note-kinds.ts'],
    packages: CORE,
  },
  'lib/domain': { from: [], packages: CORE },
  'lib/codec': { from: ['lib/domain'], packages: CORE },
  'lib/reflect': { from: ['lib/domain', 'lib/codec'], packages: [...CORE, 'reflect-metadata'] },
  'lib/wire': { from: ['lib/domain', 'lib/codec'], packages: [...CORE, 'node:buffer'] },
  'lib/dispatch': { from: ['lib/domain', 'lib/codec', 'lib/reflect'], packages: CORE },
  'lib/kv': { from: ['lib/domain', 'lib/codec'], packages: [...CORE, 'node:', 'libsql', 'keyv'] },
  'lib/transport': { from: ['lib/wire', 'lib/domain', 'lib/codec'], packages: [...CORE, 'node:'] },
  'lib/runtime': {
    from: [
      'lib/transport',
      'lib/kv',
      'lib/dispatch',
      'lib/reflect',
      'lib/wire',
      'lib/codec',
      'lib/domain',
    ],
    packages: [...CORE, 'node:', 'pino'],
  },
  // What tools know of a plugin: what it prints, how it is started, and what goes over its socket.
  'lib/plugin-process': { from: [...PUBLIC, ...SHARED], packages: [...CORE, 'node:'] },
  'lib/testing': {
    from: [...PUBLIC, ...WIRING, 'lib/plugin-process'],
    packages: [...CORE, 'node:'],
  },
  'lib/cli': {
    // Besides what tools share: the schemas in a document share definitions as the
    // parts of a codec do, the doctor applies a plugin's own rules to directories and processes,
    // `pack` packs the guardian and names systems as a plugin does, the terminal shows text as a
    // plugin's log does, and `dev` runs the development host.
    from: [
      ...PUBLIC,
      ...SHARED,
      'lib/plugin-process',
      'lib/testing',
      'lib/devhost',
      'lib/codec/json-definitions.ts',
      'lib/domain/is-running.ts',
      'lib/kv/data-directory.ts',
      'lib/kv/sqlite/driver/native-system.ts',
      'lib/transport/socket-file/socket-directory.ts',
      'lib/runtime/supervision/guardian.ts',
      'lib/runtime/supervision/process-stat.ts',
      'lib/runtime/log/pretty.ts',
    ],
    packages: [
      ...CORE,
      'node:',
      'commander',
      '@clack/prompts',
      'picocolors',
      'esbuild',
      'jsonc-parser',
      'leven',
    ],
  },
  'lib/devhost': {
    from: [
      ...PUBLIC,
      ...SHARED,
      'lib/plugin-process',
      'lib/runtime/supervision/process-stat.ts',
      'lib/frontend/index.ts',
    ],
    packages: [...CORE, 'node:', 'preact'],
  },
  // For the browser: whatever it imports is in every plugin's bundle.
  'lib/frontend': { from: ['lib/domain/host.ts'], packages: [] },
  samples: { from: [], packages: [...CORE, 'io-ts-types', 'node:', 'toru-plugin-api'] },
}

/**
 * The texts of somebody else's project: what they import is not what this package does. Their
 * modules import no more than `plan.ts`.
 */
const TEMPLATES = 'lib/cli/new/templates/'

const sources = (folder: string): ReadonlyArray<string> =>
  readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .filter(name => /\.tsx?$/.test(name))
    .map(name => join(folder, name))
    .filter(file => !file.startsWith(TEMPLATES))

/** The package's own code. */
const CODE = ['lib', 'decorators'].flatMap(sources)

const textOf = (file: string): string => readFileSync(join(ROOT, file), 'utf8')

interface Import {
  readonly target: string
  readonly typeOnly: boolean
}

const importsOf = (file: string): ReadonlyArray<Import> =>
  [
    ...textOf(file).matchAll(/(?:^(import|export) (type )?(?:[^'"]*? from )?|import\()'([^']+)'/gm),
  ].map(([, , type, specifier = '']) => ({
    target: specifier.startsWith('.')
      ? normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts')
      : specifier,
    typeOnly: type !== undefined,
  }))

const isPath = (target: string): boolean =>
  target.startsWith('lib/') || target.startsWith('decorators/') || target.startsWith('samples/')

for (const [room, { from, packages }] of Object.entries(ROOMS)) {
  test(`${room} imports only what it may`, t => {
    const offending = sources(room).flatMap(file =>
      importsOf(file)
        .filter(({ target }) =>
          isPath(target)
            ? ![room, ...from].some(place => target === place || target.startsWith(`${place}/`))
            : !packages.some(
                name =>
                  target === name || target.startsWith(name.endsWith(':') ? name : `${name}/`),
              ),
        )
        .map(({ target }) => `${file} imports ${target}`),
    )
    t.deepEqual(offending, [])
  })
}

/** Past this a folder wants rooms, and a file is two. */
const MOST_FILES = 24
const MOST_LINES = 250

test('a folder and a file have a size that one looks over', t => {
  const folders = new Map<string, number>()
  for (const file of [...CODE, ...sources('samples')])
    folders.set(dirname(file), (folders.get(dirname(file)) ?? 0) + 1)
  t.deepEqual(
    [...folders].filter(([, files]) => files > MOST_FILES).map(([folder]) => folder),
    [],
  )
  t.deepEqual(
    CODE.filter(file => textOf(file).split('\n').length - 1 > MOST_LINES),
    [],
  )
})

test('no module imports itself, by whatever way', t => {
  const graph = new Map(
    CODE.map(file => [
      file,
      importsOf(file)
        .filter(({ target }) => isPath(target))
        .map(({ target }) => target),
    ]),
  )
  const done = new Set<string>()
  const cycles: string[] = []
  const visit = (file: string, trail: ReadonlyArray<string>): void => {
    if (trail.includes(file)) cycles.push([...trail.slice(trail.indexOf(file)), file].join(' -> '))
    if (done.has(file) || trail.includes(file)) return
    for (const target of graph.get(file) ?? []) visit(target, [...trail, file])
    done.add(file)
  }
  for (const file of graph.keys()) visit(file, [])
  t.deepEqual(cycles, [])
})

/** The files of the package whose text has something. */
const filesWith = (pattern: RegExp): ReadonlyArray<string> =>
  CODE.filter(file => pattern.test(textOf(file)))

test('one file calls Reflect', t => {
  t.deepEqual(filesWith(/\bReflect\.\w/), ['lib/reflect/notes.ts'])
})

test('one file says what the host’s numbers and names are', t => {
  const saying =
    /\^\[A-Za-z0-9-\]\+\$|\b16_?777_?216\b|'\/tmp\/toru-plugins|'steering\.db'|'\.binary'/
  t.deepEqual(filesWith(saying), ['lib/domain/host.ts'])
})

test('one room looks into a codec: the others ask for its shape', t => {
  const lookers = filesWith(/\binstanceof t\./).filter(file => !file.startsWith('lib/codec/'))
  t.deepEqual(lookers, [])
})

test('every export has a docstring', t => {
  const undocumented = CODE.flatMap(file => {
    const lines = textOf(file).split('\n')
    return (
      lines
        .filter(
          (line, index) =>
            /^export (const|class|interface|type \w|function|abstract) ?/.test(line) &&
            !(lines[index - 1] ?? '').endsWith('*/'),
        )
        // The static type of a codec stands under the codec and means the same.
        .filter(line => !/^export type (\w+) = .*t\.TypeOf<typeof \1>/.test(line))
        .map(line => `${file}: ${line}`)
    )
  })
  t.deepEqual(undocumented, [])
})

// A class that cannot be a plugin ends the process in registerPlugin, and the test in testPlugin:
// nobody would look at a value there. What stands in parts.ts is the text of a packed plugin's
// loader, where a part that fails fails as a module does.
test('nothing throws outside the decorators, registerPlugin and testPlugin', t => {
  const throwers = filesWith(/(?:^|[);{}]|=>)\s*throw\b/m).filter(
    file => !file.startsWith('lib/devhost/') && !file.startsWith('decorators/'),
  )
  t.deepEqual(throwers.sort(), [
    'lib/cli/pack/parts.ts',
    'lib/runtime/register-plugin.ts',
    'lib/testing/test-plugin.ts',
  ])
})

test('no value is given a type that the compiler does not believe', t => {
  // Biome refuses `any` and `!`.
  t.deepEqual(filesWith(/\bas (?:unknown|never|any|object) as\b/), [])
})

// What comes from outside goes through one function. The development host and `check` read some
// texts as the real host does, which takes keys that a plugin refuses. The others read what the
// package itself wrote, or are in a browser.
test('one file parses JSON from outside', t => {
  const parsers = filesWith(/\bJSON\.parse\(/).filter(
    file => !file.startsWith('lib/devhost/console/'),
  )
  t.deepEqual([...parsers].sort(), [
    'lib/cli/check/protocol/json.ts',
    'lib/devhost/exchange/answer-limits.ts',
    'lib/devhost/http/kv-api.ts',
    'lib/devhost/log/log-entries.ts',
    'lib/domain/text/parse-json.ts',
    'lib/frontend/routes-client.ts',
    'lib/plugin-process/output.ts',
    'lib/runtime/log/logger.ts',
    'lib/testing/requests.ts',
    'lib/testing/test-log.ts',
  ])
})

test('a comment keeps to 100 columns', t => {
  // Tables, and what a linter is told, are one line.
  const comment = /^\s*(?:\/\/(?! biome-ignore)|\/?\*\*? (?!\|))/
  const wide = [...CODE, ...['samples', 'spec', 'bench'].flatMap(sources)].flatMap(file =>
    textOf(file)
      .split('\n')
      .filter(line => line.length > 100 && comment.test(line))
      .map(line => `${file}: ${line}`),
  )
  t.deepEqual(wide, [])
})

test('comments cite only what ships', t => {
  t.deepEqual(filesWith(/\(PROTOCOL\b|\bDESIGN\b|founding document|\bissue \d/), [])
})

test('every spec that the runner treats differently is there', t => {
  const gone = [...APART, ...SAME_EVERYWHERE].filter(
    name => !specs.some(spec => isNamed(spec, name)),
  )
  t.deepEqual(gone, [])
})
