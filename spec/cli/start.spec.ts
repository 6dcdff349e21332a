import { join } from 'node:path'
import test from 'ava'
import { ROOT } from '../support/packed-project.js'
import { runFile } from '../support/packing.js'
import { folder } from '../support/plugin-process.js'

const MAIN = join(ROOT, 'dist/lib/cli/main.js')

/** Runs the command in a process that is told something else about itself. */
const withProcess = (property: string, value: string, ...args: ReadonlyArray<string>) =>
  runFile(
    process.execPath,
    [
      '--import',
      `data:text/javascript,Object.defineProperty(process,'${property}',{value:${value}})`,
      MAIN,
      ...args,
    ],
    { cwd: folder() },
  )

test('an older Node.js says what is needed, before it loads what it cannot read', async t => {
  for (const args of [['--help'], ['pack']])
    t.deepEqual(await withProcess('versions', "{...process.versions,node:'18.20.1'}", ...args), {
      code: 1,
      stdout: '',
      stderr:
        'error: toru-plugin needs Node.js 20.19.0 or newer, and this is 18.20.1\n' +
        '  Install one: https://nodejs.org\n',
    })
})

test('on Windows help is there, and every command says where it works', async t => {
  t.is((await withProcess('platform', "'win32'", '--help')).code, 0)
  for (const args of [['new', 'notes'], ['doctor']])
    t.deepEqual(await withProcess('platform', "'win32'", ...args), {
      code: 1,
      stdout: '',
      stderr:
        'error: plugins listen on Unix sockets, which Node.js does not have on Windows\n' +
        '  Run the same command in WSL: https://learn.microsoft.com/windows/wsl/install\n',
    })
})

test('a folder that was removed is no place for a command', async t => {
  const script = 'mkdir gone && cd gone && rmdir ../gone && exec "$0" "$@"'
  const { code, stderr } = await runFile('sh', ['-c', script, process.execPath, MAIN, 'pack'], {
    cwd: folder(),
  })
  t.deepEqual(
    [code, stderr],
    [1, 'error: the current folder does not exist any more\n  Change to one that does: cd ~\n'],
  )
})

test('output that cannot be written is an error, and no stack', async t => {
  const script = '"$0" "$1" schema > /dev/full'
  t.deepEqual(await runFile('sh', ['-c', script, process.execPath, MAIN]), {
    code: 1,
    stdout: '',
    stderr:
      'error: the output cannot be written: ENOSPC: no space left on device, write\n' +
      '  The disk is full: make room on it, or choose another place.\n',
  })
})

test('what nobody expected is an error without a stack, which NODE_DEBUG shows', async t => {
  const failing = `data:text/javascript,${encodeURIComponent(
    `import fs from 'node:fs'; import { syncBuiltinESMExports } from 'node:module'
     fs.existsSync = () => { throw new Error('boom') }; syncBuiltinESMExports()`,
  )}`
  const args = ['--import', failing, MAIN, 'pack', 'help']
  const { code, stderr } = await runFile(process.execPath, args, { cwd: folder() })
  t.deepEqual(
    [code, stderr],
    [
      1,
      'error: toru-plugin failed: boom\n' +
        '  This looks like a bug in toru-plugin. NODE_DEBUG=toru-plugin shows more: please ' +
        'report that.\n',
    ],
  )
  const shown = await runFile(process.execPath, args, {
    cwd: folder(),
    env: { ...process.env, NODE_DEBUG: 'toru-plugin' },
  })
  t.regex(shown.stderr, /Error: boom\n {4}at /)
})
