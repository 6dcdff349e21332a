import { copyFileSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { ask } from '../../support/host.js'
import { bodyIn, http } from '../../support/messages.js'
import {
  folder,
  type PluginProcess,
  pluginFile,
  spawnPlugin,
  startPlugin,
} from '../../support/plugin-process.js'

const TOKEN = 'tok-3n "quoted"'

/** A plugin whose file stands in a directory of its own beside `settings/config.json`. */
const beside = (config: string): string => {
  const root = folder()
  const file = join(root, 'settings.js')
  symlinkSync(pluginFile('settings'), file)
  mkdirSync(join(root, 'settings'))
  writeFileSync(join(root, 'settings', 'config.json'), config)
  return file
}

const configOf = async ({ path }: PluginProcess): Promise<unknown> =>
  bodyIn(await ask(path, http('tagged', 'c')))

test('the configuration is decoded from the environment', async t => {
  const env = { LEVEL: '7', TOKEN, PIN: '4321', CALM: 'true', OTHER: 'not asked for' }
  t.deepEqual(await configOf(await startPlugin(t, 'settings', { env })), {
    LEVEL: 7,
    TOKEN,
    PIN: 4321,
    CALM: true,
  })
})

test('it is read from <id>/config.json beside the plugin’s file, where numbers and booleans count as their text', async t => {
  const file = beside(
    JSON.stringify({ LEVEL: 2.5, TOKEN, PIN: 4321, CALM: false, GREETING: null, LIST: [1, 'a'] }),
  )
  t.deepEqual(await configOf(await startPlugin(t, 'settings', { file })), {
    LEVEL: 2.5,
    TOKEN,
    PIN: 4321,
    CALM: false,
    LIST: '[1,"a"]',
  })
})

test('what does not fit ends the start with 78 and every name, what was expected and where to set it', async t => {
  const plugin = spawnPlugin(t, 'settings', { env: { LEVEL: 'high', CALM: 'maybe', TOKEN } })
  t.deepEqual(await plugin.exited, { code: 78, signal: null })
  const [entry, ...others] = plugin.entries()
  t.deepEqual([others, entry?.level, entry?.plugin], [[], 'Error', 'settings'])
  t.regex(
    String(entry?.message),
    /^the configuration does not fit:\n {2}LEVEL: expected NumberFromString, got "high"\n {2}PIN: expected NumberFromString, got nothing\n {2}CALM: expected BooleanFromString, got "maybe"\nSet it in the environment, or in .*\/settings\/config\.json as \{"NAME": "value"\}\.$/,
  )
})

test('a broken configuration does not keep a plugin from telling its metadata', async t => {
  const plugin = spawnPlugin(t, 'settings', {
    file: beside('oops'),
    args: ['--metadata'],
    env: { LEVEL: 'high' },
  })
  t.deepEqual(await plugin.exited, { code: 0, signal: null })
  t.is(JSON.parse(plugin.stdout()).id, 'settings')
  t.is(plugin.stderr(), '')
})

test('no secret stands in the log, whichever way it gets there', async t => {
  const plugin = await startPlugin(t, 'settings', { env: { LEVEL: '1', TOKEN, PIN: '4321' } })
  await configOf(plugin)
  await plugin.entry('printed: [secret]')
  const { token } = await plugin.entry('the token is [secret], the pin [secret]')
  t.is(token, '[secret]')
  t.false(plugin.stderr().includes('tok-3n') || plugin.stderr().includes('4321'), plugin.stderr())
})

test('the file is looked for where the plugin was started, not where a link leads', async t => {
  const root = folder()
  mkdirSync(join(root, 'settings'))
  writeFileSync(join(root, 'settings', 'config.json'), JSON.stringify({ LEVEL: 5, TOKEN, PIN: 12 }))
  copyFileSync(join(root, 'settings', 'config.json'), join(root, 'other.json'))
  symlinkSync(pluginFile('settings'), join(root, 'plugin.binary.js'))
  const plugin = await startPlugin(t, 'settings', {
    file: join(root, 'plugin.binary.js'),
    cwd: '/',
  })
  t.deepEqual(await configOf(plugin), { LEVEL: 5, TOKEN, PIN: 12 })
})
