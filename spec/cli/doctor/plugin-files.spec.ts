import { mkdirSync, utimesSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { dataDirectoryFindings } from '../../../lib/cli/doctor/directories.js'
import type { Finding } from '../../../lib/cli/doctor/finding.js'
import { pluginFindings } from '../../../lib/cli/doctor/plugin-files.js'
import { staleSockets } from '../../../lib/cli/doctor/sockets.js'
import { folder } from '../../support/plugin-process.js'

const plugin = (id: string, route = `/${id}`): string =>
  `#!/bin/sh\necho '${JSON.stringify({ id, name: id, version: '1.0.0', icon: 'N', route })}'\n`

/** Files, each a minute younger than the one before. */
const files = (contents: Readonly<Record<string, string>>): string => {
  const place = folder()
  let time = Date.now() / 1_000 - 86_400
  for (const [name, text] of Object.entries(contents)) {
    const path = join(place, name)
    mkdirSync(dirname(path), { recursive: true })
    writeFileSync(path, text, { mode: name.endsWith('.binary') ? 0o755 : 0o644 })
    time += 60
    utimesSync(path, time, time)
  }
  return place
}

const told = (findings: ReadonlyArray<Finding>, place: string) =>
  findings.map(({ level, found, mend }) =>
    [level, found, ...(mend === undefined ? [] : [mend])].map(text => text.replaceAll(place, '.')),
  )

for (const [what, contents, expected] of [
  ['no plugins', { 'main.ts': '' }, []],
  [
    'plugins that a host can use',
    { 'notes.binary': plugin('notes'), 'notes/config.json': '{}', 'tasks.binary': plugin('tasks') },
    [['ok', 'a host can use all of 2 plugins in .']],
  ],
  [
    'an old file with the same id',
    { 'plugins/notizen.binary': plugin('notes'), 'plugins/notes.binary': plugin('notes') },
    [
      [
        'error',
        './plugins/notizen.binary and ./plugins/notes.binary are both the plugin notes: a host takes one of them',
        'If the older one is not wanted: rm ./plugins/notizen.binary',
      ],
      [
        'warning',
        './plugins/notizen.binary is the plugin notes, and toru-plugin install looks for notes.binary',
        'mv ./plugins/notizen.binary ./plugins/notes.binary',
      ],
    ],
  ],
  [
    'an old plugin with the same route',
    { 'memos.binary': plugin('memos', '/notes'), 'notes.binary': plugin('notes') },
    [
      [
        'error',
        'memos and notes have the same route /notes, and only one gets its requests',
        'If the older one is not wanted: rm ./memos.binary',
      ],
    ],
  ],
  [
    'a file that is no plugin, and a folder with the name of one',
    { 'notes.binary': '#!/bin/sh\necho hello\n', 'tasks.binary/x': '' },
    [
      [
        'error',
        './notes.binary is no plugin that a host can use: what it prints for --metadata is not JSON: expected one object on stdout, got "hello\\n"',
        'toru-plugin check ./notes.binary',
      ],
      [
        'error',
        './tasks.binary is a folder, and a host skips it',
        'mv ./tasks.binary ./tasks.binary.old',
      ],
    ],
  ],
  [
    'what stands where the folder of a plugin belongs',
    { 'notes.binary': plugin('notes'), notes: 'a note' },
    [
      [
        'error',
        './notes is a file, and the frontend of notes needs a folder there',
        'mv ./notes ./notes.old',
      ],
    ],
  ],
  [
    'packages, and no version to go back to',
    {
      'notes.binary': plugin('notes'),
      'notes/node_modules/libsql/package.json': '{}',
      'notes/previous/bundle.js': '',
    },
    [
      [
        'warning',
        './notes/node_modules is of a plugin packed earlier: today the one file has all that it needs',
        'Install notes again, then: rm -r ./notes/node_modules',
      ],
      [
        'warning',
        './notes/previous has no version of notes to go back to, and keeps the next from being kept',
        'rm -r ./notes/previous',
      ],
    ],
  ],
  [
    'half of a plugin',
    { 'notes.binary': plugin('notes'), '.notes.binary.4194999-0123abcd.new': 'half' },
    [
      [
        'warning',
        './.notes.binary.4194999-0123abcd.new is half of a plugin, whose installation was killed',
        'rm -r ./.notes.binary.4194999-0123abcd.new',
      ],
    ],
  ],
] as const)
  test(`in a folder of plugins: ${what}`, async t => {
    const place = files(contents)
    t.deepEqual(
      told(await pluginFindings(place), place),
      expected.map(each => [...each]),
    )
  })

test('a packed file that is older than its source is found, and a test is no source', async t => {
  const place = files({
    'package.json': '{}',
    'src/main.ts': '',
    'packed/notes.binary': plugin('notes'),
    'src/main.test.ts': '',
  })
  t.deepEqual(told(await pluginFindings(place), place), [
    ['ok', 'a host can use all of 1 plugins in ./packed'],
  ])
  writeFileSync(join(place, 'src/main.ts'), '// changed')
  const [, old] = told(await pluginFindings(place), place)
  t.deepEqual(old?.slice(0, 2), [
    'warning',
    './packed/notes.binary is older than src/main.ts, so it is not what you wrote last',
  ])
  t.regex(old?.[2] ?? '', /^toru-plugin pack /)
})

test('a file in the place of a socket, and one in that of data, is named', async t => {
  const place = files({ 'sockets/notes.sock': '', 'data/notes': '' })
  t.deepEqual(told(await staleSockets(join(place, 'sockets')), place), [
    [
      'error',
      './sockets/notes.sock is no socket, and its plugin cannot listen there',
      'mv ./sockets/notes.sock ./sockets/notes.sock.old',
    ],
    ['ok', '0 sockets in ./sockets, none of them stale'],
  ])
  const data = dataDirectoryFindings({ TORU_DATA_DIR: join(place, 'data') }, undefined)
  t.deepEqual(
    told(
      data.filter(({ level }) => level === 'error'),
      place,
    ),
    [
      [
        'error',
        './data/notes is a file, and the plugin notes keeps its data in a folder there',
        'mv ./data/notes ./data/notes.old',
      ],
    ],
  )
})
