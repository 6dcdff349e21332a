import { readFileSync, writeFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join, posix } from 'node:path'
import test from 'ava'
import {
  bin,
  command,
  fixture,
  makeProject,
  packedPackage,
  ROOT,
} from '../support/packed-project.js'
import { runFile } from '../support/packing.js'
import { startRegistry } from '../support/registry.js'

const tsconfig = (options: object): string =>
  JSON.stringify({
    compilerOptions: {
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      skipLibCheck: true,
      exactOptionalPropertyTypes: true,
      ...options,
    },
    files: ['plugin.ts'],
  })

test('publint finds nothing', async t => {
  const { code, stdout, stderr } = await command(
    bin('publint'),
    ['run', (await packedPackage()).tarball, '--strict'],
    ROOT,
  )
  t.is(code, 0, stdout + stderr)
  t.regex(stdout, /All good!/)
})

test('attw finds nothing for a package that is ES modules only', async t => {
  const { code, stdout, stderr } = await command(
    bin('attw'),
    [(await packedPackage()).tarball, '--profile', 'esm-only', '--no-color'],
    ROOT,
  )
  t.is(code, 0, stdout + stderr)
})

/** The files of the package. */
const files = async (): Promise<ReadonlyArray<string>> => {
  const { stdout } = await command('tar', ['-tzf', (await packedPackage()).tarball], ROOT)
  return stdout
    .trim()
    .split('\n')
    .map(name => name.slice('package/'.length))
}

test('the package has what it says and nothing that only we need', async t => {
  const tops = new Set((await files()).map(name => name.split('/').slice(0, 2).join('/')))
  const allowed =
    /^(package\.json|(README|CHANGELOG|CONTRIBUTING)\.md|LICENSE|schema\.json|dist\/lib|dist\/decorators|(lib|decorators|docs|samples)\/.*|bench\/\w+\.(md|svg))$/
  t.deepEqual(
    [...tops].filter(name => !allowed.test(name)),
    [],
  )
  for (const name of ['package.json', 'README.md', 'LICENSE', 'dist/lib', 'dist/decorators'])
    t.true(tops.has(name), name)
})

test('what the README and the pages link to is in the package', async t => {
  const all = await files()
  const pages = all.filter(name => /^(\w+|docs\/\w+)\.md$/.test(name))
  const { place } = await packedPackage()
  const links = pages.flatMap(page => {
    const text = readFileSync(join(place, 'node_modules/toru-plugin-api', page), 'utf8')
    return [...text.matchAll(/\]\((?!https?:|#)([^)\s#]+)/g)].map(([, link = '']) => ({
      page,
      link: posix.join(posix.dirname(page), link),
    }))
  })
  t.true(links.length > 50)
  t.deepEqual(
    links.filter(({ link }) => !all.some(name => name === link || name.startsWith(`${link}/`))),
    [],
  )
})

test('npm publishes the package without a warning', async t => {
  const { env, url } = await startRegistry(t)
  // Who is logged in may publish.
  writeFileSync(join(env.HOME ?? '', '.npmrc'), `${url.replace('http:', '')}/:_authToken=a\n`)
  const { code, stdout, stderr } = await runFile(
    'npm',
    ['publish', '--dry-run', '--ignore-scripts', '--loglevel=warn'],
    { cwd: ROOT, env },
  )
  const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  t.deepEqual([code, stdout, stderr], [0, `+ toru-plugin-api@${version}\n`, ''])
})

for (const [name, options] of [
  ['standard decorators', {}],
  ['experimentalDecorators', { experimentalDecorators: true }],
] as const) {
  test(`a handler of a wrong type does not compile in an author's project under ${name}`, async t => {
    const folder = await makeProject(
      { type: 'module' },
      { 'plugin.ts': await fixture('wrong.ts'), 'tsconfig.json': tsconfig(options) },
    )
    const { code, stdout } = await command(
      bin('tsc'),
      ['-p', folder, '--noEmit', '--pretty', 'false'],
      folder,
    )
    t.not(code, 0)
    t.regex(
      stdout,
      /plugin\.ts\(6,4\).*\n(.*\n)*.*'name' is missing in type '\{ readonly id: string; \}'/,
    )
  })
}

test('require() of the package works in a CommonJS project, with every entry point', async t => {
  const program = `
    const { Get, Plugin, json } = require('toru-plugin-api')
    const { E, t } = require('toru-plugin-api/fp')
    const { FrameDecoder } = require('toru-plugin-api/protocol')
    const { testPlugin } = require('toru-plugin-api/testing')
    console.log(typeof Get, typeof Plugin, json(1).status, E.right(1)._tag, t.string.name, typeof FrameDecoder, typeof testPlugin)`
  const folder = await makeProject({}, { 'main.cjs': program })
  const { stdout, stderr } = await command(process.execPath, ['--no-warnings', 'main.cjs'], folder)
  t.is(stdout, 'function function 200 Right string function function\n', stderr)
})

for (const module of ['nodenext', 'esnext'] as const) {
  test(`a test of an author compiles against toru-plugin-api/testing with module ${module}, and runs`, async t => {
    const program = `
      import { Get, Plugin } from 'toru-plugin-api'
      import { t } from 'toru-plugin-api/fp'
      import { jsonAs, type TestPlugin, testPlugin } from 'toru-plugin-api/testing'
      @Plugin({ id: 'a', name: 'A', version: '1.0.0', icon: '🔌', route: '/a' })
      class A {
        @Get('/')
        one() {
          return { one: 1 }
        }
      }
      const plugin: TestPlugin = testPlugin(new A(), { socket: true })
      console.log(await plugin.get('/').then(jsonAs(t.type({ one: t.number }))))
      await plugin.close()
      `
    const options = {
      module,
      ...(module === 'esnext' ? { moduleResolution: 'bundler' } : {}),
      // The types of the package are right by themselves, too.
      skipLibCheck: false,
    }
    const files = { 'plugin.ts': program, 'tsconfig.json': tsconfig(options) }
    const folder = await makeProject({ type: 'module' }, files)
    const compiled = await command(bin('tsc'), ['-p', folder], folder)
    t.is(compiled.code, 0, compiled.stdout)
    const { stdout, stderr } = await command(process.execPath, ['plugin.js'], folder)
    t.is(stdout, '{ one: 1 }\n', stderr)
  })
}

test('a CommonJS project in TypeScript compiles against it and runs', async t => {
  const files = {
    'plugin.ts': await fixture('decorated.ts'),
    'tsconfig.json': tsconfig({ esModuleInterop: true }),
  }
  const folder = await makeProject({}, files)
  const compiled = await command(bin('tsc'), ['-p', folder], folder)
  t.is(compiled.code, 0, compiled.stdout)
  t.regex(await readFile(join(folder, 'plugin.js'), 'utf8'), /require\("toru-plugin-api"\)/)
  const { code, stdout } = await command(
    process.execPath,
    ['--no-warnings', 'plugin.js', '--metadata'],
    folder,
  )
  t.is(code, 0)
  t.is(JSON.parse(stdout).id, 'decorated')
})
