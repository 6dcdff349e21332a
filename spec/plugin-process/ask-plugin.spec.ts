import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import { askFailureText, askJson, askPlugin } from '../../lib/plugin-process/ask-plugin.js'
import { descriptionOf } from '../../lib/plugin-process/description.js'
import { folder, pluginFile } from '../support/plugin-process.js'
import { isRunning } from '../support/processes.js'

/** A program that is a shell script. */
const script = (text: string): readonly [string, string] => {
  const file = join(folder(), 'plugin.sh')
  writeFileSync(file, text)
  return ['/bin/sh', file]
}

test('what a plugin prints is read to the byte', async t => {
  const printed = await askPlugin(script('printf "%s é" "$1"'), '--metadata')()
  t.like(printed, { right: { stdout: '--metadata é', answer: '' } })
})

test('a plugin is asked on a socket and with data of its own, which are gone afterwards', async t => {
  const seen = join(folder(), 'seen')
  await askPlugin(script(`echo "$TORU_PLUGIN_SOCKET $TORU_DATA_DIR" > ${seen}`), '--describe')()
  const [socket = '', data = ''] = readFileSync(seen, 'utf8').trim().split(' ')
  t.is(socket, join(dirname(data), 'describe.sock'))
  t.false(existsSync(dirname(data)))
})

test('each failure says what came instead', async t => {
  const said = (command: readonly [string, ...string[]], timeout?: number): Promise<string> =>
    pipe(
      askJson(command, '--describe', timeout === undefined ? {} : { timeout }),
      TE.match(askFailureText, JSON.stringify),
    )()
  t.is(
    await said(script('echo "{}"; echo "Error: no database" >&2; exit 3')),
    'with --describe it ended with exit code 3; it wrote: Error: no database',
  )
  t.is(await said(script('kill -9 $$')), 'with --describe it ended with SIGKILL')
  t.is(
    await said(script('echo hello')),
    'what it prints for --describe is not JSON: expected one object on stdout, got "hello\\n"',
  )
  t.is(await said(['/no/such/plugin']), 'it cannot be started: spawn /no/such/plugin ENOENT')
  t.is(
    await said(script('exec sleep 600'), 100),
    '--describe did not end within 0.1 s: it must print JSON and exit with 0. A host waits without a limit',
  )
})

test('a plugin that is killed as too late does not hold anybody up with what it started', async t => {
  const place = join(folder(), 'pid')
  const begun = performance.now()
  const asked = await askPlugin(script(`sleep 600 & echo $! > ${place}; wait`), '--metadata', {
    timeout: 2_000,
    group: { started: () => undefined },
  })()
  t.like(asked, { left: { _tag: 'TimedOut' } })
  t.true(performance.now() - begun < 60_000, 'it does not wait for what was started')
  t.false(isRunning(Number(readFileSync(place, 'utf8'))))
})

test('what is no description is refused with reasons', async t => {
  t.like(await descriptionOf([process.execPath, pluginFile('catalog')])(), {
    right: { metadata: { id: 'catalog' } },
  })
  const other = await descriptionOf(script('echo "{}"'))()
  t.regex(
    E.isLeft(other) ? askFailureText(other.left) : '',
    /^what it prints for --describe is no description: Invalid value undefined.*describe/,
  )
})
