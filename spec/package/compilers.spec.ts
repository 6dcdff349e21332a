import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { ask } from '../support/host.js'
import { http, isObject, responseIn } from '../support/messages.js'
import { bin, command, fixture, makeProject } from '../support/packed-project.js'
import { startPlugin } from '../support/plugin-process.js'

// One plugin, every compiler, both kinds of decorators: the answers must be the same.

const project = async (options: object): Promise<string> => {
  const compilerOptions = {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    // package.spec.ts looks at the types of the package.
    skipLibCheck: true,
    ...options,
  }
  const files = {
    'plugin.ts': await fixture('decorated.ts'),
    'tsconfig.json': JSON.stringify({ compilerOptions, files: ['plugin.ts'] }),
  }
  return makeProject({ type: 'module' }, files)
}

const LEGACY = { experimentalDecorators: true, useDefineForClassFields: false }

for (const [name, options] of [
  ['standard decorators', {}],
  ['experimentalDecorators', LEGACY],
  ['experimentalDecorators with emitDecoratorMetadata', { ...LEGACY, emitDecoratorMetadata: true }],
] as const) {
  test(`tsc, ${name}`, async t => {
    const folder = await project(options)
    const compiled = await command(bin('tsc'), ['-p', folder], folder)
    t.is(compiled.code, 0, compiled.stdout)
    await behaves(t, folder, ['plugin.js'])
  })

  if (name.endsWith('Metadata')) continue

  test(`esbuild, ${name}`, async t => {
    const folder = await project(options)
    const built = await command(
      bin('esbuild'),
      ['plugin.ts', '--target=es2022', '--format=esm', '--outfile=plugin.js'],
      folder,
    )
    t.is(built.code, 0, built.stderr)
    await behaves(t, folder, ['plugin.js'])
  })

  test(`esbuild into one CommonJS file, ${name}`, async t => {
    const folder = await project(options)
    const args = [
      'plugin.ts',
      '--bundle',
      '--platform=node',
      '--target=node20',
      '--format=cjs',
      '--outfile=plugin.cjs',
      '--log-level=error',
    ]
    const built = await command(bin('esbuild'), args, folder)
    t.is(built.code, 0, built.stderr)
    await behaves(t, folder, ['plugin.cjs'])
  })

  test(`tsx, ${name}`, async t => {
    const folder = await project(options)
    await behaves(t, folder, [
      '--import',
      join(bin('tsx'), '../../tsx/dist/loader.mjs'),
      'plugin.ts',
    ])
  })
}

test('a compiler that makes no metadata, as where Symbol.metadata does not exist', async t => {
  const folder = await project({})
  await command(bin('tsc'), ['-p', folder], folder)
  // Newer versions of Node.js may have the symbol; without it the compiler's own code takes the
  // other way.
  await behaves(t, folder, [
    '--import',
    'data:text/javascript,delete%20Symbol.metadata',
    'plugin.js',
  ])
})

const behaves = async (
  t: ExecutionContext,
  folder: string,
  args: ReadonlyArray<string>,
): Promise<void> => {
  const described = await command(
    process.execPath,
    ['--no-warnings', ...args, '--describe'],
    folder,
  )
  t.is(described.code, 0, described.stderr)
  const { routes } = JSON.parse(described.stdout) as {
    routes: ReadonlyArray<{ method: string; path: string; handler: string }>
  }
  t.deepEqual(routes.map(({ method, path, handler }) => `${method} ${path} ${handler}`).sort(), [
    'GET /inherited Decorated.inherited',
    'GET /left Decorated.left',
    'GET /numbers/:n Decorated.number',
    'GET /overridden Decorated.overridden',
    'GET /replacement Decorated.replaced',
    'GET /wrapped Decorated.wrapped',
    'GET /wrapped/twice Decorated.wrapped',
    'POST /notes Decorated.add',
  ])

  const [file = '', ...rest] = ['--no-warnings', ...args]
  const plugin = await startPlugin(t, '', { file, args: rest, cwd: folder })
  const requests = [
    ['GET', '/inherited', null],
    ['GET', '/overridden', null],
    ['GET', '/replaced', null],
    ['GET', '/replacement', null],
    ['GET', '/wrapped', null],
    ['GET', '/numbers/5', null],
    ['GET', '/numbers/7', null],
    ['GET', '/numbers/x', null],
    ['POST', '/notes', '{"title":"a"}'],
    ['POST', '/notes', '{"title":1}'],
    ['GET', '/left', null],
  ] as const
  const answers: string[] = []
  for (const [method, url, body] of requests) {
    const request = http('documented', 'r', { method, path: url, body })
    const response = responseIn(await ask(plugin.path, request))
    answers.push(isObject(response) ? `${response.status} ${response.body}` : 'no response')
  }
  t.deepEqual(answers, [
    '200 "derived"',
    '200 "the subclass"',
    '404 {"error":"InvalidRequest","message":"there is no route GET /replaced"}',
    '200 "the subclass"',
    '200 {"loud":true}',
    '200 6',
    '200 "from the middleware"',
    '400 {"error":"InvalidRequest","message":"params.n: expected NumberFromString, got \\"x\\"","details":[{"path":"params.n","expected":"NumberFromString","got":"\\"x\\""}]}',
    '201 {"created":"a"}',
    '400 {"error":"InvalidRequest","message":"body.title: expected string, got 1","details":[{"path":"body.title","expected":"string","got":"1"}]}',
    '504 {"error":"Timeout","message":"too slow"}',
  ])
}
