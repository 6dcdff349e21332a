import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { ROOT } from '../support/packed-project.js'
import { folder } from '../support/plugin-process.js'
import { toruPlugin } from '../support/terminal.js'

const METADATA = JSON.stringify({
  id: 'notes',
  name: 'Notes',
  version: '1.0.0',
  icon: 'N',
  route: '/notes',
})

/** Where the command lines are typed: a project, plugins of a host, and what is neither. */
const FILES = {
  'notes/package.json': '{}',
  'notes/src/main.ts': 'export {}',
  'notes/packed/notes.binary': `#!/bin/sh\necho '${METADATA}'\n`,
  'plugins/notes.binary': `#!/bin/sh\necho '${METADATA}'\n`,
  'broken.ts': 'const a: = 1',
  'silent.ts': 'export {}',
  'no-program.binary': '#!/nowhere/sh\n',
  'text.txt': 'Some text.',
  'folder/empty.txt': '',
}

const here = folder()

test.before(async () => {
  for (const [name, text] of Object.entries(FILES)) {
    mkdirSync(dirname(join(here, name)), { recursive: true })
    writeFileSync(join(here, name), text, { mode: name.endsWith('.binary') ? 0o755 : 0o644 })
  }
  const program = `require('net').createServer().listen('stale.sock', () => process.kill(process.pid, 'SIGKILL'))`
  await once(spawn(process.execPath, ['-e', program], { cwd: here }), 'close')
  process.chdir(here)
})

/** The words of a line, as a shell reads them. */
const wordsOf = (typed: string): ReadonlyArray<string> =>
  [...typed.matchAll(/'([^']*)'|(\S+)/g)].map(([, quoted, plain = '']) => quoted ?? plain)

/**
 * Command lines as people type them, with all that is written to stderr, and the exit code. `.` is
 * the current folder.
 */
const ROWS = readFileSync(join(ROOT, 'spec/fixtures/wrong-command-lines.txt'), 'utf8').matchAll(
  /^\$ toru-plugin (.*)\n([\s\S]*?)^\[(\d)\]$/gm,
)

for (const [, typed = '', stderr, code] of ROWS) {
  test.serial(`toru-plugin ${typed}`, async t => {
    const said = await toruPlugin(...wordsOf(typed))
    t.deepEqual(
      { ...said, stderr: said.stderr.replaceAll(here, '.') },
      { code: Number(code), stdout: '', stderr },
    )
    t.regex(said.stderr, /^error: [\s\S]+\n {2}.*[^\s,;:]\n$/, 'the last line says what to do')
  })
}
