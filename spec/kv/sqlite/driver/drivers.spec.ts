import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import { build } from 'esbuild'
import { startChild } from '../../child.js'
import { drivers, nodeIs, temporaryDirectory, testWith } from '../../support.js'

const names = drivers.map(({ name }) => name)
const missing = drivers.find(driver => driver.missing !== undefined)?.missing

testWith(missing)('both drivers read and write the same file', async t => {
  const file = join(temporaryDirectory(t), 'kv.sqlite')
  const expected: Array<readonly [string, string]> = []
  for (const [round, name] of [...names, ...names].entries()) {
    const child = startChild(t, 'store-process', ['sqlite', name, file])
    t.deepEqual(JSON.parse(await child.ask('["entries"]')), { _tag: 'Right', right: expected })
    const value = `by ${name}: é€😀\0 ${round}`
    t.deepEqual(JSON.parse(await child.ask(JSON.stringify(['set', `key ${round}`, value]))), {
      _tag: 'Right',
    })
    expected.push([`key ${round}`, value])
    // One that was killed leaves its log to the next.
    if (round % 2 === 0) await child.ask('["close"]')
    await child.kill()
  }
})

if (names.length > 1) {
  testWith(missing)('two processes with different drivers share a file', async t => {
    const file = join(temporaryDirectory(t), 'kv.sqlite')
    const children = names.map(name => startChild(t, 'store-process', ['sqlite', name, file]))
    const answers = await Promise.all(
      children.map(child => child.ask('["append","log","x","100"]')),
    )
    t.deepEqual(
      answers.map(answer => JSON.parse(answer)),
      names.map(() => ({ _tag: 'Right', right: 100 })),
    )
    for (const child of children) {
      t.deepEqual(JSON.parse(await child.ask('["get","log"]')).right, {
        _tag: 'Some',
        value: 'x'.repeat(100 * names.length),
      })
    }
  })
}

const library = fileURLToPath(new URL('../../../../lib/kv/sqlite/sqlite-kv.js', import.meta.url))

/**
 * A plugin's worth of the store as one file, as authors ship it: it fills a store with more than is
 * checked at once, and opens it again.
 */
const bundle = async (directory: string, format: 'cjs' | 'esm'): Promise<string> => {
  const entry = join(directory, 'entry.mjs')
  const outfile = join(directory, format === 'cjs' ? 'plugin.cjs' : 'plugin.mjs')
  writeFileSync(
    entry,
    `import { sqliteKv } from ${JSON.stringify(library)}
     const quiet = () => {}
     const log = { trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet }
     const place = { pluginId: 'notes', log, deadlineMs: 20000, env: process.env }
     const open = () => sqliteKv({ driver: process.argv[2], legacyFile: null })(place)
     const main = async () => {
       const first = open()
       const answers = [await first.set('a', 'x'.repeat(5e6))(), await first.set('b', 'x'.repeat(5e6))(), await first.close()]
       const again = await open().keys()()
       console.log(JSON.stringify([...answers.map(answer => answer._tag), again.right ?? again.left.cause.message]))
     }
     main()`,
  )
  const result = await build({
    entryPoints: [entry],
    outfile,
    format,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    logLevel: 'silent',
  })
  return result.warnings.length === 0
    ? outfile
    : Promise.reject(new Error(JSON.stringify(result.warnings)))
}

const run = async (
  file: string,
  ...args: ReadonlyArray<string>
): Promise<{ readonly out: string; readonly err: string }> => {
  const child = spawn(process.execPath, [file, ...args], {
    cwd: dirname(file),
    env: { TORU_DATA_DIR: join(dirname(file), 'data') },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)])
  return { out: out.trim(), err }
}

for (const format of ['cjs', 'esm'] as const) {
  for (const driver of drivers) {
    testWith(driver.missing)(
      `${driver.name}: a plugin bundled as ${format} has its store, and warns of nothing`,
      async t => {
        const directory = temporaryDirectory(t)
        if (driver.name === 'libsql') {
          const installed = createRequire(import.meta.url).resolve('libsql')
          mkdirSync(join(directory, 'node_modules'))
          symlinkSync(dirname(installed), join(directory, 'node_modules', 'libsql'))
        }
        const file = await bundle(directory, format)
        t.false(readFileSync(file, 'utf8').includes('@neon-rs'))
        t.deepEqual(await run(file, driver.name), {
          out: '["Right","Right","Right",["a","b"]]',
          err: '',
        })
      },
    )
  }
}

test('without the package, the error says what to install', async t => {
  const { out, err } = await run(await bundle(temporaryDirectory(t), 'cjs'), 'libsql')
  const [, , , message] = JSON.parse(out)
  t.regex(
    message,
    /^There is no SQLite for the key-value store: .*libsql.*\. Use Node\.js 22\.13 or newer, or run `npm install libsql`\.$/,
  )
  t.is(err, '')
})

if (!nodeIs(22, 5)) {
  test('without SQLite in Node.js, asking for it says what to use', async t => {
    const { out } = await run(await bundle(temporaryDirectory(t), 'esm'), 'node:sqlite')
    const [, , , message] = JSON.parse(out)
    t.is(
      message,
      `Node.js ${process.version} has no SQLite of its own. Use Node.js 22.13 or newer, or run \`npm install libsql\`.`,
    )
  })
}
