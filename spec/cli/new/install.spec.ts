import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import {
  appendFileSync,
  existsSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { noTmpfs, tmpfs } from '../../kv/tmpfs.js'
import { packedPackage, ROOT } from '../../support/packed-project.js'
import { runFile } from '../../support/packing.js'
import { folder } from '../../support/plugin-process.js'
import { until } from '../../support/processes.js'
import { isNeededToRun, type Registry, startRegistry, stubOfThis } from '../../support/registry.js'

// `toru-plugin new` up to an installed project, with the npm of this machine and a registry of the
// test's own.

const MAIN = join(ROOT, 'dist/lib/cli/main.js')

const json = (...path: ReadonlyArray<string>) => JSON.parse(readFileSync(join(...path), 'utf8'))

/** The command of this checkout, in a folder of its own. */
const making = (registry: Registry, ...flags: ReadonlyArray<string>) => {
  const cwd = folder()
  const args = [MAIN, 'new', 'demo', ...flags]
  return {
    demo: join(cwd, 'demo'),
    make: (env: NodeJS.ProcessEnv = {}) =>
      runFile(process.execPath, args, { cwd, env: { ...registry.env, ...env } }),
    start: () => spawn(process.execPath, args, { cwd, env: registry.env, stdio: 'ignore' }),
  }
}

/** The same with a stub of this package, which takes less time. */
const makingQuickly = (registry: Registry) => making(registry, '--api', stubOfThis())

test('a checkout gives a project itself, and the committed files are enough for another machine', async t => {
  const registry = await startRegistry(t, { isWhole: isNeededToRun })
  const { demo, make } = making(registry)
  const made = await make()
  t.is(made.code, 0, made.stderr)
  t.is(made.stderr, 'Next:\n  cd demo\n  npm test\n  npm run dev\n')
  const { dependencies } = json(demo, 'package.json')
  const [tarball = ''] = readdirSync(join(demo, 'vendor'))
  t.is(dependencies['toru-plugin-api'], `file:vendor/${tarball}`)

  // Whatever is ignored around it.
  writeFileSync(join(demo, '..', '.gitignore'), '*.tgz\nvendor/\n')
  const git = (...args: ReadonlyArray<string>) =>
    spawnSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b', ...args], {
      cwd: join(demo, '..'),
    }).status
  t.deepEqual([git('init'), git('add', '.'), git('commit', '-m', 'a')], [0, 0, 0])
  const other = join(folder(), 'other')
  t.is(git('clone', '.', other), 0)
  rmSync(demo, { recursive: true })
  const { env } = await startRegistry(t, { isWhole: isNeededToRun })
  const installed = await runFile('npm', ['ci'], { cwd: join(other, 'demo'), env })
  t.is(installed.code, 0, installed.stderr)
  const own = ['node_modules/toru-plugin-api/dist/lib/cli/main.js', '--version']
  const { stdout } = await runFile(process.execPath, own, { cwd: join(other, 'demo') })
  t.is(stdout, `${json(ROOT, 'package.json').version}\n`)
})

test('a project changes to the published package as its README says', async t => {
  const registry = await startRegistry(t, { published: { 'toru-plugin-api': stubOfThis() } })
  const { demo, make } = makingQuickly(registry)
  t.is((await make()).code, 0)
  const [line = ''] =
    /^npm install toru-plugin-api.*$/m.exec(readFileSync(join(demo, 'README.md'), 'utf8')) ?? []
  const changed = await runFile('sh', ['-c', line], { cwd: demo, env: registry.env })
  t.is(changed.code, 0, changed.stderr)
  const { version } = json(ROOT, 'package.json')
  t.is(json(demo, 'package.json').dependencies['toru-plugin-api'], `^${version}`)
  t.false(existsSync(join(demo, 'vendor')))
  rmSync(join(demo, 'node_modules'), { recursive: true })
  const again = await runFile('npm', ['ci'], { cwd: demo, env: registry.env })
  t.is(again.code, 0, again.stderr)
})

test('where installing fails, the error says why, and the same command goes on', async t => {
  const registry = await startRegistry(t)
  const { demo, make } = makingQuickly(registry)
  const failing = async (env: NodeJS.ProcessEnv = {}) => {
    const { code, stderr } = await make(env)
    t.is(code, 1)
    return stderr
  }
  const begin = 'error: the project is written, but its dependencies are not installed: '
  const end = ' Then run the same command again: it goes on where it stopped.\n'
  const unreachable = await failing({ npm_config_registry: 'http://127.0.0.1:9' })
  t.is(
    unreachable.replace(/9\/\S+/, '9/…'),
    `${begin}the registry cannot be reached: FetchError: request to http://127.0.0.1:9/… failed, reason: connect ECONNREFUSED 127.0.0.1:9\n  Check the network, and what npm config get registry and npm config get proxy print.${end}`,
  )
  registry.missing = 'io-ts'
  t.is(
    await failing(),
    `${begin}the registry does not have a package: Not Found - GET ${registry.url}/io-ts - not found\n  Check that npm config get registry prints the registry that you mean.${end}`,
  )
  const bin = folder()
  symlinkSync(process.execPath, join(bin, 'node'))
  t.is(
    await failing({ PATH: bin }),
    `${begin}there is no npm in the PATH\n  Install it: npm comes with Node.js, and is a package of its own on Debian.${end}`,
  )

  // What was changed meanwhile stays; what was removed is made again.
  appendFileSync(join(demo, 'src/plugin.ts'), '// mine\n')
  rmSync(join(demo, 'src/main.ts'))
  registry.missing = ''
  const { code, stdout, stderr } = await make()
  t.is(code, 0, stderr)
  t.is(stdout, 'demo: the plugin demo\n  src/main.ts\n')
  t.regex(readFileSync(join(demo, 'src/plugin.ts'), 'utf8'), /\n\/\/ mine\n$/)
  t.deepEqual(readdirSync(demo).sort(), [
    '.gitignore',
    'README.md',
    'frontend',
    'node_modules',
    'package-lock.json',
    'package.json',
    'src',
    'tsconfig.json',
    'vendor',
  ])
  t.regex(await failing(), /^error: .*demo has .gitignore, .* already; nothing was written\n/)
})

test('without npm nothing is packed and nothing is written', async t => {
  const registry = await startRegistry(t)
  const { demo, make } = making(registry)
  const bin = folder()
  symlinkSync(process.execPath, join(bin, 'node'))
  const { code, stderr } = await make({ PATH: bin })
  t.is(code, 1)
  t.is(
    stderr,
    `error: ${ROOT.slice(0, -1)} cannot be packed: there is no npm in the PATH\n  Install it: npm comes with Node.js, and is a package of its own on Debian.\n`,
  )
  t.false(existsSync(demo))
})

/** The processes that have a folder as their working directory. */
const workingIn = (place: string): ReadonlyArray<string> =>
  readdirSync('/proc').filter(name => {
    try {
      return readlinkSync(`/proc/${name}/cwd`) === place
    } catch {
      return false
    }
  })

for (const signal of ['SIGINT', 'SIGTERM', 'SIGKILL'] as const) {
  test(`after ${signal} in the middle of npm none is left, and the same command goes on`, async t => {
    const registry = await startRegistry(t, { isWhole: name => name === 'io-ts' })
    registry.held = 'fp-ts'
    const { demo, make, start } = makingQuickly(registry)
    const child = start()
    await until(() => existsSync(join(demo, 'node_modules/io-ts/lib')))
    t.is(
      (await make()).stderr,
      `error: toru-plugin new is at work in ${demo}: the process ${child.pid}\n  Wait until it has ended, or end it.\n`,
    )
    child.kill(signal)
    t.deepEqual(await once(child, 'exit'), [null, signal])
    await until(() => workingIn(demo).length === 0)

    // Half a package, which npm would take for a whole one.
    rmSync(join(demo, 'node_modules/io-ts/lib'), { recursive: true })
    registry.held = ''
    const { code, stderr } = await make()
    t.is(code, 0, stderr)
    t.true(existsSync(join(demo, 'node_modules/io-ts/lib')))
    t.false(readdirSync(demo).includes('.toru-plugin-new'))
  })
}

test('it goes on only with what was begun', async t => {
  const registry = await startRegistry(t)
  registry.missing = 'io-ts'
  const { demo, make } = makingQuickly(registry)
  t.is((await make()).code, 1)
  const other = async (...args: ReadonlyArray<string>) => {
    const { code, stderr } = await runFile(process.execPath, [MAIN, 'new', demo, ...args], {
      cwd: folder(),
      env: registry.env,
    })
    return [code, stderr.replaceAll(demo, '…')]
  }
  const hint = '\n  Repeat the command that began it, or remove … and start anew.\n'
  t.deepEqual(await other('--icon', 'X'), [
    1,
    `error: … was begun with another icon: "🔌", not "X"${hint}`,
  ])
  t.deepEqual(await other('--no-frontend'), [
    1,
    `error: … was begun with another frontend: true, not false${hint}`,
  ])
  const [code, stderr] = await other('--no-install')
  t.is(code, 0)
  t.regex(String(stderr), /^Next:\n {2}cd .*\n {2}npm install\n/)
})

const diskTest = noTmpfs === undefined ? test : test.skip

diskTest(
  'on a full disk nothing is left behind, and it works once there is space',
  async (t: ExecutionContext) => {
    const registry = await startRegistry(t)
    const { path } = tmpfs(t, 512)
    const { tarball } = await packedPackage()
    const make = () =>
      runFile(process.execPath, [MAIN, 'new', 'demo', '--no-install', '--api', tarball], {
        cwd: path,
        env: registry.env,
      })
    const { code, stderr } = await make()
    t.is(code, 1)
    t.is(
      stderr,
      'error: the project cannot be written: ENOSPC: no space left on device, write; nothing was left behind\n  Solve that, then run the same command again.\n',
    )
    t.deepEqual(readdirSync(path), [])
  },
)
