import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { packed, pluginText, project, runFile } from '../../support/packing.js'
import { folder } from '../../support/plugin-process.js'
import { toruPlugin } from '../../support/terminal.js'

const LEGACY = JSON.stringify({
  compilerOptions: { experimentalDecorators: true, useDefineForClassFields: false },
})
const ROUTE =
  "@Get('/where') here() { return { url: import.meta.url } } @Get('/:id', { params: t.type({ id: t.string }) }) one(req) { return json(req.params) }"

for (const [name, files] of [
  ['standard decorators', {}],
  ['experimentalDecorators', { 'tsconfig.json': LEGACY }],
] as const) {
  test(`a TypeScript entry with ${name}`, async t => {
    const { file } = await packed(
      project({ ...files, 'src/main.ts': pluginText({}, ROUTE) }),
      '--no-sqlite',
    )
    const { code, stdout, stderr } = await runFile(file, ['--describe'])
    t.is(code, 0, stderr)
    const { routes } = JSON.parse(stdout) as {
      routes: ReadonlyArray<{ handler: string; path: string }>
    }
    t.deepEqual(
      routes.map(({ handler, path }) => [handler, path]),
      [
        ['Small.here', '/where'],
        ['Small.one', '/:id'],
      ],
    )
  })
}

test('a frontend becomes one script, with its style in it', async t => {
  const root = project({
    'src/main.ts': pluginText({}),
    'frontend/main.ts':
      "import './style.css'\nwindow.ToruPlugins = { small: { mount() {}, unmount() {} } }",
    'frontend/style.css': '.small { color: red }',
  })
  const { out } = await packed(root, '--no-sqlite')
  const script = readFileSync(join(out, 'small', 'bundle.js'), 'utf8')
  t.regex(script, /^\(\(\)=>\{[\s\S]*\}\)\(\);?\s*$/)
  t.true(script.includes('.small{color:red}'))
  t.deepEqual(readdirSync(join(out, 'small')), ['bundle.js'])
})

test('what is odd in a frontend is a warning', async t => {
  const root = project({
    'src/main.ts': pluginText({}),
    'frontend/main.ts': "import './style.css'",
    'frontend/style.css': '.a { color: red } }',
  })
  const { code, stderr } = await toruPlugin(
    'pack',
    root,
    '--no-sqlite',
    '--no-run',
    '--out',
    folder(),
  )
  t.is(code, 0)
  t.regex(stderr, /warning: frontend\/style\.css:1:18: Unexpected "\}"/)
})

test('what cannot be packed is said, with what to do', async t => {
  const cases: ReadonlyArray<readonly [Readonly<Record<string, string>>, RegExp, code?: number]> = [
    [{}, /has no entry: expected one of src\/main\.ts/, 2],
    [
      { 'main.ts': "import 'not-installed'" },
      /main\.ts:1:7: Could not resolve "not-installed"[\s\S]*npm install/,
    ],
    [{ 'main.ts': 'console.log(1)' }, /the entry is no plugin[\s\S]*registerPlugin/],
    [{ 'main.ts': pluginText({ id: 'not valid' }) }, /not valid/],
    [{ 'main.ts': `${pluginText({})}\nawait Promise.resolve()` }, /Top-level await[\s\S]*@OnInit/],
  ]
  for (const [files, said, expected = 1] of cases) {
    const out = folder()
    const { code, stderr } = await toruPlugin('pack', project(files), '--out', out)
    t.is(code, expected)
    t.regex(stderr, said)
    t.notRegex(stderr, /\n\s+at /)
  }
})

test('a plugin that does not serve is found out', async t => {
  const config = "@Get('/') hello() { return 1 }"
  const root = project({
    'main.ts': pluginText({}, config, '{ config: t.type({ NEVER_SET_ANYWHERE: t.string }) }'),
  })
  const { code, stderr } = await toruPlugin('pack', root, '--no-sqlite', '--out', folder())
  t.is(code, 1)
  t.regex(stderr, /the packed plugin does not serve: [\s\S]*NEVER_SET_ANYWHERE[\s\S]*--no-run/)
})

test('arguments that are wrong end with 2, and the help has an example', async t => {
  t.is((await toruPlugin('pack', '--nonsense')).code, 2)
  t.regex((await toruPlugin('pack', '--help')).stdout, /Examples:\n {2}toru-plugin pack/)
})
