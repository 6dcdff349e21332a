import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, openSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import * as t from 'io-ts'
import { HOST_LOG_READ } from '../../../lib/domain/host.js'
import { MAX_QUEUED } from '../../../lib/runtime/log/queued-sink.js'
import { python, pythonTest } from '../../fixtures/python.js'
import type { Teardown } from '../../support/plugin-process.js'

const TALKER = fileURLToPath(new URL('../../fixtures/processes/talker.js', import.meta.url))

// Runs the talker with a real pipe as its stderr, which is read in pieces of up to 4,096 bytes as
// the host does.
const READER = `
import json, os, subprocess, sys, threading
mode, count, *argv = sys.argv[1:]
r, w = os.pipe()
if mode == 'gone-before': os.close(r)
child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=w)
os.close(w)
# A write that waits for a reader waits for ever.
watchdog = threading.Timer(60, child.kill); watchdog.start()
pieces, last = [], threading.Event()
def read():
    while True:
        piece = os.read(r, 4096)
        if not piece: break
        pieces.append(piece.decode())
        if '"last"' in pieces[-1]: last.set()
def tell(command):
    child.stdin.write((command + '\\n').encode()); child.stdin.flush()
    return child.stdout.readline().decode().strip()
reader = threading.Thread(target=read)
if mode == 'eager': reader.start()
tell('burst ' + count)
if mode == 'spawn':
    tell('spawn'); tell('burst ' + count)
if mode == 'late': reader.start()
if mode in ('eager', 'late'): last.wait(30)
if mode == 'gone':
    os.close(r); tell('burst ' + count); tell('burst ' + count)
child.stdin.close()
flushed = child.stdout.readline().decode().strip() == 'flushed'
code = child.wait()
watchdog.cancel()
if mode in ('never', 'spawn'): reader.start()
if mode not in ('gone', 'gone-before'): reader.join()
print(json.dumps({'pieces': pieces, 'code': code, 'flushed': flushed}))
`

const Outcome = t.type({ pieces: t.array(t.string), code: t.number, flushed: t.boolean })
const Entry = t.type({
  level: t.string,
  message: t.string,
  plugin: t.string,
  pid: t.number,
  timestamp: t.string,
})

const talk = async (
  mode: string,
  count: number,
  ...args: string[]
): Promise<t.TypeOf<typeof Outcome>> => {
  const outcome = await python(READER, [mode, String(count), process.execPath, TALKER, ...args])
  if (!Outcome.is(outcome)) throw new Error(`unexpected: ${JSON.stringify(outcome)}`)
  return outcome
}

const messageIn = (text: string): string => {
  const entry: unknown = JSON.parse(text)
  return Entry.is(entry) && entry.plugin === 'notes' ? entry.message : `not an entry: ${text}`
}

const entries = (count: number): string[] => [
  ...Array.from({ length: count }, (_, index) => `entry ${index}`),
  'last',
]

for (const mode of ['eager', 'late']) {
  pythonTest(
    `a burst of 200 entries reaches a ${mode} reader of a pipe one entry a read`,
    async t => {
      const { pieces, code } = await talk(mode, 200)
      t.deepEqual(pieces.map(messageIn), entries(200))
      t.deepEqual([...new Set(pieces.map(piece => Buffer.byteLength(piece)))], [HOST_LOG_READ])
      t.is(code, 0)
    },
  )
}

pythonTest(
  'entries past the bound are dropped, the oldest first, and one line says how many',
  async t => {
    const { pieces } = await talk('late', 3000)
    const messages = pieces.map(messageIn)
    const notes = messages.filter(message => message.includes('dropped'))
    t.is(notes.length, 1)
    const dropped = Number.parseInt(notes[0] ?? '', 10)
    const rest = messages.filter(message => !message.includes('dropped'))
    t.is(rest.length + dropped, 3001)
    t.deepEqual(rest.slice(-MAX_QUEUED), entries(3000).slice(-MAX_QUEUED))
  },
)

for (const mode of ['never', 'spawn']) {
  pythonTest(`a full pipe blocks neither the event loop nor the exit (${mode})`, async t => {
    const { pieces, code, flushed } = await talk(mode, 5000)
    t.is(code, 0)
    t.true(flushed)
    t.true(pieces.length > 0)
    t.deepEqual(pieces.map(messageIn), entries(5000).slice(0, pieces.length))
  })
}

for (const mode of ['gone', 'gone-before']) {
  pythonTest(
    `a process survives a reader that is ${mode === 'gone' ? 'gone' : 'gone before it begins'}`,
    async t => {
      t.is((await talk(mode, 100)).code, 0)
    },
  )
}

const asRoot = process.geteuid?.() === 0 ? pythonTest : test.skip
for (const mode of ['eager', 'never']) {
  asRoot(
    `a pipe that cannot be opened again is written to all the same (${mode} reader)`,
    async t => {
      const { pieces, code } = await talk(mode, 200, '65534')
      const expected = mode === 'eager' ? entries(200) : entries(200).slice(0, pieces.length)
      t.deepEqual(pieces.map(messageIn), expected)
      t.is(code, 0)
    },
  )
}

const talkTo = (t: Teardown, stderr: 'pipe' | number) => {
  const child = spawn(process.execPath, [TALKER], { stdio: ['pipe', 'pipe', stderr] })
  t.teardown(() => void child.kill('SIGKILL'))
  const { stdin, stdout } = child
  if (stdin === null || stdout === null) throw new Error('the talker has no pipes')
  const answers = createInterface({ input: stdout })
  const tell = async (command: string): Promise<void> => {
    stdin.write(`${command}\n`)
    await once(answers, 'line')
  }
  const end = async (): Promise<unknown> => {
    const exit = once(child, 'exit')
    stdin.end()
    return (await exit)[0]
  }
  return { child, tell, end }
}

test('a socket gets every entry, without padding', async t => {
  const { child, tell, end } = talkTo(t, 'pipe')
  const { stderr } = child
  if (stderr === null) return t.fail()
  const lines: string[] = []
  const all = once(
    createInterface({ input: stderr }).on('line', line => lines.push(line)),
    'close',
  )
  await tell('burst 500')
  t.is(await end(), 0)
  await all
  t.deepEqual(lines.map(messageIn), entries(500))
  t.true(lines.every(line => line === line.trimEnd()))
  return
})

test('a socket that nobody reads blocks nothing, also if a child inherits it', async t => {
  const { tell, end } = talkTo(t, 'pipe')
  await tell('burst 5000')
  await tell('spawn')
  await tell('burst 5000')
  t.is(await end(), 0)
})

test('a file gets every entry, without padding', async t => {
  const path = join(mkdtempSync(join(tmpdir(), 'toru-')), 'stderr.txt')
  const { tell, end } = talkTo(t, openSync(path, 'w'))
  await tell('burst 500')
  t.is(await end(), 0)
  t.deepEqual(readFileSync(path, 'utf8').trimEnd().split('\n').map(messageIn), entries(500))
})

const onLinux = process.platform === 'linux' ? test : test.skip
onLinux('a full disk is survived', async t => {
  const { tell, end } = talkTo(t, openSync('/dev/full', 'w'))
  await tell('burst 500')
  await tell('burst 500')
  t.is(await end(), 0)
})

test('lines that a full disk refused are written later', async t => {
  const path = join(mkdtempSync(join(tmpdir(), 'toru-')), 'stderr.txt')
  const { tell, end } = talkTo(t, openSync(path, 'w'))
  await tell('full')
  await tell('burst 500')
  t.is(readFileSync(path, 'utf8'), '')
  await tell('free')
  // It is tried again every second.
  for (
    const begun = performance.now();
    !readFileSync(path, 'utf8').includes('"last"') && performance.now() - begun < 30_000;
  )
    await tell('ping')
  t.deepEqual(readFileSync(path, 'utf8').trimEnd().split('\n').map(messageIn), entries(500))
  t.is(await end(), 0)
})
