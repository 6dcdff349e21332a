import { spawn } from 'node:child_process'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { python, pythonTest } from '../../fixtures/python.js'
import { ask, connectHost, tell } from '../../support/host.js'
import { http, idIn, init, isObject } from '../../support/messages.js'
import { folder, pluginFile, socketAt, startPlugin } from '../../support/plugin-process.js'

// Starts the plugin with real pipes, as the host does, reads stderr in its pieces, and asks for one
// answer.
const HOST = `
import json, os, socket, struct, subprocess, sys, threading, time
path, *argv = sys.argv[1:]
out, out_w = os.pipe(); err, err_w = os.pipe()
child = subprocess.Popen(argv, stdin=subprocess.DEVNULL, stdout=out_w, stderr=err_w, env={**os.environ, 'TORU_PLUGIN_SOCKET': path, 'TORU_LOG_LEVEL': 'trace'})
os.close(out_w); os.close(err_w)
got = {out: [], err: []}
def read(fd):
    while True:
        piece = os.read(fd, 4096)
        if not piece: return
        got[fd].append(piece.decode())
readers = [threading.Thread(target=read, args=(fd,)) for fd in got]
for reader in readers: reader.start()
while not os.path.exists(path) and child.poll() is None: time.sleep(0.01)
s = socket.socket(socket.AF_UNIX); s.connect(path)
body = json.dumps({'type': 'http', 'timestamp': '2026-01-15T10:00:00Z', 'request_id': '1', 'payload': {'method': 'GET', 'path': '/', 'headers': {}, 'body': None}}).encode()
s.sendall(struct.pack('>I', len(body)) + body)
answer = s.recv(65536)[4:].decode()
s.close()
child.terminate()
code = child.wait()
for reader in readers: reader.join()
print(json.dumps({'stdout': ''.join(got[out]), 'pieces': got[err], 'answer': json.loads(answer), 'code': code}))
`

const LINES: ReadonlyArray<readonly [level: string, message: string]> = [
  ['Info', 'printed in @OnInit'],
  ['Info', 'with console.log'],
  ['Error', 'with console.error'],
  ['Info', 'with process.stdout.write'],
  ['Trace', 'logged at trace'],
  ['Debug', 'logged at debug'],
  ['Info', 'logged at info'],
  ['Warn', 'logged at warn'],
  ['Error', 'logged at error'],
  ['Error', 'with a reason'],
]

pythonTest(
  'nothing that is printed, in whatever way, reaches stdout; all of it is in stderr',
  async t => {
    const path = join(folder(), 'plugin.sock')
    const result = await python(HOST, [path, process.execPath, pluginFile('printer')])
    if (!isObject(result) || !Array.isArray(result.pieces)) return t.fail()
    t.deepEqual([result.stdout, result.code, idIn(result.answer)], ['', 0, '1'])
    const text = result.pieces.join('')
    for (const raw of ['with fs.writeSync', 'from a child', 'from its stderr'])
      t.true(text.includes(raw), raw)
    const entries = text
      .split('\n')
      .filter(line => line.trimStart().startsWith('{'))
      .map(line => JSON.parse(line))
    for (const [level, message] of LINES) {
      const entry = entries.find(candidate => candidate.message === message)
      t.deepEqual([entry?.level, entry?.plugin], [level, 'printer'], message)
    }
    return
  },
)

pythonTest('each entry is one read of the host: one JSON object in 4,096 bytes', async t => {
  const path = join(folder(), 'plugin.sock')
  const result = await python(HOST, [path, process.execPath, pluginFile('workshop')])
  if (!isObject(result) || !Array.isArray(result.pieces)) return t.fail()
  t.true(result.pieces.length >= 3)
  for (const piece of result.pieces) {
    t.is(Buffer.byteLength(piece), 4096)
    t.is(JSON.parse(piece).plugin, 'workshop')
  }
  return
})

test('each line of stderr is one JSON object in the host’s form', async t => {
  const plugin = await startPlugin(t, 'printer')
  await ask(plugin.path, http('tagged', 'p'))
  const { error, ...entry } = await plugin.entry('with a reason')
  t.regex(String(error), /^Error: the reason\n {4}at /)
  t.regex(String(entry.timestamp), /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
  t.deepEqual(entry, {
    timestamp: entry.timestamp,
    level: 'Error',
    message: 'with a reason',
    plugin: 'printer',
    pid: plugin.child.pid,
  })
  const { timestamp, ...warned } = await plugin.entry('logged at warn')
  t.deepEqual(warned, {
    level: 'Warn',
    message: 'logged at warn',
    plugin: 'printer',
    pid: plugin.child.pid,
    level_: 1,
    size: 5,
  })
})

for (const [level, expected] of [
  ['trace', ['trace', 'debug', 'info', 'warn', 'error']],
  ['WARN', ['warn', 'error']],
  [undefined, ['info', 'warn', 'error']],
  ['loud', ['info', 'warn', 'error']],
] as const) {
  test(`TORU_LOG_LEVEL=${level ?? ''} decides what is logged`, async t => {
    const plugin = await startPlugin(t, 'printer', { env: { TORU_LOG_LEVEL: level } })
    await ask(plugin.path, http('tagged', 'p'))
    await plugin.entry('with a reason')
    const messages = plugin.entries().map(({ message }) => String(message))
    t.deepEqual(
      messages.flatMap(message => /^logged at (.*)$/.exec(message)?.slice(1) ?? []),
      [...expected],
    )
    t.is(
      messages.some(message => message.startsWith('TORU_LOG_LEVEL: expected one of ')),
      level === 'loud',
    )
  })
}

test('TORU_LOG_FILE=1 writes the same lines to the file that init names', async t => {
  const plugin = await startPlugin(t, 'workshop', { env: { TORU_LOG_FILE: '1' } })
  const log = join(folder(), 'plugin.log')
  await tell(plugin.path, init('i', log))
  await plugin.entry('ready')
  await ask(plugin.path, http('tagged', 'n', { path: '/nowhere' }))
  await plugin.entry('GET /nowhere')
  const lines = readFileSync(log, 'utf8').trimEnd().split('\n')
  t.deepEqual(
    lines.map(text => JSON.parse(text)),
    plugin.entries().slice(1),
  )
  t.is(statSync(log).mode & 0o777, 0o600)
})

test('without TORU_LOG_FILE=1 no file is written', async t => {
  const plugin = await startPlugin(t, 'workshop', { env: { TORU_LOG_FILE: '0' } })
  const log = join(folder(), 'plugin.log')
  await tell(plugin.path, init('i', log))
  await plugin.entry('ready')
  t.false(existsSync(log))
})

test('a log file that cannot be written is said and survived', async t => {
  const plugin = await startPlugin(t, 'workshop', { env: { TORU_LOG_FILE: '1' } })
  await tell(plugin.path, init('i', join(folder(), 'none', 'plugin.log')))
  await plugin.entry('cannot be written')
  t.is(idIn(await ask(plugin.path, http('tagged', 'n'))), 'n')
})

test('a plugin whose stderr nobody reads any more, or that has none, keeps serving', async t => {
  const plugin = await startPlugin(t, 'printer')
  plugin.child.stderr?.destroy()
  plugin.child.stdout?.destroy()
  for (const id of ['1', '2', '3']) t.is(idIn(await ask(plugin.path, http('tagged', id))), id)
  const silent = await startPlugin(t, 'printer', { stdio: 'ignore' })
  t.is(idIn(await ask(silent.path, http('tagged', 's'))), 's')
})

test('a plugin that was started without descriptors for stdout and stderr keeps serving', async t => {
  const path = join(folder(), 'plugin.sock')
  const env = { ...process.env, TORU_PLUGIN_SOCKET: path, TORU_DATA_DIR: folder() }
  const child = spawn(
    'sh',
    ['-c', 'exec "$0" "$1" >&- 2>&-', process.execPath, pluginFile('printer')],
    { env, stdio: 'ignore' },
  )
  t.teardown(() => void child.kill('SIGKILL'))
  await socketAt(path)
  for (const id of ['1', '2', '3']) t.is(idIn(await ask(path, http('tagged', id))), id)
})

test('a plugin whose stdout and stderr nobody reads is not held up', async t => {
  const plugin = await startPlugin(t, 'workshop', { env: { TORU_LOG_LEVEL: 'info' } })
  plugin.child.stderr?.pause()
  const host = await connectHost(plugin.path)
  for (let round = 0; round < 20; round++) {
    const ids = Array.from({ length: 100 }, (_, index) => `${round}-${index}`)
    host.send(...ids.map(id => http('tagged', id, { path: `/nowhere/${'x'.repeat(500)}` })))
    t.deepEqual((await host.answers(100)).map(idIn), ids)
  }
  host.destroy()
})
