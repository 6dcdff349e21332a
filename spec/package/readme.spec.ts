import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'ava'
import { bin, command, makeProject, ROOT } from '../support/packed-project.js'

// Every TypeScript snippet of the README and of the pages in docs/ compiles as it stands in an
// author's project, and every snippet that registers a plugin runs.

const pages = async (): Promise<ReadonlyArray<string>> => [
  'README.md',
  'CONTRIBUTING.md',
  ...(await readdir(join(ROOT, 'docs')))
    .filter(name => name.endsWith('.md'))
    .map(name => `docs/${name}`),
]

const snippets = async (): Promise<ReadonlyArray<string>> => {
  const texts = await Promise.all((await pages()).map(page => readFile(join(ROOT, page), 'utf8')))
  return texts.flatMap(text =>
    [...text.matchAll(/^```ts\n([\s\S]*?)^```/gm)].map(([, code = '']) => code),
  )
}

/** The `tsconfig.json` of the README. */
const tsconfig = async (): Promise<{ readonly compilerOptions: object }> => {
  const readme = await readFile(join(ROOT, 'README.md'), 'utf8')
  const [, text = ''] = /^```json\n(\{\s+"compilerOptions"[\s\S]*?)^```/m.exec(readme) ?? []
  return JSON.parse(text)
}

for (const experimentalDecorators of [false, true]) {
  const kind = experimentalDecorators ? 'experimentalDecorators' : 'standard decorators'
  test(`every snippet compiles with the tsconfig.json of the README under ${kind}, and every plugin in it prints its metadata`, async t => {
    const codes = await snippets()
    t.true(codes.length >= 4)
    const config = await tsconfig()
    const compilerOptions = { ...config.compilerOptions, experimentalDecorators }
    const folder = await makeProject(
      { type: 'module' },
      { 'tsconfig.json': JSON.stringify({ ...config, compilerOptions }) },
    )
    await mkdir(join(folder, 'src'))
    for (const [index, code] of codes.entries())
      await writeFile(join(folder, 'src', `snippet-${index}.ts`), code)
    const { code, stdout } = await command(bin('tsc'), [], folder)
    t.is(code, 0, stdout)
    const described = codes.map(async (text, index) => {
      if (!text.includes('registerPlugin(new')) return
      const file = `dist/snippet-${index}.js`
      const ran = await command(process.execPath, [file, '--metadata'], folder)
      t.is(ran.code, 0, ran.stderr)
      t.is(typeof JSON.parse(ran.stdout).id, 'string')
    })
    await Promise.all(described)
  })
}

test('every npm script that a page names is there', async t => {
  const { scripts } = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    scripts: Record<string, string>
  }
  for (const page of await pages()) {
    const text = await readFile(join(ROOT, page), 'utf8')
    const commands = [...text.matchAll(/npm run ([\w:]+)/g)].map(([, name = '']) => name)
    t.deepEqual(
      commands.filter(name => !(name in scripts)),
      [],
      page,
    )
  }
})
