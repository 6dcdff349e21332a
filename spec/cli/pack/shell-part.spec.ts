import { chmodSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import { packedFile } from '../../../lib/cli/pack/packed-file.js'
import { isHidden, type ShellPart, shellPart } from '../../../lib/cli/pack/shell-part.js'
import { isObject } from '../../support/messages.js'
import { type Ran, runFile } from '../../support/packing.js'
import { folder } from '../../support/plugin-process.js'

/** The shells of this machine that a `#!/bin/sh` may be. */
const SHELLS = [['/bin/dash'], ['/bin/bash', '--posix'], ['/bin/busybox', 'sh']].filter(
  ([file = '']) => existsSync(file),
)

const write = (place: string, name: string, text: string): string => {
  mkdirSync(place, { recursive: true })
  const file = join(place, name)
  writeFileSync(file, text)
  chmodSync(file, 0o755)
  return file
}

const PRINTS =
  'process.stdout.write(JSON.stringify({ version: process.versions.node, args: process.argv.slice(1) }))'

/** A packed file of a script that carries nothing. */
const whole = (text: string): string =>
  Buffer.from(packedFile(Buffer.from(text), [], false)).toString()

/** A file whose JavaScript prints who runs it and with what. */
const script = (part: Partial<ShellPart> = {}, place: string = folder()): string => {
  const shell = shellPart({ id: 'x', metadata: '{"id":"x"}\n', guardian: false, ...part })
  return write(place, 'x.binary', whole(`${shell}${PRINTS}\n`))
}

/**
 * Runs a file without anything of this machine's but the tools of a shell: a Node.js is only where
 * a test puts one.
 */
const bare = async (
  t: ExecutionContext,
  file: string,
  args: ReadonlyArray<string>,
  env: NodeJS.ProcessEnv = {},
): Promise<Ran> => {
  const tools = folder()
  for (const name of ['date', 'sed', 'tr', 'sleep']) {
    const found = ['/usr/bin', '/bin']
      .map(place => join(place, name))
      .find(path => existsSync(path))
    if (found === undefined) t.fail(`there is no ${name}`)
    else symlinkSync(found, join(tools, name))
  }
  return runFile(file, args, { cwd: '/', env: { PATH: tools, HOME: folder(), ...env } })
}

const oldNode = (place: string): string =>
  write(place, 'node', '#!/bin/sh\n[ "$1" = -v ] && { echo v18.20.1; exit; }\nexit 213\n')

const entryIn = ({ stderr }: Ran): unknown => {
  const entry: unknown = JSON.parse(stderr)
  return isObject(entry)
    ? { ...entry, timestamp: typeof entry.timestamp, pid: typeof entry.pid }
    : entry
}

const HOSTILE = [
  "a */ b **/ c *'/ d",
  "it's 'quoted' ''",
  '$(touch hacked) `touch hacked` $HOME $1 $$',
  'back\\slash \\n \\u002a %s %d %%',
  'EOF\nEOF\n.\n',
  '🔌 é 日本 \u2028 \u2029 \u{1F468}\u200D\u{1F469}',
  '"; exit 1; #',
  '!history ~ * ? [a-z] {a,b} <x >y &',
]

for (const shell of SHELLS) {
  test(`${shell.join(' ')} prints metadata of any content to the byte`, async t => {
    const metadata = `${JSON.stringify({ id: 'x', name: HOSTILE.join(' '), raw: HOSTILE }, null, 2)}\n${HOSTILE.join('\n')}`
    const place = folder()
    const file = script({ metadata }, place)
    const [command = '', ...first] = shell
    t.is((await runFile(command, [...first, file, '--metadata'], { cwd: place })).stdout, metadata)
    t.false(existsSync(join(place, 'hacked')))
    t.is((await runFile(process.execPath, ['-e', 'require(process.argv[1])', file])).code, 0)
  })

  test(`${shell.join(' ')} never comes to the JavaScript`, async t => {
    const place = folder()
    const file = write(
      place,
      'x.binary',
      `${shellPart({ id: 'x', metadata: '{}', guardian: true })}\ntouch hacked; echo no\n`,
    )
    const [command = '', ...first] = shell
    for (const args of [['--metadata'], ['--help'], []]) {
      const { stdout } = await runFile(command, [...first, file, ...args], {
        cwd: place,
        env: { PATH: process.env.PATH, TORU_NODE: '/bin/true' },
      })
      t.notRegex(stdout, /no/)
    }
    t.false(existsSync(join(place, 'hacked')))
  })

  test(`${shell.join(' ')} hands on the arguments and the real path`, async t => {
    const place = join(folder(), "with space's é")
    const real = script({}, place)
    symlinkSync('x.binary', join(place, 'link.binary'))
    const [command = '', ...first] = shell
    const env = { PATH: process.env.PATH, TORU_NODE: process.execPath }
    const { stdout } = await runFile(command, [...first, './link.binary', '--help', 'a b', '$x'], {
      cwd: place,
      env,
    })
    t.deepEqual(JSON.parse(stdout), {
      version: process.versions.node,
      args: [real, '--help', 'a b', '$x'],
    })
  })
}

test('all of the shell part is hidden from JavaScript', async t => {
  for (const guardian of [true, false]) {
    t.true(isHidden(shellPart({ id: 'x', metadata: HOSTILE.join('*/'), guardian })))
    t.false(isHidden(`${shellPart({ id: 'x', metadata: '', guardian })}*/\n`))
  }
})

test('below a folder of ES modules it is CommonJS all the same', async t => {
  const place = folder()
  writeFileSync(join(place, 'package.json'), '{"type":"module"}')
  const file = script({}, place)
  t.is(
    (
      await runFile(file, ['--describe'], {
        env: { PATH: process.env.PATH, TORU_NODE: process.execPath },
      })
    ).code,
    0,
  )
})

test('a Node.js in the home of a version manager is found where PATH has none', async t => {
  const home = folder()
  const place = join(home, '.nvm', 'versions', 'node', 'v99.0.0', 'bin')
  mkdirSync(place, { recursive: true })
  symlinkSync(process.execPath, join(place, 'node'))
  oldNode(join(home, '.nvm', 'versions', 'node', 'v18.20.1', 'bin'))
  for (const guardian of [true, false]) {
    const { stdout, stderr } = await bare(t, script({ guardian }), guardian ? [] : ['--help'], {
      HOME: home,
    })
    t.regex(stdout + stderr, /"args":/)
  }
})

test('a Node.js in PATH that is too old is passed over, also by the guardian, which takes it as it is at first', async t => {
  const [old, home] = [folder(), folder()]
  oldNode(old)
  const place = join(home, '.nvm', 'versions', 'node', 'v99.0.0', 'bin')
  mkdirSync(place, { recursive: true })
  symlinkSync(process.execPath, join(place, 'node'))
  for (const guardian of [true, false]) {
    const { code, stderr } = await bare(t, script({ guardian }), [], {
      HOME: home,
      PATH: `${old}:/usr/bin:/bin`,
    })
    t.is(code, 0, stderr)
    t.regex(stderr, /"args":/)
  }
})

test('a file for a later Node.js says so, and takes none that is older', async t => {
  const old = write(
    folder(),
    'node',
    '#!/bin/sh\n[ "$1" = -v ] && { echo v22.12.0; exit; }\nexit 213\n',
  )
  const { code, stderr } = await bare(t, script({ guardian: true, node: '22.13' }), [], {
    TORU_NODE: old,
  })
  t.is(code, 69)
  t.regex(stderr, /This plugin needs Node\.js 22\.13 or newer, \S+ is v22\.12\.0 /)
  const newer = script({ node: '99.1' })
  t.is(
    (await runFile(newer, [], { env: { PATH: process.env.PATH, TORU_NODE: process.execPath } }))
      .code,
    69,
  )
})

test('a file that was cut off says so', async t => {
  const file = script()
  writeFileSync(file, readFileSync(file).subarray(0, -1))
  const { code, stderr } = await runFile(file, ['--describe'], {
    env: { PATH: process.env.PATH, TORU_NODE: process.execPath },
  })
  t.deepEqual([code, stderr], [1, `${file} is cut off: copy it again\n`])
})

for (const guardian of [true, false]) {
  test(`what is missing is said in one entry of the log ${guardian ? 'by the guardian' : 'without a guardian'}`, async t => {
    const TORU_NODE = oldNode(join(folder(), 'a "b" \\c'))
    const ran = await bare(t, script({ guardian }), [], { TORU_NODE })
    t.is(ran.code, 69)
    t.is(Buffer.byteLength(ran.stderr), 4096)
    t.deepEqual(entryIn(ran), {
      timestamp: 'string',
      level: 'Error',
      message: `This plugin needs Node.js 20.19 or newer, ${TORU_NODE} is v18.20.1 (TORU_NODE is ${TORU_NODE}). Install one, or set TORU_NODE to the path of one.`,
      plugin: 'x',
      pid: 'number',
    })
  })
}

test('what is printed to stdout while it serves goes to stderr, and what is asked for stays', async t => {
  const env = { PATH: process.env.PATH, TORU_NODE: process.execPath }
  const file = script()
  t.regex((await runFile(file, ['--describe'], { env })).stdout, /"args"/)
  t.is((await runFile(file, [], { env })).stdout, '')
})

test('a guardian that gives up says so in the form of the log', async t => {
  const shell = shellPart({
    id: 'x',
    metadata: '{}',
    guardian: true,
    settings: { delays: [0.01], healthyAfter: 60 },
  })
  const file = write(folder(), 'x.binary', whole(`${shell}process.exit(3)\n`))
  const ran = await runFile(file, [], {
    env: { PATH: process.env.PATH, TORU_NODE: process.execPath },
  })
  t.is(ran.code, 3)
  t.like(entryIn(ran), {
    level: 'Error',
    message: 'The plugin died too often, the last time with exit code 3; it is not started again.',
    plugin: 'x',
  })
})
