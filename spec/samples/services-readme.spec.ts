import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { command, ROOT } from '../support/packed-project.js'

// The README says how many lines and tests there are, what the routes are, and shows code. All of
// it is held against the files.

const SAMPLE = join(ROOT, 'samples', 'services')
const SPECS = join(ROOT, 'spec', 'samples')
const readme = readFileSync(join(SAMPLE, 'README.md'), 'utf8')

const linesIn = (file: string): number => readFileSync(file, 'utf8').split('\n').length - 1
const sources = (folder: string): ReadonlyArray<string> =>
  readdirSync(folder)
    .filter(name => name.endsWith('.ts') && !name.endsWith('.d.ts'))
    .map(name => join(folder, name))
const sum = (files: ReadonlyArray<string>): number => files.map(linesIn).reduce((a, b) => a + b, 0)

/** A number in a text is one that a reader can rely on: not further off than a tenth, or five. */
const isAbout = (said: number, counted: number): boolean =>
  Math.abs(said - counted) <= Math.max(5, counted / 10)

test('the lines that the README counts are there, and every file of the plugin is counted', t => {
  const rows = [...readme.matchAll(/^\| (\[`.*?) \| (\d+) \|/gm)].map(([, links = '', count]) => ({
    files: [...links.matchAll(/\]\((.+?)\)/g)].map(([, file = '']) => file),
    count: Number(count),
  }))
  for (const { files, count } of rows) {
    const counted =
      files[0] === 'frontend/main.ts'
        ? sum(sources(join(SAMPLE, 'frontend')))
        : sum(files.map(file => join(SAMPLE, file)))
    t.true(
      isAbout(count, counted),
      `${files.join()}: the README says ${count}, and it is ${counted}`,
    )
  }
  const own = sources(SAMPLE).map(file => file.slice(SAMPLE.length + 1))
  t.deepEqual(
    own.filter(file => !rows.some(({ files }) => files.includes(file))),
    [],
  )
  const [, plugin, page, tests] =
    /about (\d+) lines for the plugin and (\d+) for its page, and (\d+) tests/.exec(readme) ?? []
  const frontend =
    sum(sources(join(SAMPLE, 'frontend'))) + linesIn(join(SAMPLE, 'frontend', 'style.css'))
  t.true(isAbout(Number(plugin), sum(sources(SAMPLE))), `plugin: ${sum(sources(SAMPLE))}`)
  t.true(isAbout(Number(page), frontend), `page: ${frontend}`)
  const counted = readdirSync(SPECS)
    .filter(name => name.startsWith('services'))
    .map(
      name =>
        [
          ...readFileSync(join(SPECS, name), 'utf8').matchAll(
            /^ *(test|browserTest|testWith\(missing\))\(/gm,
          ),
        ].length,
    )
    .reduce((a, b) => a + b, 0)
  t.true(isAbout(Number(tests), counted), `tests: ${counted}`)
})

test('the routes of the README are those of the plugin', async t => {
  const { stdout } = await command(
    process.execPath,
    [join(ROOT, 'dist', 'samples', 'services', 'main.js'), '--describe'],
    ROOT,
  )
  const { routes }: { routes: ReadonlyArray<{ readonly method: string; readonly path: string }> } =
    JSON.parse(stdout)
  t.deepEqual(
    [...readme.matchAll(/^\| `([A-Z]+ \/\S*)` \|/gm)].map(([, route]) => route),
    routes.map(({ method, path }) => `${method} ${path}`),
  )
})

test('the client of the page is what the routes say', async t => {
  const [cli, main] = [
    join(ROOT, 'dist', 'lib', 'cli', 'main.js'),
    join(ROOT, 'dist', 'samples', 'services', 'main.js'),
  ]
  const checked = await command(
    process.execPath,
    [cli, 'routes', main, '--client', join(SAMPLE, 'frontend', 'client.ts'), '--check'],
    ROOT,
  )
  t.is(checked.code, 0, checked.stderr)
})

test('the code that the README shows is the plugin’s own, and what it names exists', t => {
  const code = sources(SAMPLE).map(file => readFileSync(file, 'utf8'))
  const blocks = [...readme.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, block = '']) => block)
  t.true(blocks.length > 0)
  for (const block of blocks)
    t.true(
      code.some(text => text.includes(block)),
      block,
    )
  const links = [...readme.matchAll(/\]\((?!https?:)([^)#]+)\)/g)].map(([, link = '']) =>
    join(SAMPLE, link),
  )
  t.deepEqual(
    links.filter(link => !existsSync(link)),
    [],
  )
})
