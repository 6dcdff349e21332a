import {
  chmodSync,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as O from 'fp-ts/lib/Option.js'
import { PACKED_END_BYTES, packedFileIn } from '../../../lib/domain/packed-file.js'
import { nativeSystem } from '../../../lib/kv/sqlite/driver/native-system.js'
import { requestOnce } from '../../../lib/protocol.js'
import { ROOT } from '../../support/packed-project.js'
import {
  packed,
  pluginText,
  project,
  right,
  runFile,
  started,
  toru,
} from '../../support/packing.js'
import { folder } from '../../support/plugin-process.js'
import { isRunning, parentOf, until } from '../../support/processes.js'
import { toruPlugin } from '../../support/terminal.js'

const HELLO = join(ROOT, 'samples', 'hello')
const out = folder()
const hello = toru(['pack', HELLO, '--out', out, '--json'], folder())
const helloFile = join(out, 'my-plugin.binary')
const alone = async (): Promise<string> => {
  await hello
  const file = join(folder(), 'my-plugin.binary')
  cpSync(helloFile, file)
  return file
}

/** The process ids in the log, in the order of the starts. */
const pids = (stderr: string): ReadonlyArray<number> =>
  [...stderr.matchAll(/"pid":(\d+)[^\n]*listens on/g)].map(([, pid]) => Number(pid))

test('toru-plugin pack packs the hello sample, runs it in an empty folder and reports', async t => {
  const { code, stdout, stderr } = await hello
  t.is(code, 0, stderr)
  const report = JSON.parse(stdout) as {
    id: string
    size: number
    sqlite: { systems: ReadonlyArray<string> }
    trial: { request: { status: number; path: string } }
  }
  t.is(report.id, 'my-plugin')
  t.deepEqual(report.sqlite.systems, [nativeSystem()])
  const end = readFileSync(helloFile).subarray(-PACKED_END_BYTES).toString('latin1')
  const { script = 0 } = O.toUndefined(packedFileIn(end)) ?? {}
  t.true(script > 0 && script < 460 * 1024, `${script} bytes of script`)
  t.true(report.size < 4 * 1024 * 1024, `${report.size} bytes`)
  t.like(report.trial.request, { path: '/', status: 200 })
  t.is(statSync(helloFile).mode & 0o777, 0o755)
})

test('the file alone starts in an empty folder, and serves', async t => {
  const plugin = await started(t, await alone(), { env: { TORU_KV: 'memory' } })
  const { status, body } = await right(requestOnce(plugin.path, { method: 'GET', path: '/' }))
  t.deepEqual([status, body], [200, '{"status":"ok","message":"Hello from plugin!"}'])
  t.is(plugin.stdout(), '')
  t.deepEqual(await plugin.stop(), { code: 0, signal: null })
})

test('copied alone it keeps its state, for it carries SQLite where Node.js has none', async t => {
  const data = folder()
  const plugin = await started(t, await alone(), { env: { TORU_DATA_DIR: data } })
  // On a busy machine the first attempt to open it may take too long.
  await until(async () => {
    const { status } = await right(requestOnce(plugin.path, { method: 'GET', path: '/' }))
    return status === 200
  })
  t.true(existsSync(join(data, 'my-plugin', 'kv.sqlite')))
  await plugin.stop()
})

test('what it carries is in comments: it is JavaScript to its end', async t => {
  const { stdout } = await runFile(process.execPath, [await alone(), '--metadata'])
  t.like(JSON.parse(stdout), { id: 'my-plugin' })
})

test('killed with -9 it is there again; when its shell is killed it is gone', async t => {
  const plugin = await started(t, await alone(), { env: { TORU_KV: 'memory' } })
  await until(() => pids(plugin.stderr()).length === 1)
  const [first = 0] = pids(plugin.stderr())
  t.is(parentOf(first), plugin.child.pid)
  process.kill(first, 'SIGKILL')
  await until(() => pids(plugin.stderr()).length === 2)
  const [, second = 0] = pids(plugin.stderr())
  t.true(isRunning(second))
  t.is((await right(requestOnce(plugin.path, { method: 'GET', path: '/' }))).status, 200)
  plugin.child.kill('SIGKILL')
  await until(() => !isRunning(second))
  t.false(isRunning(second))
})

test('with --no-guardian, when packing or when starting, the file becomes the plugin', async t => {
  const { file } = await packed(HELLO, '--no-guardian', '--no-sqlite')
  for (const [each, args] of [
    [file, []],
    [await alone(), ['--no-guardian']],
  ] as const) {
    const plugin = await started(t, each, { args, env: { TORU_KV: 'memory' } })
    await until(() => pids(plugin.stderr()).length === 1)
    t.deepEqual(pids(plugin.stderr()), [plugin.child.pid ?? 0])
    await plugin.stop()
  }
})

test('it reads its configuration beside its file, also from a folder that it cannot write to, of modules, with any name', async t => {
  const source = pluginText(
    {},
    "@Get('/') hello(_req, ctx) { return ctx.config }",
    '{ config: t.type({ SMALL_NAME: t.string }), kv: undefined }',
  )
  const { file } = await packed(
    project({ 'main.js': '', 'main.ts': source.replace(', kv: undefined', '') }),
    '--no-sqlite',
  )
  const place = join(folder(), "pl ug'ins é")
  mkdirSync(join(place, 'small'), { recursive: true })
  cpSync(file, join(place, 'small.binary'))
  writeFileSync(join(place, 'package.json'), '{"type":"module"}')
  writeFileSync(join(place, 'small', 'config.json'), '{"SMALL_NAME":"configured"}')
  chmodSync(place, 0o555)
  const plugin = await started(t, join(place, 'small.binary'), { env: { TORU_KV: 'memory' } })
  const { body } = await right(requestOnce(plugin.path, { method: 'GET', path: '/' }))
  t.is(body, '{"SMALL_NAME":"configured"}')
  await plugin.stop()
})

test('the same plugin packed in another folder is the same to the byte, and no folder is in it', async t => {
  const files = { 'src/main.ts': pluginText({}) }
  const texts = []
  const roots = [project(files), project(files)]
  for (const root of roots)
    texts.push(readFileSync((await packed(root, '--no-sqlite')).file, 'utf8'))
  t.true(texts[0] !== undefined && texts[0] === texts[1])
  for (const each of [...roots, ROOT]) t.false(texts[0]?.includes(each))
})

test('the compiled code is kept in the directory of the plugin, if only we can write to it', async t => {
  const module: unknown = process.getBuiltinModule('node:module')
  const isKept = typeof module === 'function' && 'flushCompileCache' in module
  for (const mode of [0o700, 0o777]) {
    const data = folder()
    const own = join(data, 'my-plugin')
    mkdirSync(own)
    chmodSync(own, mode)
    const plugin = await started(t, await alone(), {
      env: { TORU_DATA_DIR: data, TORU_KV: 'memory' },
    })
    await plugin.stop()
    t.is(existsSync(join(own, 'compile-cache')), isKept && mode === 0o700)
  }
})

test('--standalone has Node.js in it, answers --metadata, and serves where there is no Node.js', async t => {
  t.timeout(240_000, 'a copy of Node.js is written and run several times')
  await hello
  const args = ['--out', folder(), '--standalone', '--json']
  const { code, stdout, stderr } = await toruPlugin('pack', HELLO, ...args)
  t.is(code, 0, stderr)
  const { file, size, trial } = JSON.parse(stdout) as {
    file: string
    size: number
    trial: { request: { status: number } }
  }
  t.true(size > 50 * 1024 * 1024)
  t.is(trial.request.status, 200)
  const env = { PATH: '/nowhere' }
  t.is(
    (await runFile(file, ['--metadata'], { env })).stdout,
    (await runFile(helloFile, ['--metadata'])).stdout,
  )
  t.regex((await runFile(file, ['--help'], { env })).stdout, /^My Plugin 1\.0\.0/)
})
