import { existsSync } from 'node:fs'
import { readdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import test from 'ava'
import { bin, command, makeProject, pack, ROOT, remove } from '../support/packed-project.js'

// Every TypeScript snippet of the README and of the pages in docs/ compiles as it stands, in an
// author's project, and those that register a plugin run.

const packed = pack()
test.after.always(async () => remove((await packed).folder))

const pages = async (): Promise<ReadonlyArray<string>> => [
  'README.md',
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

test('every snippet compiles under both kinds of decorators, and every plugin in it prints its metadata', async t => {
  const codes = await snippets()
  t.true(codes.length >= 4)
  const files = Object.fromEntries(codes.map((code, index) => [`snippet-${index}.ts`, code]))
  const folder = await makeProject((await packed).tarball, { type: 'module' }, files)
  t.teardown(() => remove(folder))
  for (const experimentalDecorators of [true, false]) {
    const compilerOptions = {
      target: 'es2022',
      module: 'nodenext',
      strict: true,
      types: ['node'],
      experimentalDecorators,
      outDir: 'dist',
    }
    await writeFile(
      join(folder, 'tsconfig.json'),
      JSON.stringify({ compilerOptions, include: ['*.ts'] }),
    )
    const { code, stdout } = await command(bin('tsc'), ['-p', folder], folder)
    t.is(code, 0, stdout)
    for (const [index, text] of codes.entries()) {
      if (!text.includes('registerPlugin(new')) continue
      const ran = await command(
        process.execPath,
        [`dist/snippet-${index}.js`, '--metadata'],
        folder,
      )
      t.is(ran.code, 0, ran.stderr)
      t.is(typeof JSON.parse(ran.stdout).id, 'string')
    }
  }
})

test('the commands and the files that the pages name exist', async t => {
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
    const links = [...text.matchAll(/\]\((?!https?:|#)([^)#]+)\)/g)].map(([, link = '']) =>
      join(ROOT, dirname(page), link),
    )
    t.deepEqual(
      links.filter(link => !existsSync(link)),
      [],
      page,
    )
  }
})
