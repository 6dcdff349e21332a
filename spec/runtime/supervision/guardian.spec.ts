import { spawn } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { GUARDIAN_DEFAULTS, guardianScript } from '../../../lib/runtime/supervision/guardian.js'
import { connectHost } from '../../support/host.js'
import { bodyIn, http } from '../../support/messages.js'
import { folder, type PluginProcess } from '../../support/plugin-process.js'
import { isRunning, parentOf, timed } from '../../support/processes.js'
import { get, guardedPlugin, guardianFile, type HostedPlugin } from '../hosted-plugin.js'

interface Ended {
  readonly code: number | null
  readonly lines: ReadonlyArray<string>
}

/** A guardian of a shell command. Each line that it writes, and when it wrote it. */
const guard = (t: ExecutionContext, script: string, command: string) => {
  const child = spawn('sh', [script, 'sh', '-c', command], { stdio: ['ignore', 'pipe', 'pipe'] })
  t.teardown(() => void child.kill('SIGKILL'))
  let text = ''
  let wake = (): void => undefined
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (piece: string) => {
      text += piece
      wake()
    })
  }
  const ended = new Promise<Ended>(resolve =>
    child.once('close', code => resolve({ code, lines: text.split('\n').slice(0, -1) })),
  )
  const line = (wanted: string): Promise<void> =>
    new Promise(resolve => {
      wake = () => {
        if (text.includes(wanted)) resolve()
      }
      wake()
    })
  return { child, ended, line }
}

/** A command that does something else on each run. The runs are counted in a file. */
const counting = (rest: string): string => {
  const file = join(folder(), 'runs')
  writeFileSync(file, '')
  return `echo >>${file}; n=$(wc -l <${file}); echo "run $n"; ${rest}`
}

test('a plugin is restarted after 1, 2, 4, 8 and then 16 s, at most ten times', t => {
  t.deepEqual(GUARDIAN_DEFAULTS, { delays: [1, 2, 4, 8, 16, 16, 16, 16, 16, 16], healthyAfter: 60 })
  t.regex(guardianScript(), /^delays='1 2 4 8 16 16 16 16 16 16'\nhealthy_after=60$/m)
})

test('after the last delay the guardian exits with the code of the command', async t => {
  const { code, lines } = await guard(
    t,
    guardianFile({ delays: [0.01, 0.02, 0.03] }),
    counting('exit 3'),
  ).ended
  t.is(code, 3)
  t.deepEqual(lines, [
    'run 1',
    'run 2',
    'run 3',
    'run 4',
    'The plugin died too often, the last time with exit code 3; it is not started again.',
  ])
})

test('each restart waits for its delay', async t => {
  const ms = await timed(() => guard(t, guardianFile({ delays: [0.1, 0.5, 0.4] }), 'exit 1').ended)
  t.true(ms >= 1_000, `${ms} ms`)
})

test('after a healthy run the delays start again', async t => {
  // Every life is long enough here, so that two delays are never used up.
  const { ended } = guard(
    t,
    guardianFile({ delays: [0.01, 0.01], healthyAfter: 0 }),
    counting('[ $n -lt 8 ] || exit 0; exit 1'),
  )
  const { code, lines } = await ended
  t.deepEqual({ code, runs: lines.length }, { code: 0, runs: 8 })
})

for (const code of [0, 78]) {
  test(`exit code ${code} is final`, async t => {
    t.deepEqual(await guard(t, guardianFile(), counting(`exit ${code}`)).ended, {
      code,
      lines: ['run 1'],
    })
  })
}

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  test(`${signal} during a delay ends the guardian at once`, async t => {
    const { child, ended, line } = guard(t, guardianFile({ delays: [30] }), 'echo dead; exit 1')
    await line('dead')
    child.kill(signal)
    const ms = await timed(() => ended)
    t.true(ms < 25_000, `${ms} ms`)
  })

  test(`${signal} to the guardian shuts down the plugin and the guardian`, async t => {
    const END = join(folder(), 'end')
    const plugin = await initializedPlugin(t, { END })
    process.kill(guardian(await plugin.pid()), signal)
    t.deepEqual(await plugin.exited, { code: 0, signal: null })
    t.is(readFileSync(END, 'utf8'), 'in order')
    t.false(existsSync(plugin.path))
  })
}

test('Ctrl-C, which the terminal sends to both, is one signal', async t => {
  const END = join(folder(), 'end')
  const plugin = await initializedPlugin(t, { END })
  const host = await connectHost(plugin.path)
  host.send(http('tagged', 'w', { path: '/wait/1000' }))
  await plugin.entry('waiting')
  const pid = await plugin.pid()
  process.kill(guardian(pid), 'SIGINT')
  process.kill(pid, 'SIGINT')
  t.deepEqual(bodyIn(await host.answer()), { waited: 1000 })
  t.deepEqual(await plugin.exited, { code: 0, signal: null })
  t.is(readFileSync(END, 'utf8'), 'in order')
})

/** One whose @OnInit has run, so that there is something to clean up. */
const initializedPlugin = async (
  t: ExecutionContext,
  env: NodeJS.ProcessEnv,
): Promise<HostedPlugin> => {
  const plugin = guardedPlugin(t, 'stuck', { env })
  await plugin.listening()
  await get(plugin.path)
  return plugin
}

const guardian = (pid: number): number => {
  const parent = parentOf(pid)
  if (parent === undefined) throw new Error(`there is no process ${pid}`)
  return parent
}

const restarted = async (plugin: PluginProcess, code: number): Promise<void> => {
  const { level } = await plugin.entry(
    `started again: the process before this one ended with exit code ${code}`,
  )
  if (level !== 'Warn') throw new Error(`logged as ${level}`)
}

test('a killed plugin is restarted', async t => {
  const plugin = guardedPlugin(t, 'stuck')
  await plugin.listening()
  const first = await plugin.pid()
  t.deepEqual(await get(plugin.path), { pid: first })
  const its = guardian(first)
  process.kill(first, 'SIGKILL')
  const second = await plugin.pid(2)
  await restarted(plugin, 137)
  t.deepEqual(await get(plugin.path), { pid: second })
  t.is(guardian(second), its)
})

test('a plugin that its watchdog killed is restarted', async t => {
  const plugin = guardedPlugin(t, 'stuck')
  await plugin.listening()
  await get(plugin.path, '/block/loop').catch(() => undefined)
  const second = await plugin.pid(2)
  await restarted(plugin, 137)
  t.deepEqual(await get(plugin.path), { pid: second })
})

test('a plugin with a wrong configuration is not restarted', async t => {
  const plugin = guardedPlugin(t, 'settings')
  t.deepEqual(await plugin.exited, { code: 78, signal: null })
  t.is(
    plugin
      .entries()
      .filter(({ message }) => String(message).includes('the configuration does not fit')).length,
    1,
  )
})

test('after its guardian is killed a plugin shuts down', async t => {
  const END = join(folder(), 'end')
  const plugin = await initializedPlugin(t, { END })
  process.kill(guardian(await plugin.pid()), 'SIGKILL')
  await plugin.exited
  await plugin.entry('stopping: the guardian that started this plugin is gone')
  t.is(readFileSync(END, 'utf8'), 'in order')
  t.false(existsSync(plugin.path))
})

test('after the host is killed plugin and guardian shut down', async t => {
  const END = join(folder(), 'end')
  const plugin = await initializedPlugin(t, { END })
  const its = guardian(await plugin.pid())
  plugin.child.kill('SIGKILL')
  await plugin.exited
  await plugin.entry('stopping: the host that started this plugin is gone')
  t.is(readFileSync(END, 'utf8'), 'in order')
  t.false(isRunning(its))
})

test('a guardian without a plugin also ends after the host is killed', async t => {
  const plugin = guardedPlugin(t, 'stuck', {}, guardianFile({ delays: [1] }))
  await plugin.listening()
  process.kill(await plugin.pid(), 'SIGKILL')
  plugin.child.kill('SIGKILL')
  await plugin.exited
  await plugin.entry('stopping: the host that started this plugin is gone')
  t.false(existsSync(plugin.path))
})

test('the guardian costs less than 3 MiB of memory', async t => {
  const plugin = guardedPlugin(t, 'stuck')
  await plugin.listening()
  const memory = readFileSync(`/proc/${guardian(await plugin.pid())}/smaps_rollup`, 'utf8')
  // Its share: the shell's program itself is in memory once for all that run it.
  const kilobytes = Number(/^Pss:\s+(\d+) kB$/m.exec(memory)?.[1])
  t.log(`${kilobytes} KiB`)
  t.true(kilobytes < 3 * 1024)
})
