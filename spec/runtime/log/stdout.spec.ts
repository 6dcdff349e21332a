import { execFile, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import * as t from 'io-ts'
import { stdoutPlan } from '../../../lib/runtime/log/stdout.js'
import { python, pythonTest } from '../../fixtures/python.js'

const PRINTER = fileURLToPath(new URL('../../fixtures/processes/printer.js', import.meta.url))
const run = promisify(execFile)

const Entry = t.type({ stream: t.string, message: t.string })

// An entry as `stream: message`, other text as it is.
const read = (line: string): string => {
  if (!line.startsWith('{')) return line
  const entry: unknown = JSON.parse(line)
  return Entry.is(entry) ? `${entry.stream}: ${entry.message}` : 'log 1'
}

const linesOf = (output: string): string[] => output.trimEnd().split('\n').map(read)

const place = () => {
  const folder = mkdtempSync(join(tmpdir(), 'toru-'))
  return { report: join(folder, 'report'), out: join(folder, 'out'), err: join(folder, 'err') }
}

const reported = (path: string): unknown => JSON.parse(readFileSync(path, 'utf8'))

// `around` is what bypasses JavaScript's streams, `stderr` how an entry printed to stderr begins.
const everything = (around: ReadonlyArray<string>, stderr: string): string[] => [
  'stdout: console 1',
  ...around.slice(0, 1),
  'log 1',
  ...around.slice(1),
  'stdout: two halves: 😀',
  'stdout: hex: é',
  `${stderr}console error`,
  'stdout: no newline',
  'stdout: later',
  'stdout: at the end',
]

const AROUND = ['descriptor 1', 'child out', 'child err']

for (const when of ['', 'early']) {
  for (const [kind, begin, script] of [
    // The braces give the process a real pipe on both descriptors.
    ['pipe', 'stderr: ', '{ "$0" "$1" "$2" "$3" 2>&3 3>&- | cat > "$4"; } 3>&1 | cat > "$5"'],
    ['file', '', '"$0" "$1" "$2" "$3" 2>> "$5" | cat > "$4"'],
  ] as const) {
    test(`a stderr ${kind} gets all that is printed, in order ${when}`, async t => {
      const { report, out, err } = place()
      await run('sh', ['-c', script, process.execPath, PRINTER, report, when, out, err])
      t.deepEqual(linesOf(readFileSync(err, 'utf8')), everything(AROUND, begin))
      t.is(readFileSync(out, 'utf8'), when === 'early' ? 'early\n' : '')
      t.deepEqual(reported(report), { descriptor: 'share', kind, told: 2, isTaken: true })
    })
  }

  test(`a stderr socket gets what JavaScript prints ${when}`, async t => {
    const { report } = place()
    const child = spawn(process.execPath, [PRINTER, report, when], {
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const [out, err] = await Promise.all([
      text(child.stdout),
      text(child.stderr),
      once(child, 'exit'),
    ])
    t.deepEqual(linesOf(err), everything([], '').toSpliced(2, 0, 'child err'))
    t.is(out, when === 'early' ? 'early\n' : '')
    t.deepEqual(reported(report), { descriptor: 'discard', kind: 'device', told: 2, isTaken: true })
  })
}

test('a file for both stdout and stderr gets everything once', async t => {
  const { report, err } = place()
  await run('sh', ['-c', '"$0" "$1" "$2" > "$3" 2>&1', process.execPath, PRINTER, report, err])
  t.deepEqual(linesOf(readFileSync(err, 'utf8')), everything(AROUND, ''))
})

for (const [how, script, expected] of [
  ['both streams', '(echo a; "$0" "$1" "$2"; echo b) > "$3" 2>&1', everything(AROUND, '')],
  ['stdout', '(echo a; "$0" "$1" "$2"; echo b) > "$3" 2> /dev/null', ['descriptor 1', 'child out']],
  ['stderr', '(echo a; "$0" "$1" "$2" | cat; echo b) 2> "$3" >&2', everything(AROUND, '')],
] as const) {
  test(`a file that ${how} and other processes share keeps what these write`, async t => {
    const { report, err } = place()
    await run('sh', ['-c', script, process.execPath, PRINTER, report, err])
    t.deepEqual(linesOf(readFileSync(err, 'utf8')).toSorted(), ['a', 'b', ...expected].toSorted())
    t.like(reported(report), { descriptor: 'keep' })
  })
}

test('the earlier content of a file is kept', async t => {
  const { report, err } = place()
  await run('sh', [
    '-c',
    'echo before > "$3"; "$0" "$1" "$2" 2>> "$3" | cat',
    process.execPath,
    PRINTER,
    report,
    err,
  ])
  t.deepEqual(linesOf(readFileSync(err, 'utf8')), ['before', ...everything(AROUND, '')])
})

for (const [kind, expected] of [
  ['pipe', { descriptor: 'share', kind: 'pipe' }],
  ['fifo', { descriptor: 'discard', kind: 'device' }],
] as const) {
  // A pipe with a name makes who opens it wait for a reader; one without a name does not.
  pythonTest(`a stderr ${kind} without a reader does not block the start`, async t => {
    const { report, err } = place()
    const program = `
import os, subprocess, sys
kind, path, *argv = sys.argv[1:]
if kind == 'fifo':
    os.mkfifo(path)
    r, w = os.open(path, os.O_RDONLY | os.O_NONBLOCK), os.open(path, os.O_WRONLY)
else: r, w = os.pipe()
os.close(r)
out, out_w = os.pipe()
child = subprocess.Popen(argv, stdout=out_w, stderr=w)
os.close(w); os.close(out_w)
print(child.wait() if os.read(out, 10) == b'' else '"printed"')
`
    t.is(await python(program, [kind, err, process.execPath, PRINTER, report]), 0)
    t.deepEqual(reported(report), { ...expected, told: 2, isTaken: true })
  })
}

pythonTest('a terminal is not redirected', async t => {
  const { report, err } = place()
  const program = `
import json, os, pty, subprocess, sys
master, slave = pty.openpty()
child = subprocess.Popen(sys.argv[2:], stdout=slave, stderr=open(sys.argv[1], 'wb'))
os.close(slave)
text = b''
while True:
    try: piece = os.read(master, 4096)
    except OSError: break
    if not piece: break
    text += piece
child.wait()
print(json.dumps(text.decode()))
`
  const shown = await python(program, [err, process.execPath, PRINTER, report])
  t.is(typeof shown === 'string' && shown.split('\r\n')[0], 'console 1')
  t.deepEqual(linesOf(readFileSync(err, 'utf8')), ['log 1', 'child err', 'console error'])
})

test('what becomes of stdout depends on what the two descriptors are', t => {
  t.is(stdoutPlan('terminal', 'terminal'), 'keep')
  t.is(stdoutPlan('terminal', 'pipe'), 'keep')
  t.is(stdoutPlan('pipe', 'pipe'), 'share')
  t.is(stdoutPlan('pipe', 'file'), 'share')
  t.is(stdoutPlan('file', 'terminal'), 'share')
  t.is(stdoutPlan('socket', 'socket'), 'discard')
  t.is(stdoutPlan('pipe', 'closed'), 'discard')
})
