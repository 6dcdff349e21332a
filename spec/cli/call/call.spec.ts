import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { pythonTest } from '../../fixtures/python.js'
import { frame, frameReader, line, lineReader } from '../../support/bytes.js'
import {
  DIALECTS,
  type Dialect,
  httpAnswer,
  jsonResponse,
  kvAnswer,
  STAMP,
} from '../../support/messages.js'
import { ROOT } from '../../support/packed-project.js'
import { pluginText, tscProject } from '../../support/packing.js'
import { folder, pluginFile } from '../../support/plugin-process.js'
import { sharedPlugin } from '../../support/shared-plugin.js'
import { toruPlugin } from '../../support/terminal.js'

const workshop = sharedPlugin('workshop')
// Its KV messages have more time than those of the workshop.
const catalog = sharedPlugin('catalog')

type Sent = Readonly<Record<string, unknown>>

/** A plugin of bytes: it keeps what came, and writes what the test says. */
const bytePlugin = async (
  t: ExecutionContext,
  answer: (message: Sent, socket: Socket) => Buffer | undefined,
  framing = 'frames',
) => {
  const place = mkdtempSync(join(tmpdir(), 'toru-'))
  const path = join(place, 'plugin.sock')
  const came: Sent[] = []
  const sockets = new Set<Socket>()
  const server: Server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => undefined)
    const read = framing === 'frames' ? frameReader() : lineReader()
    socket.on('data', (chunk: Buffer) => {
      for (const message of read(chunk)) {
        came.push(message as Sent)
        const bytes = answer(message as Sent, socket)
        if (bytes !== undefined) socket.write(bytes)
      }
    })
  })
  await new Promise<void>(resolve => server.listen(path, resolve))
  t.teardown(() => {
    for (const socket of sockets) socket.destroy()
    server.close()
    rmSync(place, { recursive: true, force: true })
  })
  return { path, came }
}

const idOf = (message: Sent): string => String(message.request_id)
/** A frame of an answer with a time. */
const stamped = (answer: object): Buffer => frame({ ...answer, timestamp: STAMP })

const ok =
  (dialect: Dialect = 'tagged') =>
  (message: Sent): Buffer =>
    stamped(
      httpAnswer(dialect, idOf(message), { status: 200, headers: { 'X-A': 'b' }, body: 'grüße' }),
    )

/** The request in a message of today's host. */
const requestIn = (message: Sent | undefined): unknown => payloadOf(message).payload

const payloadOf = (message: Sent | undefined): Sent => (message?.payload ?? {}) as Sent

test('a path is asked for with GET, and the body comes as it is', async t => {
  const { path, came } = await bytePlugin(t, ok())
  t.deepEqual(await toruPlugin('call', path, '/a?x=1'), { code: 0, stdout: 'grüße', stderr: '' })
  t.deepEqual(requestIn(came[0]), { method: 'GET', path: '/a?x=1', headers: {}, body: null })
})

test('data makes it POST, with a content type of its own; words and headers have the last say', async t => {
  const { path, came } = await bytePlugin(t, ok())
  await toruPlugin('call', path, '/', '-d', '{"a":1}')
  await toruPlugin('call', path, '/', '-d', 'a', '-d', 'b')
  await toruPlugin(
    'call',
    path,
    'put',
    '/',
    '-d',
    '',
    '-H',
    'Content-Type: text/csv',
    '-H',
    'X-Two: a: b ',
  )
  await toruPlugin('call', path, '/', '-X', 'PATCH', '-d', '5', '-H', 'content-type:')
  t.deepEqual(came.map(requestIn), [
    { method: 'POST', path: '/', headers: { 'content-type': 'application/json' }, body: '{"a":1}' },
    { method: 'POST', path: '/', headers: { 'content-type': 'text/plain' }, body: 'a&b' },
    {
      method: 'PUT',
      path: '/',
      headers: { 'content-type': 'text/csv', 'x-two': 'a: b' },
      body: '',
    },
    { method: 'PATCH', path: '/', headers: {}, body: '5' },
  ])
})

test('a path is decoded as the host of today does, and in no other dialect', async t => {
  const { path, came } = await bytePlugin(t, message =>
    ok((message.payload as Sent).type === 'http' ? 'tagged' : 'documented')(message),
  )
  await toruPlugin('call', path, '/a%20b%2F?c=%20')
  await toruPlugin('call', path, '/a%20b', '--path-as-is')
  await toruPlugin('call', path, '/100%')
  await toruPlugin('call', path, '/a%20b', '--dialect', 'documented')
  t.deepEqual(
    came.map(message => (message.payload as Sent).path ?? (requestIn(message) as Sent).path),
    ['/a b/?c=%20', '/a%20b', '/100%', '/a%20b'],
  )
})

test.serial('-d reads files and stdin, and refuses what is not text', async t => {
  const { path, came } = await bytePlugin(t, ok())
  const place = folder()
  const [text, bytes] = [join(place, 'body.json'), join(place, 'bytes')]
  writeFileSync(text, '\ufeff{"a":\n1}\n')
  writeFileSync(bytes, Buffer.from([0xff, 0xfe, 0xff]))
  t.is((await toruPlugin('call', path, '/', '-d', `@${text}`)).code, 0)
  const child = spawn(
    process.execPath,
    [join(ROOT, 'dist/lib/cli/main.js'), 'call', path, '/', '-d', '@-'],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  )
  child.stdin.end('from stdin')
  t.is(await new Promise(resolve => child.once('close', resolve)), 0)
  t.deepEqual(
    came.map(message => (requestIn(message) as Sent).body),
    ['{"a":\n1}\n', 'from stdin'],
  )
  const refused = await toruPlugin('call', path, '/', '-d', `@${bytes}`)
  t.is(refused.code, 1)
  t.regex(refused.stderr, /: it is UTF-16: save it as UTF-8\n {2}The protocol carries only text/)
  t.regex(
    (await toruPlugin('call', path, '/', '-d', '@/nowhere')).stderr,
    /-d @\/nowhere cannot be read: ENOENT/,
  )
  t.is(came.length, 2)
})

test('-i shows status and headers, -o writes the body to a file, --json has everything', async t => {
  const { path } = await bytePlugin(t, ok())
  t.is((await toruPlugin('call', path, '/', '-i')).stdout, 'HTTP 200 OK\nX-A: b\n\ngrüße')
  const file = join(folder(), 'body')
  t.is((await toruPlugin('call', path, '/', '-o', file)).stdout, '')
  t.is(readFileSync(file, 'utf8'), 'grüße')
  const { time, ...answer } = JSON.parse((await toruPlugin('call', path, '/', '--json')).stdout)
  t.deepEqual(answer, { status: 200, headers: { 'X-A': 'b' }, body: 'grüße' })
  t.deepEqual(Object.keys(time), ['connect', 'firstByte', 'total'])
  t.true(time.connect <= time.firstByte && time.firstByte <= time.total)
})

test('-f makes a status of 400 or more, and a key without a value, exit with 1', async t => {
  const { path } = workshop()
  t.is((await toruPlugin('call', path, '/nowhere')).code, 0)
  const { code, stdout } = await toruPlugin('call', path, '/nowhere', '-f')
  t.is(code, 1)
  t.is(JSON.parse(stdout).message, 'there is no route GET /nowhere')
  t.is((await toruPlugin('call', path, '/', '-f')).code, 0)
  t.deepEqual(await toruPlugin('call', path, 'kv', 'get', 'absent'), {
    code: 0,
    stdout: '',
    stderr: 'null\n',
  })
  t.is((await toruPlugin('call', path, 'kv', 'get', 'absent', '-f')).code, 1)
})

test('-w prints what it is asked for after the body, or a summary beside it', async t => {
  const { path } = await bytePlugin(t, ok())
  const { stdout } = await toruPlugin(
    'call',
    path,
    '/',
    '-w',
    String.raw`\n%{status} %{http_code} %{size} 100%%\t%{time_total}\n`,
  )
  t.regex(stdout, /^grüße\n200 200 7 100%\t\d+\.\d{6}\n$/)
  const sized = (
    await toruPlugin('call', path, '/', '-w', '|%{size_upload}|%{size_download}|%{time_start}')
  ).stdout.split('|')
  t.true(Number(sized[1]) > 100 && Number(sized[2]) > 100)
  t.is(sized[3], '0.000000')
  const summed = await toruPlugin('call', path, '/', '-w')
  t.is(summed.stdout, 'grüße')
  t.regex(
    summed.stderr,
    /^status 200, \d+\.\d ms \(connected \d+\.\d ms, first byte \d+\.\d ms\), \d+ bytes sent, \d+ received\n$/,
  )
  const unknown = await toruPlugin('call', path, '/', '-w', '%{speed} %{__proto__}')
  t.is(unknown.code, 2)
  t.regex(unknown.stderr, /no variable %\{speed\}, %\{__proto__\}\n {2}It has status, /)
})

test('--raw shows the frames that went over the socket, also when what came is no answer', async t => {
  const { path } = await bytePlugin(t, ok())
  const { stdout, stderr } = await toruPlugin('call', path, '/', '--raw')
  t.is(stdout, 'grüße')
  const [sent = '', request = '', received = '', answer = ''] = stderr.split('\n')
  t.is(
    request.slice(2).length,
    Number(/^> 00 00 ([0-9a-f ]{5}): a frame of (\d+) bytes$/.exec(sent)?.[2]),
  )
  t.is(Number.parseInt(sent.slice(2, 13).replaceAll(' ', ''), 16), request.slice(2).length)
  t.is(
    Buffer.byteLength(answer.slice(2)),
    Number(/^< [0-9a-f ]{11}: a frame of (\d+) bytes$/.exec(received)?.[1]),
  )
  t.is(JSON.parse(answer.slice(2)).request_id, JSON.parse(request.slice(2)).request_id)

  const noise = await bytePlugin(t, () => Buffer.from('\0\0\0\u0005hello and more'))
  const broken = await toruPlugin('call', noise.path, '/', '--raw')
  t.is(broken.code, 1)
  t.regex(
    broken.stderr,
    /< 00 00 00 05: a frame of 5 bytes, and 14 bytes after it\n< hello and more\nerror: what came is no answer: /,
  )
})

for (const dialect of DIALECTS) {
  test(`${dialect}: HTTP and KV messages are answered by a real plugin`, async t => {
    const { path } = workshop()
    const keys = catalog().path
    const own = ['--dialect', dialect]
    t.is((await toruPlugin('call', path, 'POST', '/echo', '-d', 'zoë', ...own)).stdout, 'zoë')
    t.deepEqual(await toruPlugin('call', keys, 'kv', 'set', dialect, 'a value', '-f', ...own), {
      code: 0,
      stdout: '',
      stderr: '',
    })
    t.deepEqual(await toruPlugin('call', keys, 'kv', 'get', dialect, ...own), {
      code: 0,
      stdout: 'a value\n',
      stderr: '',
    })
    t.is((await toruPlugin('call', keys, 'kv', 'delete', dialect, ...own)).code, 0)
    t.is(
      JSON.parse((await toruPlugin('call', keys, 'kv', 'get', dialect, '--json', ...own)).stdout)
        .value,
      null,
    )
    t.is((await toruPlugin('call', path, '/plain', '--lines', ...own)).stdout, 'grüße 🔌')
  })
}

test('--lines sends a line and reads one', async t => {
  const { path, came } = await bytePlugin(
    t,
    message => line({ ...kvAnswer('tagged', idOf(message), 'v'), timestamp: STAMP }),
    'lines',
  )
  const { stdout, stderr } = await toruPlugin('call', path, 'kv', 'get', 'k', '--lines', '--raw')
  t.is(stdout, 'v\n')
  t.is(payloadOf(came[0]).action, 'Get')
  t.regex(stderr, /^> \{"type":"kv".*\}\n< \{"type":"kv".*\}\n$/)
})

for (const action of ['init', 'shutdown', 'ping']) {
  test(`${action} is sent and waits for no answer`, async t => {
    const { path, came } = await bytePlugin(t, () => undefined)
    const { code, stdout, stderr } = await toruPlugin('call', path, action)
    t.deepEqual(
      { code, stdout, stderr },
      { code: 0, stdout: '', stderr: 'sent; a lifecycle message has no answer\n' },
    )
    t.is(came.length, 1)
    const { type, payload } = came[0] ?? {}
    const { instance_id, ...fields } = payload as Sent
    t.is(type, 'lifecycle')
    t.deepEqual(fields, {
      type: 'lifecycle',
      action,
      ...(action === 'init' ? { plugin_socket: path, log_path: '/dev/null' } : {}),
    })
    t.is(typeof instance_id, action === 'init' ? 'string' : 'undefined')
  })
}

test.serial(
  "a plugin's file is started, sent its init and its message, and stopped; nothing of it is left",
  async t => {
    const before = readdirSync(tmpdir()).filter(name => name.startsWith('toru-run-'))
    const { code, stdout, stderr } = await toruPlugin(
      'call',
      pluginFile('workshop'),
      '/context',
      '--init',
      '-v',
      '-w',
    )
    t.is(code, 0)
    const { instanceId, id } = JSON.parse(stdout)
    t.is(id, 'workshop')
    t.regex(instanceId, /^[0-9a-f-]{36}$/)
    t.regex(stderr, /^status 200, started in \d/)
    const log = stderr.split('\n').filter(text => text.startsWith('{'))
    t.regex(log.join('\n'), /listens on/)
    t.regex(log.at(-1) ?? '', /stop/)
    const { pid } = JSON.parse(log[0] ?? '{}')
    t.throws(() => process.kill(pid, 0), { code: 'ESRCH' })
    const after = readdirSync(tmpdir()).filter(
      name => name.startsWith('toru-run-') && !before.includes(name),
    )
    t.deepEqual(
      after.filter(name => log.join().includes(name)),
      [],
    )
  },
)

test.serial('an entry in TypeScript can be called, and its stacks show its lines', async t => {
  const fails = "@Get('/') hello() {\n  throw new Error('on purpose')\n}"
  const root = tscProject({ 'main.ts': pluginText({}, fails) })
  const { code, stdout, stderr } = await toruPlugin('call', join(root, 'main.ts'), '/', '-v')
  t.deepEqual([code, JSON.parse(stdout).error], [0, 'Internal'], stderr)
  t.true(stderr.includes(`${join(root, 'main.ts')}:6:`), stderr)
})

pythonTest('a plugin in another language can be called', async t => {
  const file = join(folder(), 'echo.binary')
  writeFileSync(
    file,
    `#!/usr/bin/env python3
import json, os, socket, struct
s = socket.socket(socket.AF_UNIX)
s.bind(os.environ['TORU_PLUGIN_SOCKET'])
s.listen()
while True:
    c, _ = s.accept()
    f = c.makefile('rwb')
    head = f.read(4)
    if len(head) == 4:
        m = json.loads(f.read(struct.unpack('>I', head)[0]))
        answer = json.dumps({**m, 'payload': {'status': 200, 'headers': {}, 'body': m['payload']['path']}}).encode()
        f.write(struct.pack('>I', len(answer)) + answer)
        f.flush()
    c.close()
`,
    { mode: 0o755 },
  )
  const { code, stdout, stderr } = await toruPlugin(
    'call',
    file,
    '/from/python',
    '--dialect',
    'documented',
  )
  t.deepEqual({ code, stdout }, { code: 0, stdout: '/from/python' }, stderr)
})

const reply = (status: number) => (message: Sent) =>
  stamped(httpAnswer('tagged', `not ${idOf(message)}`, jsonResponse(null, status)))

for (const [what, answer, said] of [
  [
    'an answer to another request',
    reply(200),
    /is to another request: expected the request_id ".*", got "not /,
  ],
  ['an answer that is cut', () => Buffer.from([0, 0, 1]), /what came is no answer: /],
  [
    'a connection closed without an answer',
    () => undefined,
    /closed the connection without an answer/,
  ],
  [
    'an answer of another dialect',
    (message: Sent) => ok('documented')(message),
    /what came is no answer: /,
  ],
] as const) {
  test(`${what} is an error`, async t => {
    const { path } = await bytePlugin(t, (message, socket) => {
      const bytes = answer(message)
      if (bytes === undefined) socket.end()
      else socket.end(bytes)
      return undefined
    })
    const { code, stdout, stderr } = await toruPlugin('call', path, '/')
    t.is(code, 1)
    t.is(stdout, '')
    t.regex(stderr, said)
  })
}

test('a plugin that does not answer in time is an error, and so is a socket that nobody listens on', async t => {
  const { path } = await bytePlugin(t, () => undefined)
  const late = await toruPlugin('call', path, '/', '--timeout', '1')
  t.is(late.code, 1)
  t.regex(late.stderr, /no answer within 1 s\n {2}The host waits 30 s/)

  const stale = join(folder(), 'stale.sock')
  const program = `const { createServer } = require('net'); createServer().listen(process.argv[1], () => process.kill(process.pid, 'SIGKILL'))`
  await new Promise(resolve =>
    spawn(process.execPath, ['-e', program, stale]).once('close', resolve),
  )
  const refused = await toruPlugin('call', stale, '/')
  t.is(refused.code, 1)
  t.regex(refused.stderr, /ECONNREFUSED.*\n {2}Nobody listens there/)
})

for (const [what, args, code, said] of [
  ['no words', ['p'], 2, /call needs <words\.\.\.>: what to send\n/],
  ['words that mean nothing', ['p', 'dance'], 2, /"dance" is no message\n {2}Forms: /],
  ['a word too many', ['p', 'GET', '/', 'x'], 2, /unexpected argument "x"/],
  ['a path too many', ['p', '/', '/'], 2, /unexpected argument "\/"/],
  ['two methods', ['p', 'GET', '/', '-X', 'PUT'], 2, /the method is given twice/],
  ['a header without a name', ['p', '/', '-H', 'no colon'], 2, /"no colon" is no header/],
  ['data for a KV message', ['p', 'kv', 'get', 'k', '-d', 'x'], 2, /need an HTTP request/],
  ['a KV action that there is not', ['p', 'kv', 'list', 'k'], 2, /get, set or delete, not "list"/],
  ['a KV message without a key', ['p', 'kv', 'get'], 2, /kv get needs a key/],
  ['a set without a value', ['p', 'kv', 'set', 'k'], 2, /kv set needs a value/],
  ['a get with a value', ['p', 'kv', 'get', 'k', 'v'], 2, /unexpected argument "v"/],
  ['a timeout that is none', ['p', '/', '-m', 'soon'], 2, /--timeout soon: expected seconds/],
  [
    'a plugin that does not exist',
    ['/nowhere/p.sock', '/'],
    2,
    /\/nowhere\/p\.sock does not exist\n {2}Name a plugin's file, or the socket/,
  ],
  ['a file that is no plugin', [join(ROOT, 'package.json'), '/'], 1, /EACCES/],
] as const) {
  test(`${what}: exit code ${code}, and what to do`, async t => {
    const result = await toruPlugin('call', ...args)
    t.is(result.code, code, result.stderr)
    t.regex(result.stderr, said)
    t.is(result.stdout, '')
  })
}
