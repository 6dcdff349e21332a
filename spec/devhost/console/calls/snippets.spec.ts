import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { curlOf, testOf } from '../../../../lib/devhost/console/calls/snippets.js'
import { bin, command, ROOT } from '../../../support/packed-project.js'

const TAGS = '{"title":"it\'s","tags":["a","b"]}'
const post = {
  method: 'POST',
  path: '/',
  headers: [['content-type', 'application/json'] as const],
  body: TAGS,
}

test('a call as curl, which the shell reads as it was', async t => {
  const code = curlOf('http://localhost:4000/api/plugins/route/notes', {
    ...post,
    path: "/o'clock?q=$HOME",
  })
  t.is(
    code,
    `curl -i -X POST 'http://localhost:4000/api/plugins/route/notes/o'\\''clock?q=$HOME' \\
  -H 'content-type: application/json' \\
  --data-raw '{"title":"it'\\''s","tags":["a","b"]}'`,
  )
  const { stdout } = await command('sh', ['-c', `curl() { printf '%s\\n' "$@"; }; ${code}`], ROOT)
  t.deepEqual(stdout.split('\n'), [
    '-i',
    '-X',
    'POST',
    "http://localhost:4000/api/plugins/route/notes/o'clock?q=$HOME",
    '-H',
    'content-type: application/json',
    '--data-raw',
    TAGS,
    '',
  ])
  t.is(
    curlOf('http://localhost', { method: 'HEAD', path: '/', headers: [], body: null }),
    "curl -iI 'http://localhost/'",
  )
})

test('a call as a test', t => {
  t.is(
    testOf('Notes.create', post, { status: 201, body: '{"id":"5"}' }),
    `import assert from 'node:assert/strict'
import test from 'node:test'
import { testPlugin } from 'toru-plugin-api/testing'
import { Notes } from './plugin.js'

test('POST / answers 201', async () => {
  const plugin = testPlugin(new Notes())
  const answer = await plugin.post('/', {
    "title": "it's",
    "tags": [
      "a",
      "b"
    ]
  })
  assert.equal(answer.status, 201)
  assert.deepEqual(answer.json, {
    "id": "5"
  })
})
`,
  )
})

test('tests of all kinds of calls compile, run and pass', async t => {
  const folder = await mkdtemp(join(await realpath(tmpdir()), 'toru-snippets-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await mkdir(join(folder, 'node_modules'))
  await symlink(ROOT, join(folder, 'node_modules', 'toru-plugin-api'))
  await symlink(join(ROOT, 'node_modules', '@types'), join(folder, 'node_modules', '@types'))
  const key = `"'\\${'`'}`
  const headers = [['x-key', key] as const]
  const echo = (method: string, path: string, body: string | null, key: string | null) => ({
    status: 200,
    body: JSON.stringify({ method, path, body, key }),
  })
  const snippets = [
    testOf(
      'Echo.all',
      { method: 'GET', path: "/it's/%C3%BC?q=1", headers, body: null },
      echo('GET', "/it's/ü", null, key),
    ),
    testOf(
      'Echo.all',
      { method: 'DELETE', path: '/a', headers: [], body: 'text' },
      echo('DELETE', '/a', 'text', null),
    ),
    testOf(
      'Echo.all',
      { method: 'PUT', path: '/a', headers, body: null },
      echo('PUT', '/a', null, key),
    ),
    testOf(
      'Echo.all',
      { ...post, body: '{"__proto__":{"a":1}}' },
      echo('POST', '/', '{"__proto__":{"a":1}}', null),
    ),
    testOf('Echo.all', { ...post, body: '"a text"' }, echo('POST', '/', '"a text"', null)),
    testOf(
      'Echo.all',
      { method: 'PATCH', path: '/', headers: [], body: 'a\nb\u2028' },
      echo('PATCH', '/', 'a\nb\u2028', null),
    ),
    testOf(
      'Echo.all',
      { method: 'OPTIONS', path: '/', headers: [], body: null },
      { status: 204, body: '' },
    ),
  ]
  const plugin = `import { Delete, empty, Get, type HttpRequest, Options, Patch, Plugin, Post, Put } from 'toru-plugin-api'
@Plugin({ id: 'echo', name: 'Echo', version: '1.0.0', icon: 'E', route: '/echo' })
export class Echo {
  @Get('/*') @Delete('/*') @Put('/*') @Post('/*') @Patch('/*')
  all({ method, path, body, headers }: HttpRequest) { return { method, path, body, key: headers['x-key'] ?? null } }
  @Options('/*')
  options() { return empty() }
}`
  const files = {
    'plugin.ts': plugin,
    ...Object.fromEntries(snippets.map((text, index) => [`s${index}.test.ts`, text])),
  }
  await Promise.all(
    Object.entries(files).map(([name, text]) => writeFile(join(folder, name), text)),
  )
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  await writeFile(
    join(folder, 'tsconfig.json'),
    JSON.stringify({
      compilerOptions: {
        target: 'es2022',
        module: 'nodenext',
        strict: true,
        types: ['node'],
        skipLibCheck: true,
      },
      include: ['*.ts'],
    }),
  )
  const compiled = await command(bin('tsc'), ['-p', folder], folder)
  t.is(compiled.code, 0, compiled.stdout)
  await writeFile(
    join(folder, 'all.js'),
    snippets.map((_, index) => `import './s${index}.test.js'`).join('\n'),
  )
  const ran = await command(process.execPath, ['--test-reporter=tap', 'all.js'], folder)
  t.regex(ran.stdout, new RegExp(`^# pass ${snippets.length}$`, 'm'), ran.stdout)
})
