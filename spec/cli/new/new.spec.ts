import { existsSync, readFileSync } from 'node:fs'
import { chmod, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import pc from 'picocolors'
import type { CliError } from '../../../lib/cli/cli-error.js'
import { bundleFrontend } from '../../../lib/cli/pack/bundle-frontend.js'
import { runProgram } from '../../../lib/cli/program.js'
import { NO_LINE } from '../../../lib/cli/progress.js'
import { browserTest, startBrowser } from '../../support/browser.js'
import {
  bin,
  command,
  installPacked,
  packedPackage,
  type Ran,
  ROOT,
} from '../../support/packed-project.js'
import { folder } from '../../support/plugin-process.js'

// The command of the packed package makes projects, and these use the packed package.

const main = async (): Promise<string> =>
  join((await packedPackage()).place, 'node_modules/toru-plugin-api/dist/lib/cli/main.js')

const fromPackage = async (cwd: string, ...args: ReadonlyArray<string>): Promise<Ran> =>
  command(
    process.execPath,
    [await main(), 'new', ...args, '--api', (await packedPackage()).tarball],
    cwd,
  )

/** The command in this process. It asks nothing, and neither packs nor installs. */
const inProcess = async (...args: ReadonlyArray<string>) => {
  const out: string[] = []
  const notes: string[] = []
  const problems: CliError[] = []
  const code = await runProgram(['new', '--no-install', '--api', '^1.2.3', ...args], '1.2.3', {
    out: line => void out.push(line),
    write: bytes => void out.push(String(bytes)),
    note: line => void notes.push(line),
    problem: error => void problems.push(error),
    colors: pc.createColors(false),
    interactive: false,
    progress: NO_LINE.show,
  })
  return { code, out, notes, problems }
}

/** What npm makes of the package's `bin`. */
const linkCommand = async (project: string): Promise<string> => {
  const bins = join(project, 'node_modules', '.bin')
  await rm(bins)
  await mkdir(bins)
  for (const name of ['tsc']) await symlink(bin(name), join(bins, name))
  const linked = join(bins, 'toru-plugin')
  await symlink(join(project, 'node_modules/toru-plugin-api/dist/lib/cli/main.js'), linked)
  await chmod(linked, 0o755)
  return linked
}

const NAME = `O'Hara's "best" \\ notes`

const KINDS = [
  { id: 'standard-and-frontend', flags: [], tests: true },
  { id: 'standard', flags: ['--no-frontend'], tests: false },
  { id: 'legacy-and-frontend', flags: ['--decorators', 'legacy'], tests: false },
  { id: 'legacy', flags: ['--decorators', 'legacy', '--no-frontend'], tests: false },
]

// Each choice once: the frontend and the decorators know nothing of each other.
for (const { id, flags, tests } of KINDS.filter(
  ({ id }) => id === 'standard-and-frontend' || id === 'legacy',
)) {
  test(`a project compiles${tests ? ', passes its tests' : ''} and says who it is: ${id}`, async t => {
    const place = folder()
    const made = await fromPackage(
      place,
      id,
      ...flags,
      '--name',
      NAME,
      '--author',
      'Zoë',
      '--icon',
      '🗒️',
      '--no-install',
    )
    t.is(made.code, 0, made.stderr)
    const project = join(place, id)
    await installPacked(project, (await packedPackage()).tarball)
    const toruPlugin = await linkCommand(project)
    const compiled = tests
      ? await command('npm', ['test'], project)
      : await command(bin('tsc'), [], project)
    t.is(compiled.code, 0, compiled.stdout + compiled.stderr)
    if (tests) t.regex(compiled.stdout, /^(#|ℹ) pass 4$/m)
    if (existsSync(join(project, 'frontend'))) {
      const { code, stdout } = await command(bin('tsc'), ['-p', 'frontend'], project)
      t.is(code, 0, stdout)
      const client = await command(
        toruPlugin,
        ['routes', 'dist/main.js', '--client', '--check'],
        project,
      )
      t.is(client.code, 0, client.stderr)
      // The build wrote nothing: the project begins with what it would be given.
      const printed = await command(
        toruPlugin,
        ['routes', 'dist/main.js', '--client', '-'],
        project,
      )
      t.is(readFileSync(join(project, 'frontend/client.ts'), 'utf8'), printed.stdout)
    }
    if (tests) {
      // The list is of objects from now on: the frontend, which shows texts, no longer compiles.
      const plugin = join(project, 'src/plugin.ts')
      const before = readFileSync(plugin, 'utf8')
      const changed = before
        .replace('t.array(t.string)', 't.array(Greeting)')
        .replace('key.slice(PREFIX.length)', "({ name: key, text: '' })")
      await writeFile(plugin, changed)
      const { code, stdout, stderr } = await command('npm', ['run', 'build'], project)
      t.not(code, 0)
      t.regex(
        stdout + stderr,
        /frontend\/main\.ts.*error TS2345: Argument of type 'Greeting' is not assignable to parameter of type 'string'/,
      )
      await writeFile(plugin, before)
    }
    const metadata = await command(process.execPath, ['dist/main.js', '--metadata'], project)
    t.deepEqual(JSON.parse(metadata.stdout), {
      id,
      name: NAME,
      version: '0.1.0',
      author: 'Zoë',
      icon: '🗒️',
      route: `/${id}`,
    })
    t.deepEqual((await readdir(join(project, 'dist'))).sort(), [
      'main.js',
      'main.js.map',
      'plugin.js',
      'plugin.js.map',
      'plugin.test.js',
      'plugin.test.js.map',
    ])
  })
}

test('every file is formatted, whatever the project is called', async t => {
  const place = folder()
  for (const { id, flags } of KINDS) {
    const { code, out } = await inProcess(
      id,
      '--dir',
      join(place, id),
      ...flags,
      '--name',
      NAME,
      '--author',
      "d'Arc",
    )
    t.is(code, 0)
    const [title, ...files] = out
    t.regex(title ?? '', new RegExp(`${id}: the plugin ${id}$`))
    t.is(files.includes('  frontend/main.ts'), id.endsWith('frontend'))
    for (const file of files) t.true(existsSync(join(place, id, file.trim())), file)
  }
  const config = JSON.parse(readFileSync(join(ROOT, 'biome.json'), 'utf8'))
  // This repository's style, with lines of a usual length.
  const style = join(folder(), 'biome.json')
  await writeFile(
    style,
    JSON.stringify({ ...config, formatter: { ...config.formatter, lineWidth: 100 } }),
  )
  const checked = await command(
    bin('biome'),
    ['check', '--error-on-warnings', '--config-path', style, '.'],
    place,
  )
  t.is(checked.code, 0, checked.stdout + checked.stderr)
})

browserTest('the frontend greets, and shows who is greeted', async t => {
  const place = folder()
  await inProcess('my-notes', '--dir', place, '--name', NAME)
  await installPacked(place, (await packedPackage()).tarball)
  const bundle = await bundleFrontend({
    entry: join(place, 'frontend/main.ts'),
    root: place,
    id: 'my-notes',
  })()
  const browser = await startBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  await page.setContent(`<div id="place"></div><script>
    const greetings = { world: 'Hello' }, said = []
    const api = {
      async fetch(path, { method, body }) {
        said.push(method + ' ' + path)
        if (method === 'GET') return Response.json(Object.keys(greetings))
        const { name, text } = JSON.parse(body)
        if (name === '') return Response.json({ error: 'InvalidRequest', message: 'no name' }, { status: 400 })
        greetings[name] = text
        return Response.json({ name, text }, { status: 201 })
      },
      showToast() {},
    }
    const when = done => new Promise(resolve => { const look = () => done() ? resolve() : setTimeout(look, 5); look() })
    const greet = (name, text) => {
      const [first, second] = document.querySelectorAll('input')
      first.value = name; second.value = text
      document.querySelector('form').dispatchEvent(new Event('submit', { cancelable: true }))
    }
  </script>`)
  t.true(E.isRight(bundle))
  await page.addScriptTag({ content: E.isRight(bundle) ? bundle.right.code : '' })
  await page.evaluate(
    `ToruPlugins['my-notes'].mount(document.getElementById('place'), api); when(() => document.querySelector('li'))`,
  )
  t.is(await page.evaluate(`document.querySelector('h2').textContent`), NAME)
  t.is(await page.evaluate(`getComputedStyle(document.querySelector('form')).display`), 'flex')
  await page.evaluate(
    `greet('Zoë', 'Good morning'); when(() => document.querySelectorAll('li').length === 2)`,
  )
  t.is(await page.getByRole('status').textContent(), 'Zoë: Good morning')
  await page.evaluate(`greet('', ''); when(() => said.length === 4)`)
  await page.waitForFunction(`document.querySelector('p').textContent === 'no name'`)
  t.deepEqual(await page.evaluate('said'), ['GET /', 'POST /greetings', 'GET /', 'POST /greetings'])
})

test('package.json asks for the versions that this package is tested with', async t => {
  const place = folder()
  const manifest = async (dir: string, ...args: ReadonlyArray<string>) => {
    await inProcess('demo', '--dir', join(place, dir), ...args)
    return JSON.parse(readFileSync(join(place, dir, 'package.json'), 'utf8'))
  }
  const made = await manifest('a')
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'))
  t.deepEqual(made.dependencies, {
    'fp-ts': devDependencies['fp-ts'],
    'io-ts': devDependencies['io-ts'],
    'toru-plugin-api': '^1.2.3',
  })
  t.deepEqual(made.scripts, {
    build: 'tsc && npm run --silent client && tsc -p frontend',
    client: 'toru-plugin routes dist/main.js --client',
    test: 'npm run --silent build && node --test dist/*.test.js',
    dev: 'toru-plugin dev',
    pack: 'toru-plugin pack',
    check: 'toru-plugin check packed/demo.binary',
  })
  t.is(made.devDependencies.typescript, devDependencies.typescript)
  t.is((await manifest('d', '--no-frontend')).scripts.build, 'tsc')
  t.is((await manifest('c', '--api', 'next')).dependencies['toru-plugin-api'], 'next')
})

test('a path is where the project is made, and its last part is the id', async t => {
  const place = join(folder(), 'My Notes')
  const { code, out, notes } = await inProcess(place, '--no-frontend')
  t.is(code, 0)
  t.regex(out[0] ?? '', /My Notes: the plugin my-notes$/)
  t.regex(notes.join('\n'), /^ {2}cd '.*My Notes'$/m)
  t.regex(readFileSync(join(place, 'src/plugin.ts'), 'utf8'), /name: 'My Notes',/)
})

test('it goes into a folder that has a licence, and never over what is there', async t => {
  const place = folder()
  await writeFile(join(place, 'LICENSE'), 'mine')
  t.is((await inProcess('demo', '--dir', place, '--no-frontend')).code, 0)
  const before = await readdir(place)
  const again = await inProcess('demo', '--dir', place)
  t.is(again.code, 1)
  t.is(
    again.problems[0]?.message,
    `${place} has .gitignore, README.md, package.json, src, tsconfig.json already; nothing was written`,
  )
  t.deepEqual(await readdir(place), before)
})

test('a wrong command line ends with 2 and the rule, and nothing is written', async t => {
  const place = folder()
  for (const [args, message] of [
    [[], /^a new project needs a name$/],
    [
      ['demo', '--id', 'a b'],
      /^--id: expected an id of the characters A-Z a-z 0-9 - only, got "a b"$/,
    ],
    [['demo', '--route', '/a/b'], /^--route: expected a route of one segment/],
    [['demo', '--decorators', 'none'], /--decorators none: expected standard or legacy/],
    [['demo', '--frontend'], /new has no option --frontend/],
  ] as const) {
    const { code, out, notes, problems } = await inProcess(...args, '--dir', join(place, 'demo'))
    t.deepEqual([code, out], [2, []])
    t.regex(problems[0]?.message ?? notes.join('\n'), message)
  }
  t.deepEqual(await readdir(place), [])
})

test('a frontend that could not reach its plugin is pointed out', async t => {
  const place = folder()
  const notesFor = async (dir: string, ...flags: ReadonlyArray<string>): Promise<string> =>
    (await inProcess('demo', '--dir', join(place, dir), ...flags)).notes.join('\n')
  const warning = /The route is \/elsewhere\. A frontend reaches its plugin only at \/demo/
  t.regex(await notesFor('a', '--route', '/elsewhere'), warning)
  t.notRegex(await notesFor('b', '--route', '/elsewhere', '--no-frontend'), warning)
  t.notRegex(await notesFor('c'), warning)
})
