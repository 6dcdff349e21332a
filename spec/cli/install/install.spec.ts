import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import test from 'ava'
import { ordinaryUser, PROCESS_OF_ROOT } from '../../support/ordinary-user.js'
import { packed, pluginText, project, toru } from '../../support/packing.js'
import { folder } from '../../support/plugin-process.js'
import { toruPlugin } from '../../support/terminal.js'

/** A plugin of any language is a file that prints its metadata. */
const plugin = (place: string, metadata: object, name?: string): string => {
  const its = { id: 'one', name: 'One', version: '1.0.0', icon: '1', route: '/one', ...metadata }
  const file = join(place, `${name ?? its.id}.binary`)
  mkdirSync(place, { recursive: true })
  writeFileSync(file, `#!/bin/sh\ncat <<'EOF'\n${JSON.stringify(its)}\nEOF\n`)
  chmodSync(file, 0o755)
  return file
}

const versionIn = (text: string): string | undefined => /"version":"([^"]*)"/.exec(text)?.[1]
const plugins = (): string => {
  const place = join(folder(), 'plugins')
  mkdirSync(place)
  return place
}
const version = (place: string, id = 'one'): string | undefined =>
  versionIn(readFileSync(join(place, `${id}.binary`), 'utf8'))

test('a project is packed and installed, with its frontend', async t => {
  const place = plugins()
  const root = project({ 'src/main.ts': pluginText({}), 'frontend/main.ts': 'console.log(1)' })
  const { code, stdout, stderr } = await toru(['install', '--no-check', place, '--json'], root)
  t.is(code, 0, stderr)
  t.like(JSON.parse(stdout), {
    id: 'small',
    version: '1.0.0',
    replaced: false,
    file: join(place, 'small.binary'),
  })
  t.is(statSync(join(place, 'small.binary')).mode & 0o777, 0o755)
  t.true(existsSync(join(place, 'small', 'bundle.js')))
  t.regex(stderr, /restart the host/)
  t.deepEqual(
    readdirSync(place).filter(name => name.startsWith('.')),
    [],
  )
})

test('a plugin that a host could not use is not installed, and each reason is given', async t => {
  const place = plugins()
  const { code, stderr } = await toruPlugin('install', place, plugin(folder(), {}))
  t.is(code, 1)
  t.regex(stderr, /a host could not use .*one\.binary:\n {2}start-\w+: expected .*; got /)
  t.deepEqual(readdirSync(place), [])
})

test('a plugin is replaced and rolled back, and forth; its configuration stays and only one file can be run', async t => {
  const [place, made] = [plugins(), folder()]
  for (const each of ['1.0.0', '2.0.0', '3.0.0']) {
    const file = plugin(made, { version: each })
    mkdirSync(join(made, 'one'), { recursive: true })
    writeFileSync(join(made, 'one', 'bundle.js'), `frontend ${each}`)
    writeFileSync(join(made, 'one', 'config.json'), '{"made":true}')
    t.is((await toruPlugin('install', '--no-check', place, file)).code, 0)
    if (each === '1.0.0') writeFileSync(join(place, 'one', 'config.json'), '{"kept":true}')
  }
  const seen = (): ReadonlyArray<string | undefined> => [
    version(place),
    readFileSync(join(place, 'one', 'bundle.js'), 'utf8'),
  ]
  t.deepEqual(seen(), ['3.0.0', 'frontend 3.0.0'])
  const back = await toruPlugin('install', place, '--rollback')
  t.is(back.stdout, `${join(place, 'one.binary')}  one 3.0.0 → 2.0.0\n`)
  t.regex(back.stderr, /disable one and enable it again/)
  t.deepEqual(seen(), ['2.0.0', 'frontend 2.0.0'])
  await toruPlugin('install', place, 'one', '--rollback')
  t.deepEqual(seen(), ['3.0.0', 'frontend 3.0.0'])
  t.is(readFileSync(join(place, 'one', 'config.json'), 'utf8'), '{"kept":true}')
  t.deepEqual(readdirSync(place), ['one', 'one.binary'])
  t.is(statSync(join(place, 'one', 'previous', 'binary')).mode & 0o111, 0)
})

test('a version that was being replaced when the installation was killed is the previous one', async t => {
  const [place, made] = [plugins(), folder()]
  t.is(
    (await toruPlugin('install', '--no-check', place, plugin(made, { version: '1.0.0' }))).code,
    0,
  )
  // As it is between the renames: the new file is in place, the old one is kept under its temporary
  // name, and others were never finished.
  const gone = 4_194_304
  for (const [name, text] of [
    ['previous', readFileSync(join(place, 'one.binary'), 'utf8')],
    ['keeping', '#!/bin/sh'],
  ] as const) {
    mkdirSync(join(place, 'one', `.${name}.${gone}-00000000.new`))
    writeFileSync(join(place, 'one', `.${name}.${gone}-00000000.new`, 'binary'), text)
  }
  writeFileSync(join(place, `.one.binary.${gone}-00000000.new`), 'half')
  writeFileSync(join(place, `.two.binary.${gone}-00000000.new`), 'of another')
  plugin(place, { version: '2.0.0' })
  const rolled = await toruPlugin('install', place, 'one', '--rollback')
  t.is(rolled.code, 0, rolled.stderr)
  t.is(version(place), '1.0.0')
  t.deepEqual(readdirSync(join(place, 'one')), ['previous'])
  t.deepEqual(readdirSync(place), [`.two.binary.${gone}-00000000.new`, 'one', 'one.binary'])
})

test('what another user is installing at the same moment stays', async t => {
  const place = plugins()
  plugin(place, {})
  chmodSync(dirname(place), 0o755)
  chmodSync(place, 0o777)
  const unfinished = `.one.binary.${PROCESS_OF_ROOT}-00000000.new`
  writeFileSync(join(place, unfinished), 'half')
  t.is((await toru(['install', place, 'one', '--rollback'], place, ordinaryUser)).code, 1)
  t.deepEqual(readdirSync(place), [unfinished, 'one.binary'])
})

test('a folder that is no plugins folder is refused unless told to make one', async t => {
  const file = plugin(folder(), {})
  const [missing, other] = [join(folder(), 'missing'), folder()]
  for (const place of [missing, other, file]) {
    const { code, stderr } = await toruPlugin('install', '--no-check', place, file)
    t.is(code, 2)
    t.regex(stderr, /does not exist|does not look like|is not a folder/)
  }
  for (const place of [missing, other])
    t.is((await toruPlugin('install', '--no-check', place, file, '--create')).code, 0)
  t.is((await toruPlugin('install', '--no-check', other, file)).code, 0)
})

test('what stands in the way of a plugin is named, and nothing is changed', async t => {
  const cases = [
    [{ id: 'two', route: '/one' }, undefined, /two \(.*two\.binary\) has the same route \/one/],
    [{ id: 'one' }, 'renamed', /renamed\.binary has the same id one/],
    [{ id: 'two', route: '/two' }, 'one', /one\.binary is another plugin, two/],
  ] as const
  for (const [other, name, said] of cases) {
    const place = plugins()
    plugin(place, other, name)
    const before = readdirSync(place)
    const { code, stderr } = await toruPlugin('install', '--no-check', place, plugin(folder(), {}))
    t.is(code, 1)
    t.regex(stderr, said)
    t.deepEqual(readdirSync(place), before)
  }
})

test('what is no plugin is not installed, and there is nothing to go back to where nothing was replaced', async t => {
  const place = plugins()
  const file = join(folder(), 'x.binary')
  writeFileSync(file, '#!/bin/sh\necho hello\n', { mode: 0o755 })
  t.regex(
    (await toruPlugin('install', '--no-check', place, file)).stderr,
    /is no plugin that a host can use: what it prints for --metadata is not JSON/,
  )
  t.regex(
    (await toruPlugin('install', place, '--rollback')).stderr,
    /no plugin in .* has a version before the current one/,
  )
  t.regex(
    (await toruPlugin('install', place, 'one', '--rollback')).stderr,
    /has no plugin one\n {2}It has none\./,
  )
  t.is((await toruPlugin('install')).code, 2)
})

test('a packed plugin installs with what it carries', async t => {
  const { file } = await packed(project({ 'main.ts': pluginText({}) }), '--arch', 'x64')
  const place = plugins()
  t.is((await toruPlugin('install', '--no-check', place, file)).code, 0)
  t.deepEqual(readdirSync(place, { recursive: true }), ['small', 'small.binary'])
  t.true(readFileSync(join(place, 'small.binary')).equals(readFileSync(file)))
})
