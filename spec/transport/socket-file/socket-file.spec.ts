import { type ChildProcessByStdio, spawn } from 'node:child_process'
import { once } from 'node:events'
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join, relative } from 'node:path'
import { createInterface } from 'node:readline'
import type { Readable, Writable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import test, { type ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import {
  judgeDirectory,
  MAX_SOCKET_PATH,
} from '../../../lib/transport/socket-file/socket-directory.js'
import { listenAt, type SocketFile } from '../../../lib/transport/socket-file/socket-file.js'

const LISTENER = fileURLToPath(new URL('../../fixtures/processes/listener.js', import.meta.url))

const folder = (): string => mkdtempSync(join(tmpdir(), 'toru-'))
const serve = (words = 'hello'): Server =>
  createServer(socket => socket.on('error', () => undefined).end(words))
const ask = (path: string): Promise<string> => text(connect({ path }))

const listening = async (
  t: ExecutionContext,
  path: string,
  server = serve(),
): Promise<SocketFile> => {
  const file = await listenAt(server, path)()
  if (E.isLeft(file)) throw new Error(file.left.message)
  t.teardown(() => {
    file.right.remove()
    server.close()
  })
  return file.right
}

const refusal = async (path: string): Promise<string> => {
  const server = serve()
  const file = await listenAt(server, path)()
  if (E.isRight(file)) return 'not refused'
  return server.listening
    ? 'refused, and still listening'
    : `${file.left._tag}: ${file.left.message}`
}

// A process that takes and leaves names.
const talkTo = async (t: ExecutionContext) => {
  const child: ChildProcessByStdio<Writable, Readable, null> = spawn(process.execPath, [LISTENER], {
    stdio: ['pipe', 'pipe', 'inherit'],
  })
  const answers = createInterface({ input: child.stdout })
  t.teardown(() => child.kill('SIGKILL'))
  const answer = async (): Promise<string> => String((await once(answers, 'line'))[0])
  const tell = (command: string): Promise<string> => {
    child.stdin.write(`${command}\n`)
    return answer()
  }
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
  await answer()
  return { pid: child.pid, tell, kill }
}

test('a server is reached at its path, by this user only, and nothing else is left there', async t => {
  const directory = join(folder(), 'sockets', 'toru')
  const path = join(directory, 'notes.sock')
  const file = await listening(t, path)
  t.is(await ask(path), 'hello')
  t.is(file.path, path)
  t.deepEqual(file.warnings, [])
  t.is(lstatSync(path).mode & 0o777, 0o600)
  t.is(statSync(directory).mode & 0o777, 0o700)
  t.is(statSync(join(directory, '..')).mode & 0o777, 0o700)
  t.deepEqual(readdirSync(directory), ['notes.sock'])
  t.true(file.owned())
  t.false(file.gone())
})

test('a relative path starts at the working directory', async t => {
  const path = join(folder(), 'notes.sock')
  const file = await listening(t, relative(process.cwd(), path))
  t.is(file.path, path)
  t.is(await ask(path), 'hello')
})

const pathOf = (bytes: number, name: string): string => {
  const start = join(folder(), 'ü')
  return join(start + 'd'.repeat(bytes - Buffer.byteLength(start) - name.length - 1), name)
}

test('a path may be as long as the system allows, whatever the length of its last part', async t => {
  for (const name of ['s', 'notes.sock', 'a-rather-long-name.sock']) {
    const path = pathOf(MAX_SOCKET_PATH, name)
    t.is(Buffer.byteLength(path), MAX_SOCKET_PATH)
    await listening(t, path)
    t.is(await ask(path), 'hello')
  }
})

test('a path that is too long is refused with both numbers', async t => {
  const path = pathOf(MAX_SOCKET_PATH + 1, 'notes.sock')
  t.is(
    await refusal(path),
    `Socket: The path of the socket is ${MAX_SOCKET_PATH + 1} bytes long, and a Unix socket takes at most ${MAX_SOCKET_PATH}: ${path}. Set TORU_PLUGIN_SOCKET to a shorter one.`,
  )
  t.false(existsSync(join(path, '..')))
  t.regex(await refusal(''), /is empty/)
  t.regex(await refusal('/tmp/a\0b'), /NUL/)
})

test('the socket of a dead process is replaced', async t => {
  const path = join(folder(), 'notes.sock')
  const other = await talkTo(t)
  t.is(await other.tell(`take ${path}`), 'taken')
  t.is(await ask(path), String(other.pid))
  await other.kill()
  t.true(existsSync(path))
  await listening(t, path)
  t.is(await ask(path), 'hello')
  t.deepEqual(readdirSync(join(path, '..')), ['notes.sock'])
})

test('the socket of a living process is never taken', async t => {
  const path = join(folder(), 'notes.sock')
  const other = await talkTo(t)
  await other.tell(`take ${path}`)
  t.is(
    await refusal(path),
    `Socket: ${path} is in use: a process answers there (the file belongs to user ${process.geteuid?.()}). ` +
      'Stop the other copy of this plugin (`ss -xlp | grep notes.sock` may show it), or set TORU_PLUGIN_SOCKET to another path.',
  )
  t.is(await ask(path), String(other.pid))
  t.deepEqual(readdirSync(join(path, '..')), ['notes.sock'])
})

test('what is no socket is never removed', async t => {
  const directory = folder()
  const file = join(directory, 'file')
  const link = join(directory, 'link')
  const inner = join(directory, 'inner')
  writeFileSync(file, 'precious')
  symlinkSync(join(directory, 'nowhere'), link)
  mkdirSync(inner)
  for (const path of [file, link, inner]) {
    t.is(
      await refusal(path),
      `Socket: ${path} exists and is not a socket. Remove it, or set TORU_PLUGIN_SOCKET to another path.`,
    )
  }
  t.is(readFileSync(file, 'utf8'), 'precious')
  t.deepEqual(readdirSync(directory).sort(), ['file', 'inner', 'link'])
  t.is(
    await refusal(join(file, 'notes.sock')),
    `Socket: The directory ${file} for the socket cannot be used: it is not a directory.`,
  )
})

test('removing takes the own name and no other', async t => {
  const path = join(folder(), 'notes.sock')
  const server = serve()
  const file = await listening(t, path, server)
  // The host removes the name and starts another copy.
  unlinkSync(path)
  t.true(file.gone())
  t.false(file.owned())
  file.remove()

  const successor = await talkTo(t)
  t.is(await successor.tell(`take ${path}`), 'taken')
  t.false(file.gone())
  t.false(file.owned())
  file.remove()
  server.close()
  await once(server, 'close')
  file.remove()
  t.is(await ask(path), String(successor.pid))
  t.deepEqual(JSON.parse(await successor.tell('owned')), { owned: true, gone: false })
  t.is(await successor.tell('leave'), 'left')
  t.deepEqual(readdirSync(join(path, '..')), [])
})

test('closing the server removes nothing', async t => {
  const path = join(folder(), 'notes.sock')
  const server = serve()
  const file = await listening(t, path, server)
  server.close()
  await once(server, 'close')
  t.true(existsSync(path))
  file.remove()
  t.false(existsSync(path))
})

test('a name that was moved is not ours, and one that was moved back is', async t => {
  const path = join(folder(), 'notes.sock')
  const file = await listening(t, path)
  renameSync(path, `${path}.1`)
  t.true(file.gone())
  linkSync(`${path}.1`, path)
  t.true(file.owned())
})

test('of processes that want one name, exactly one gets it', async t => {
  const directory = folder()
  const processes = await Promise.all(Array.from({ length: 6 }, () => talkTo(t)))
  const stale = await talkTo(t)
  const left = join(directory, 'left.sock')
  await stale.tell(`take ${left}`)
  await stale.kill()

  for (let round = 0; round < 30; round += 1) {
    const path = join(directory, `${round}.sock`)
    // Every second time a dead process's socket stands there.
    if (round % 2 === 0) linkSync(left, path)
    const answers = await Promise.all(processes.map(each => each.tell(`take ${path}`)))
    t.is(
      answers.filter(answer => answer === 'taken').length,
      1,
      `round ${round}: ${answers.join('\n')}`,
    )
    const winner = processes[answers.indexOf('taken')]
    t.is(await ask(path), String(winner?.pid))
    t.is(await winner?.tell('owned'), '{"owned":true,"gone":false}')
    await winner?.tell('leave')
  }
  t.deepEqual(readdirSync(directory), ['left.sock'])
})

test('a directory that everyone may write to is refused, one of the group’s gives a warning', async t => {
  const directory = folder()
  const path = join(directory, 'notes.sock')
  chmodSync(directory, 0o777)
  t.is(
    await refusal(path),
    `Socket: No socket is made in ${directory}: every user of this machine may write to it. Run \`chmod o-w ${directory}\`, or set TORU_PLUGIN_SOCKET to a path elsewhere.`,
  )
  chmodSync(directory, 0o1777)
  t.deepEqual((await listening(t, path)).warnings, [])
  chmodSync(directory, 0o770)
  t.deepEqual((await listening(t, join(directory, 'other.sock'))).warnings, [
    `The directory ${directory} of the socket may be written to by its group, whose members could replace the socket. Run \`chmod g-w ${directory}\`.`,
  ])
})

test('a linked directory is judged by its target', async t => {
  const parent = folder()
  mkdirSync(join(parent, 'target'), 0o700)
  symlinkSync('target', join(parent, 'link'))
  await listening(t, join(parent, 'link', 'notes.sock'))
  t.is(await ask(join(parent, 'target', 'notes.sock')), 'hello')
  chmodSync(join(parent, 'target'), 0o777)
  t.regex(await refusal(join(parent, 'link', 'other.sock')), /every user of this machine/)
})

test('a directory is trusted if it is ours or root’s', t => {
  const own = { uid: 1000, mode: 0o40700 }
  const root = { uid: 0, mode: 0o40755 }
  const other = { uid: 7, mode: 0o40700 }
  const judge = (name: typeof own, target: typeof own) =>
    E.match(
      (error: { message: string }) => error.message,
      (warnings: ReadonlyArray<string>) => warnings.join(),
    )(judgeDirectory('/d', name, target, 1000))
  t.is(judge(own, own), '')
  t.is(judge(root, root), '')
  t.is(judge({ ...root, mode: 0o120777 }, own), '')
  t.is(
    judge(other, other),
    'No socket is made in /d: it belongs to user 7, who could put another socket in its place. Run `sudo chown --no-dereference 1000 /d`, or set TORU_PLUGIN_SOCKET to a path elsewhere.',
  )
  t.regex(judge({ ...other, mode: 0o120777 }, own), /the link belongs to user 7/)
  t.regex(judge(own, other), /it belongs to user 7/)
})
