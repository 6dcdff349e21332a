import { existsSync } from 'node:fs'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { HostMessage, HttpAnswer } from '../../../lib/domain/message.js'
import { protocolError, socketError, timeoutError } from '../../../lib/domain/plugin-error.js'
import {
  type ClientOptions,
  connectClient,
  type PluginClient,
  requestOnce,
  withClient,
} from '../../../lib/transport/client/client.js'
import type { Reply } from '../../../lib/wire/dialect.js'
import { wireError } from '../../../lib/wire/wire-error.js'
import { fakePlugin, type OnMessage } from './fake-plugin.js'

const answerWith = (body: string): HttpAnswer => ({
  _tag: 'HttpAnswer',
  status: 200,
  headers: { 'content-type': 'text/plain' },
  body,
})

/** Answers an HTTP request with what it was, and plays a store of one value. */
const echo: OnMessage = (message, respond) => {
  if (message._tag === 'Http')
    respond(
      answerWith(JSON.stringify([message.method, message.path, message.headers, message.body])),
    )
  if (message._tag === 'Kv')
    respond({
      _tag: 'KvAnswer',
      value: message.key === 'theme' && message.action === 'get' ? 'dark' : null,
    })
}

const use = async <A>(
  target: string | ClientOptions,
  f: (client: PluginClient) => Promise<A>,
): Promise<A> => {
  const result = await withClient(target, client => TE.fromTask(() => f(client)))()
  if (E.isLeft(result)) throw new Error(result.left.message)
  return result.right
}

for (const dialect of ['documented', 'nested', 'tagged'] as const) {
  for (const framing of ['frames', 'lines'] as const) {
    test(`requests and answers in ${dialect}, in ${framing}`, async t => {
      const path = await fakePlugin(t, echo)
      await use({ path, dialect, framing }, async client => {
        t.deepEqual(
          await client.http({
            method: 'POST',
            path: '/notes?x=1',
            headers: { accept: '*/*' },
            body: '"Zoë 🔌"\n',
          })(),
          E.right(
            answerWith(JSON.stringify(['POST', '/notes?x=1', { accept: '*/*' }, '"Zoë 🔌"\n'])),
          ),
        )
        t.deepEqual(
          await client.http({ method: 'GET', path: '/' })(),
          E.right(answerWith('["GET","/",{},null]')),
        )
        t.deepEqual(await client.kv.get('theme')(), E.right(O.some('dark')))
        t.deepEqual(await client.kv.get('other')(), E.right(O.none))
        t.deepEqual(await client.kv.set('theme', 'light')(), E.right(undefined))
        t.deepEqual(await client.kv.delete('theme')(), E.right(undefined))
      })
    })
  }
}

test('lifecycle messages are sent and wait for no answer', async t => {
  const heard: HostMessage[] = []
  let done = (): void => {}
  const all = new Promise<void>(resolve => {
    done = resolve
  })
  const path = await fakePlugin(t, message => {
    if (heard.push(message) === 3) done()
  })
  await use(path, async client => {
    t.deepEqual(await client.init({ instanceId: 'i', logPath: '/log' })(), E.right(undefined))
    t.deepEqual(await client.lifecycle('ping')(), E.right(undefined))
    t.deepEqual(await client.shutdown()(), E.right(undefined))
  })
  await all
  t.deepEqual(heard, [
    { _tag: 'Init', instanceId: 'i', pluginSocket: path, logPath: '/log' },
    { _tag: 'UnknownLifecycle', action: 'ping' },
    { _tag: 'Shutdown' },
  ])
})

test('answers find their requests in whatever order they come', async t => {
  const held: Array<() => void> = []
  const path = await fakePlugin(t, (message, respond) => {
    if (message._tag === 'Http') held.unshift(() => respond(answerWith(message.path)))
    if (held.length === 100) for (const release of held) release()
  })
  const paths = Array.from({ length: 100 }, (_, i) => `/${i}`)
  const answers = await use(path, client =>
    Promise.all(paths.map(each => client.http({ method: 'GET', path: each })())),
  )
  t.deepEqual(
    answers,
    paths.map(each => E.right(answerWith(each))),
  )
})

test('every run of a task is a request of its own, and nothing is sent before', async t => {
  let requests = 0
  const path = await fakePlugin(t, (_, respond) => {
    requests += 1
    respond(answerWith(String(requests)))
  })
  await use(path, async client => {
    const request = client.http({ method: 'GET', path: '/' })
    t.is(requests, 0)
    t.deepEqual(
      [await request(), await request()],
      [E.right(answerWith('1')), E.right(answerWith('2'))],
    )
  })
})

test('one request on a connection of its own closes it', async t => {
  let closed = (): void => {}
  const over = new Promise<void>(resolve => {
    closed = resolve
  })
  const path = await fakePlugin(t, (message, respond, socket) => {
    socket.once('close', closed)
    echo(message, respond, socket)
  })
  t.deepEqual(
    await requestOnce(path, { method: 'GET', path: '/' })(),
    E.right(answerWith('["GET","/",{},null]')),
  )
  await over
})

test('a large body arrives in both directions', async t => {
  const path = await fakePlugin(t, (message, respond) => {
    if (message._tag === 'Http') respond(answerWith(message.body ?? ''))
  })
  const body = 'é🔌"\\'.repeat(200_000)
  t.deepEqual(
    await requestOnce(path, { method: 'POST', path: '/', body })(),
    E.right(answerWith(body)),
  )
})

test('a message over 16 MiB is not sent', async t => {
  const path = await fakePlugin(t, echo)
  const result = await requestOnce(
    { path, dialect: 'documented' },
    { method: 'POST', path: '/', body: 'x'.repeat(16_777_216) },
  )()
  t.true(
    E.isLeft(result) &&
      result.left._tag === 'Protocol' &&
      /at most 16777216 bytes/.test(result.left.message),
  )
})

test('a plugin that does not answer is a Timeout, and its late answer goes to onUnclaimed', async t => {
  const unclaimed: Reply[] = []
  let late = (): void => {}
  const path = await fakePlugin(t, (message, respond) => {
    if (message._tag === 'Http' && message.path === '/slow')
      late = () => respond(answerWith('late'))
    else respond(answerWith('fast'))
  })
  await use({ path, timeout: 1_000, onUnclaimed: reply => unclaimed.push(reply) }, async client => {
    t.deepEqual(
      await client.http({ method: 'GET', path: '/slow' })(),
      E.left(timeoutError('no answer within 1000 ms')),
    )
    late()
    t.deepEqual(await client.http({ method: 'GET', path: '/' })(), E.right(answerWith('fast')))
  })
  t.deepEqual(
    unclaimed.map(({ answer }) => answer),
    [answerWith('late')],
  )
})

test('a lost connection fails everything that waits, and everything after it', async t => {
  const path = await fakePlugin(t, (message, _, socket) => {
    if (message._tag === 'Http' && message.path === '/die') socket.destroy()
  })
  await use(path, async client => {
    const lost = E.left(socketError(`the connection to ${path} was closed by the plugin`))
    const waiting = ['/a', '/b', '/die'].map(each => client.http({ method: 'GET', path: each })())
    t.deepEqual(await Promise.all(waiting), [lost, lost, lost])
    await client.closed()
    t.deepEqual(await client.kv.get('theme')(), lost)
    t.deepEqual(await client.shutdown()(), lost)
  })
})

test('a plugin that dies within an answer is a lost connection that says so', async t => {
  const path = await fakePlugin(t, (_, __, socket) => socket.end(Buffer.from([0, 0, 0, 9, 0x7b])))
  const message = 'the connection ended within a message: 1 of 9 bytes came'
  t.deepEqual(
    await requestOnce(path, { method: 'GET', path: '/' })(),
    E.left(
      socketError(`the connection to ${path} was lost: ${message}`, wireError('FrameCut', message)),
    ),
  )
})

test('closing fails what still waits', async t => {
  const path = await fakePlugin(t, () => {})
  await use(path, async client => {
    const waiting = client.http({ method: 'GET', path: '/' })()
    await client.close()
    t.deepEqual(
      await waiting,
      E.left(socketError(`the connection to ${path} was closed by this client`)),
    )
    await client.closed()
  })
})

test('an answer that is none is a Protocol error', async t => {
  const path = await fakePlugin(t, (_, __, socket) =>
    socket.write(Buffer.from([0, 0, 0, 2, 0x7b, 0x7d])),
  )
  const message =
    'not a message of the protocol: type: expected "lifecycle", "http" or "kv", got nothing'
  t.deepEqual(
    await requestOnce(path, { method: 'GET', path: '/' })(),
    E.left(protocolError(message, wireError('InvalidMessage', message))),
  )
})

test('an answer of the wrong kind is a Protocol error', async t => {
  const path = await fakePlugin(t, (message, respond) =>
    respond(message._tag === 'Kv' ? answerWith('') : { _tag: 'KvAnswer', value: null }),
  )
  await use(path, async client => {
    t.deepEqual(
      await client.kv.get('theme')(),
      E.left(protocolError('the plugin answered a kv message with an http message')),
    )
    t.deepEqual(
      await client.http({ method: 'GET', path: '/' })(),
      E.left(protocolError('the plugin answered an http message with a kv message')),
    )
  })
})

test('raw bytes go out as they are', async t => {
  const path = await fakePlugin(t, echo)
  const replied = new Promise<Reply>(onUnclaimed => {
    void use({ path, framing: 'lines', onUnclaimed }, async client => {
      const text =
        '{"type":"kv","timestamp":"2026-01-15T10:00:00Z","payload":{"type":"kv","request_id":"mine","action":"Get","key":"theme"}}\n'
      t.deepEqual(await client.raw(text)(), E.right(undefined))
      await replied
    })
  })
  t.deepEqual(await replied, { requestId: 'mine', answer: { _tag: 'KvAnswer', value: 'dark' } })
})

test('where nobody listens the error names the path', async t => {
  const missing = await connectClient('/tmp/toru-nobody-listens.sock')()
  t.false(existsSync('/tmp/toru-nobody-listens.sock'))
  t.true(E.isLeft(missing) && missing.left._tag === 'Socket')
  t.regex(
    JSON.stringify(missing),
    /cannot connect to \/tmp\/toru-nobody-listens\.sock: connect ENOENT/,
  )
})

test('a path that no socket can have is refused and not cut', async t => {
  for (const path of ['', `/tmp/${'x'.repeat(200)}`]) {
    const result = await connectClient(path)()
    t.true(
      E.isLeft(result) &&
        result.left._tag === 'Socket' &&
        /^cannot connect: the path of a socket has 1 to \d+ bytes, not/.test(result.left.message),
    )
  }
})
