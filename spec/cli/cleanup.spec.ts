import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import { ROOT } from '../support/packed-project.js'
import { folder } from '../support/plugin-process.js'
import { until } from '../support/processes.js'

const MAIN = join(ROOT, 'dist/lib/cli/main.js')

/** A plugin that says when it runs, and never ends by itself. */
const STUCK = (notes: string): string => `#!/bin/sh
trap 'echo asked >> ${notes}; exit' TERM
echo "$$" >> ${notes}
while :; do sleep 0.05; done
`

const STUBBORN = (notes: string): string =>
  STUCK(notes).replace('; exit', '').replace("trap '", "trap '' INT; trap '")

const stuckEntry = (notes: string): string => `
import { appendFileSync } from 'node:fs'
appendFileSync(${JSON.stringify(notes)}, process.pid + '\\n')
setInterval(() => undefined, 1000)
`

const isRunning = (pid: number): boolean => existsSync(`/proc/${pid}`)

/** Ends a command by a signal while a plugin keeps it waiting. */
const interrupted = async (
  args: (place: string) => ReadonlyArray<string>,
  signal: NodeJS.Signals,
  makePlugin: (notes: string) => string = STUCK,
) => {
  const place = folder()
  const [temporary, notes] = [join(place, 'tmp'), join(place, 'notes')]
  for (const name of [temporary, join(place, 'plugins')]) mkdirSync(name)
  writeFileSync(join(place, 'stuck.binary'), makePlugin(notes), { mode: 0o755 })
  for (const entry of ['stuck.ts', 'stuck.js']) writeFileSync(join(place, entry), stuckEntry(notes))
  writeFileSync(join(place, 'package.json'), '{"type":"module"}')
  const child = spawn(process.execPath, [MAIN, ...args(place)], {
    cwd: place,
    env: { ...process.env, TMPDIR: temporary },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const output: string[] = []
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => output.push(text))
  const closed = once(child, 'close')
  const pids = (): ReadonlyArray<number> =>
    existsSync(notes) ? (readFileSync(notes, 'utf8').match(/\d+/g) ?? []).map(Number) : []
  await until(() => pids().length > 0)
  const before = readdirSync(temporary).length
  child.kill(signal)
  const [, by] = await closed
  // Whoever was killed is there until its new parent has noticed.
  await Promise.race([until(() => !pids().some(isRunning)), pause(10_000)])
  return {
    by,
    hadFolder: before > 0,
    output: output.join(''),
    left: readdirSync(temporary),
    beside: readdirSync(place).filter(name => name.startsWith('.')),
    running: pids().filter(isRunning),
    asked: readFileSync(notes, 'utf8').includes('asked'),
  }
}

const GONE = { hadFolder: true, output: '', left: [], beside: [], running: [] }

for (const [args, signal, asked] of [
  [['call', 'stuck.binary', '/'], 'SIGINT', true],
  [['call', 'stuck.js', '/'], 'SIGTERM', false],
  [['routes', 'stuck.js'], 'SIGINT', false],
  [['routes', 'stuck.binary'], 'SIGHUP', true],
  [['pack', 'stuck.ts'], 'SIGINT', false],
  [['check', 'stuck.binary'], 'SIGTERM', false],
  [['install', 'plugins', 'stuck.binary'], 'SIGINT', false],
  [['install', 'plugins', 'stuck.ts'], 'SIGTERM', false],
] as const)
  test(`${args.join(' ')}: ${signal} leaves no process and no folder`, async t => {
    t.deepEqual(await interrupted(() => args, signal), { ...GONE, by: signal, asked })
  })

test('a plugin that does not end when it is asked is killed a second later', async t => {
  const begun = performance.now()
  t.deepEqual(await interrupted(() => ['call', 'stuck.binary', '/'], 'SIGTERM', STUBBORN), {
    ...GONE,
    by: 'SIGTERM',
    asked: true,
  })
  t.true(performance.now() - begun < 30_000)
})

test('half of a file is removed when the command that writes it is ended', async t => {
  const place = folder()
  const program = `
    import { cleanUpAtExit } from '${ROOT}dist/lib/cli/cleanup.js'
    import { writeWhole } from '${ROOT}dist/lib/cli/pack/files.js'
    cleanUpAtExit(() => undefined)
    await writeWhole('${place}/large.binary', Buffer.alloc(300_000_000), 0o755)()`
  const child = spawn(process.execPath, ['--input-type=module', '-e', program])
  await until(() => readdirSync(place).length > 0)
  child.kill('SIGINT')
  const [, by] = await once(child, 'close')
  t.deepEqual([by, readdirSync(place)], ['SIGINT', []])
})
