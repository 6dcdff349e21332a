import { chmodSync, existsSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { requestOnce } from '../../lib/protocol.js'
import { commandFor, type RunningPlugin, startBinary, withPlugin } from '../../lib/testing/index.js'
import { folder, pluginFile } from '../support/plugin-process.js'
import { isRunning } from '../support/processes.js'

const workshop = pluginFile('workshop')

/** An executable file of a text. */
const executable = (text: string): string => {
  const file = join(folder(), 'plugin.binary')
  writeFileSync(file, text)
  chmodSync(file, 0o755)
  return file
}

test('a plugin is started, used and stopped', async t => {
  const seen: RunningPlugin[] = []
  const result = await withPlugin(workshop, plugin => {
    seen.push(plugin)
    return requestOnce(plugin.path, { method: 'GET', path: '/no-such-thing' })
  })()
  t.like(result, { _tag: 'Right', right: { status: 404 } })
  const [plugin] = seen
  t.is(plugin?.stdout(), '')
  t.regex(plugin?.stderr() ?? '', /GET \/no-such-thing answered 404/)
  t.true((plugin?.socketAfter ?? 0) > 0)
  t.deepEqual(await plugin?.ended(), { code: 0, signal: null })
  t.false(existsSync(dirname(plugin?.path ?? '/')))
})

test('an executable file of any language is started by itself', async t => {
  const file = executable(`#!/bin/sh\nexec ${process.execPath} ${workshop} "$@"\n`)
  t.deepEqual(commandFor(file), [file])
  t.deepEqual(commandFor('main.js'), [process.execPath, 'main.js'])
  t.like(
    await withPlugin(file, ({ path }) =>
      requestOnce(path, { method: 'GET', path: '/no-such-thing' }),
    )(),
    { right: { status: 404 } },
  )
})

test('a plugin is stopped when its use rejects or throws, and the reason is handed on', async t => {
  for (const fail of [
    () => () => Promise.reject(new Error('an assertion')),
    () => TE.fromIO(() => JSON.parse('an assertion')),
    () => JSON.parse('an assertion'),
  ]) {
    const seen: RunningPlugin[] = []
    const used = withPlugin(workshop, plugin => {
      seen.push(plugin)
      return fail()
    })()
    await t.throwsAsync(used, { message: /assertion|JSON/ })
    t.is(seen.length, 1)
    t.false(isRunning(seen[0]?.child.pid ?? 0))
  }
})

test('a plugin that ends before it listens is an error with the end of its stderr', async t => {
  const file = executable('#!/bin/sh\necho "no database" >&2\nexit 3\n')
  t.deepEqual(
    await startBinary(file)(),
    E.left({
      _tag: 'Socket',
      message: `${file} ended with exit code 3 before it listened; it wrote: no database`,
    }),
  )
})

test('a plugin that does not listen in time is stopped, and the error says what it must do', async t => {
  const file = executable('#!/bin/sh\nexec sleep 60\n')
  const result = await startBinary(file, { timeout: 100 })()
  t.like(result, { _tag: 'Left', left: { _tag: 'Timeout' } })
  t.regex(
    E.isLeft(result) ? result.left.message : '',
    /does not listen on .* within 100 ms of its start: it must bind the path in TORU_PLUGIN_SOCKET/,
  )
})

test('a file that cannot be started is an error', async t => {
  const result = await startBinary('/no/such/plugin.binary')()
  t.like(result, { _tag: 'Left', left: { _tag: 'Socket' } })
  t.regex(
    E.isLeft(result) ? result.left.message : '',
    /^\/no\/such\/plugin\.binary cannot be started: .*ENOENT/,
  )
})

test('stopping does not wait for a process that was left behind with the output', async t => {
  const file = executable(
    `#!/bin/sh\nsleep 600 &\necho $! >&2\nexec ${process.execPath} ${workshop}\n`,
  )
  const started = await startBinary(file)()
  if (E.isLeft(started)) return t.fail(started.left.message)
  const left = Number(/^\d+$/m.exec(started.right.stderr())?.[0])
  t.teardown(() => void process.kill(left))
  t.deepEqual(await started.right.stop(), { code: 0, signal: null })
  t.true(isRunning(left))
  t.deepEqual(await started.right.stop(), { code: 0, signal: null })
})
