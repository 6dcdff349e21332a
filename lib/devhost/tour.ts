/**
 * Plays the host against one plugin and shows what is said: its metadata, then over its socket, in the `tagged` dialect, init, both routes of the hello
 * sample, one that does not exist, the three KV operations, and shutdown. Usage: `node dist/lib/devhost/tour.js <entry.js>`
 */
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import * as O from 'fp-ts/lib/Option.js'
import { dialects, encodeFrame, FrameDecoder, type HostMessage } from '../protocol.js'

const tagged = dialects.tagged
const PATIENCE = 5_000

const main = async (entry: string): Promise<number> => {
  const folder = mkdtempSync(join(tmpdir(), 'toru-tour-'))
  const path = join(folder, 'plugin.sock')
  say(`1. The host asks the plugin what it is:  node ${entry} --metadata`)
  show(execFileSync(process.execPath, [entry, '--metadata'], { encoding: 'utf8' }).trimEnd())

  say(`\n2. It starts the plugin with TORU_PLUGIN_SOCKET=${path}`)
  const begun = performance.now()
  const plugin = spawn(process.execPath, [entry], {
    env: { ...process.env, TORU_PLUGIN_SOCKET: path, TORU_DATA_DIR: join(folder, 'data') },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const log: Buffer[] = []
  plugin.stderr.on('data', (chunk: Buffer) => log.push(chunk))
  try {
    await listening(plugin, path)
    say(`   and the socket is there after ${milliseconds(begun)}.`)
    say('\n3. Each message goes over a connection of its own, as a length of four bytes and JSON:')
    for (const [what, message] of messages(path)) await exchange(path, what, message)
    const [code] = await once(plugin, 'exit')
    say(`   The plugin ended with exit code ${code}.`)
    say('\n4. What the plugin logged meanwhile, on stderr:')
    show(Buffer.concat(log).toString().trimEnd())
    return code === 0 ? 0 : 1
  } finally {
    plugin.kill('SIGKILL')
    rmSync(folder, { recursive: true, force: true })
  }
}

const messages = (path: string): ReadonlyArray<readonly [string, HostMessage]> => [
  [
    'init',
    {
      _tag: 'Init',
      instanceId: '0b8f3a3e-0000-4000-8000-000000000001',
      pluginSocket: path,
      logPath: '/var/log/toru/plugins/my-plugin.log',
    },
  ],
  ['GET /', http('GET', '/', null)],
  ['POST /data', http('POST', '/data', '{"key":"value"}')],
  ['GET /nowhere', http('GET', '/nowhere', null)],
  ['KV get initialized', kv('get', 'initialized')],
  ['KV set theme', kv('set', 'theme', 'dark')],
  ['KV get theme', kv('get', 'theme')],
  ['KV delete theme', kv('delete', 'theme')],
  ['shutdown', { _tag: 'Shutdown' }],
]

const http = (method: string, path: string, body: string | null): HostMessage => ({
  _tag: 'Http',
  requestId: crypto.randomUUID(),
  method,
  path,
  pathDecoded: true,
  headers: body === null ? {} : { 'content-type': 'application/json' },
  body,
})

const kv = (action: 'get' | 'set' | 'delete', key: string, value?: string): HostMessage => ({
  _tag: 'Kv',
  requestId: crypto.randomUUID(),
  action,
  key,
  value,
})

/** One message on a fresh connection, and its answer where there is one, with the time between the two. */
const exchange = async (path: string, what: string, message: HostMessage): Promise<void> => {
  const text = tagged.encodeMessage(message, new Date().toISOString())
  const frame = encodeFrame(text)
  if (E.isLeft(frame)) throw new Error(frame.left.message)
  const begun = performance.now()
  const socket = connect(path)
  await once(socket, 'connect')
  socket.write(frame.right)
  say(`\n   ── ${what}`)
  show(`→ ${text}`)
  if (message._tag === 'Http' || message._tag === 'Kv') {
    const answer = await answerOn(socket)
    show(`← ${answer}`)
    say(`   answered in ${milliseconds(begun)}, connecting included`)
  }
  socket.end()
}

const answerOn = (socket: ReturnType<typeof connect>): Promise<string> =>
  new Promise((resolve, reject) => {
    const decoder = new FrameDecoder()
    socket.setTimeout(PATIENCE, () => reject(new Error(`no answer within ${PATIENCE} ms`)))
    socket.on('error', reject)
    socket.on('end', () => reject(new Error('the plugin closed the connection without an answer')))
    socket.on('data', (chunk: Buffer) => {
      decoder.append(chunk)
      const taken = decoder.take()
      if (E.isLeft(taken)) reject(new Error(taken.left.message))
      else if (O.isSome(taken.right)) resolve(taken.right.value.toString())
    })
  })

/** The name of the socket appears once connections are accepted, so one that is accepted means that the plugin is up. */
const listening = (plugin: ChildProcess, path: string): Promise<void> =>
  new Promise((resolve, reject) => {
    plugin.once('exit', code => reject(new Error(`the plugin ended with exit code ${code} before it listened`)))
    const deadline = performance.now() + PATIENCE
    const attempt = (): void => {
      const socket = connect(path, () => {
        socket.destroy()
        resolve()
      })
      socket.on('error', error => {
        if (performance.now() > deadline) reject(error)
        else setTimeout(attempt, 2)
      })
    }
    attempt()
  })

const say = (text: string): void => console.log(text)
const show = (text: string): void => console.log(text.replace(/^/gm, '     '))
const milliseconds = (since: number): string => `${(performance.now() - since).toFixed(1)} ms`

const entry = process.argv[2]
if (entry === undefined) {
  console.error('usage: node dist/lib/devhost/tour.js <entry.js>: the compiled file of a plugin that ends in registerPlugin')
  process.exitCode = 64
} else {
  main(entry).then(
    code => {
      process.exitCode = code
    },
    (error: Error) => {
      console.error(`the tour ended early: ${error.message}`)
      process.exitCode = 1
    },
  )
}
