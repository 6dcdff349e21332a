import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { pythonTest } from '../fixtures/python.js'
import { ROOT } from '../support/packed-project.js'
import { runFile } from '../support/packing.js'
import { folder } from '../support/plugin-process.js'
import { CTRL_C, inTerminal } from '../support/pseudo-terminal.js'

const MAIN = join(ROOT, 'dist/lib/cli/main.js')

/** A plugin in any language that takes its time to describe itself. */
const DESCRIPTION = JSON.stringify({
  describe: 1,
  metadata: { id: 'slow', name: 'Slow', version: '1.0.0', icon: 'S', route: '/slow' },
  routes: [],
  kv: [],
  onInit: [],
  onShutdown: [],
  every: [],
  options: {},
  config: null,
})

const slow = (): string => {
  const place = folder()
  writeFileSync(join(place, 'slow.binary'), `#!/bin/sh\nsleep 1\necho '${DESCRIPTION}'\n`, {
    mode: 0o755,
  })
  return place
}

const ROUTES = [process.execPath, MAIN, 'routes', 'slow.binary'] as const
const LISTED = 'Slow 1.0.0, at /api/plugins/route/slow\r\n\r\nIt has no routes.\r\n'

pythonTest('in a terminal long work is shown on a line that is gone when it ends', async t => {
  const { seen, code } = await inTerminal(ROUTES, { cwd: slow() })
  t.is(code, 0)
  t.regex(seen, /\r\u001b\[2K\u001b\[\?7l\u001b\[36m⠋\u001b\[39m Asking slow\.binary\u001b\[\?7h/)
  t.true(seen.endsWith(`\r\u001b[2K${LISTED}`), JSON.stringify(seen))
})

pythonTest('NO_COLOR takes the colors, and the console of Linux has no braille', async t => {
  const { seen } = await inTerminal(ROUTES, { cwd: slow(), env: { NO_COLOR: '1', TERM: 'linux' } })
  t.regex(seen, /\u001b\[\?7l- Asking slow\.binary\u001b\[\?7h/)
  t.notRegex(seen, /\u001b\[\d+m/)
})

pythonTest('nothing is drawn on a build server, or where nothing can be erased', async t => {
  for (const env of [{ CI: 'true' }, { TERM: 'dumb' }])
    t.deepEqual(await inTerminal(ROUTES, { cwd: slow(), env }), { seen: LISTED, code: 0 })
})

test('nothing is drawn in a pipe', async t => {
  const [program, ...args] = ROUTES
  t.deepEqual(await runFile(program, args, { cwd: slow() }), {
    code: 0,
    stdout: LISTED.replaceAll('\r', ''),
    stderr: '',
  })
})

pythonTest('Ctrl-C erases the line, and ends the command as it ends others', async t => {
  const { seen, code } = await inTerminal(ROUTES, {
    cwd: slow(),
    keys: [['Asking slow.binary', CTRL_C]],
  })
  t.is(code, -2)
  t.regex(seen, /\r\u001b\[2K$/)
})
