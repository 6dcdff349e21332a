import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { projectFindings } from '../../lib/cli/doctor/project.js'
import { ask } from '../support/host.js'
import { bodyIn, http } from '../support/messages.js'
import { ROOT } from '../support/packed-project.js'
import { folder, pluginFile, spawnPlugin, startPlugin } from '../support/plugin-process.js'
import { sharedPlugin } from '../support/shared-plugin.js'
import { toruPlugin } from '../support/terminal.js'

// Files as editors and shells write them: a configuration, a project, and the data of a request.

const bigEndian = (text: string): Buffer => Buffer.from(text, 'utf16le').swap16()
const utf32 = (text: string): Buffer =>
  Buffer.concat([...text].map(character => Buffer.from(`${character}\0`, 'utf16le')))

/** How a file is encoded, and what is wrong with that; `undefined` where it is read. */
const ENCODINGS: ReadonlyArray<
  readonly [
    source: string,
    what: string,
    encode: (text: string) => Buffer,
    wrong: string | undefined,
  ]
> = [
  [
    'https://github.com/node-config/node-config/issues/215',
    'UTF-8 with a mark, of Visual Studio',
    text => Buffer.from(`\ufeff${text}`),
    undefined,
  ],
  [
    'https://github.com/B3Pay/ic-reactor/issues/665',
    'the same with the line ends of Windows, of Set-Content',
    text => Buffer.from(`\ufeff${text.replaceAll('{', '{\r\n')}\r\n`),
    undefined,
  ],
  [
    'https://github.com/smikula/good-fences/pull/107',
    'UTF-8',
    text => Buffer.from(text),
    undefined,
  ],
  [
    'https://github.com/palantir/tslint/issues/90',
    'UTF-16 with a mark, of Out-File',
    text => Buffer.from(`\ufeff${text}`, 'utf16le'),
    'it is UTF-16: save it as UTF-8',
  ],
  [
    'https://github.com/palantir/tslint/issues/90',
    'UTF-16 of the other order with a mark',
    text => bigEndian(`\ufeff${text}`),
    'it is UTF-16: save it as UTF-8',
  ],
  [
    'https://github.com/angular/angular-cli/issues/3970',
    'UTF-16 without a mark',
    text => Buffer.from(text, 'utf16le'),
    'it is UTF-16: save it as UTF-8',
  ],
  [
    'https://github.com/angular/angular-cli/issues/3970',
    'UTF-16 of the other order without a mark',
    bigEndian,
    'it is UTF-16: save it as UTF-8',
  ],
  [
    'https://www.rfc-editor.org/rfc/rfc4627#section-3',
    'UTF-32 with a mark',
    text => utf32(`\ufeff${text}`),
    'it is UTF-32: save it as UTF-8',
  ],
  [
    'https://github.com/expressjs/body-parser/issues/106',
    'ISO-8859-1',
    text => Buffer.from(text.replace('ASCII', 'é'), 'latin1'),
    'it is not UTF-8: save it as UTF-8',
  ],
]

const workshop = sharedPlugin('workshop')

for (const [source, what, encode, wrong] of ENCODINGS) {
  test(`a config.json in ${what} (${source})`, async t => {
    const root = folder()
    const file = join(root, 'settings.js')
    symlinkSync(pluginFile('settings'), file)
    mkdirSync(join(root, 'settings'))
    const values = { LEVEL: 7, TOKEN: 'ASCII t0k-3n', PIN: 4321, CALM: true }
    writeFileSync(join(root, 'settings', 'config.json'), encode(JSON.stringify(values)))
    if (wrong === undefined) {
      const { path } = await startPlugin(t, 'settings', { file })
      t.deepEqual(bodyIn(await ask(path, http('tagged', 'c'))), values)
      return
    }
    const plugin = spawnPlugin(t, 'settings', { file })
    t.deepEqual(await plugin.exited, { code: 78, signal: null })
    t.deepEqual(
      plugin.entries().map(({ message }) => message),
      [`${join(root, 'settings', 'config.json')} is not read: ${wrong}`],
    )
  })

  test(`a package.json and a tsconfig.json in ${what} (${source})`, t => {
    const root = folder()
    mkdirSync(join(root, 'node_modules'))
    for (const name of ['fp-ts', 'io-ts'])
      symlinkSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name))
    symlinkSync(ROOT, join(root, 'node_modules', 'toru-plugin-api'))
    const compilerOptions = { target: 'es2023', module: 'nodenext' }
    const write = (name: string, content: object, encoded: boolean): void => {
      const text = JSON.stringify({ description: 'ASCII', ...content })
      writeFileSync(join(root, name), encoded ? encode(text) : text)
    }
    const troubles = () =>
      projectFindings(root)
        .filter(({ level }) => level !== 'ok')
        .map(({ found }) => found)
    write('package.json', { type: 'module' }, false)
    write('tsconfig.json', { compilerOptions }, true)
    const expected = (name: string): ReadonlyArray<string> =>
      wrong === undefined ? [] : [`${join(root, name)} cannot be read: ${wrong}`]
    t.deepEqual(troubles(), expected('tsconfig.json'))
    write('package.json', { type: 'module' }, true)
    write('tsconfig.json', { compilerOptions }, false)
    t.deepEqual(troubles(), expected('package.json'))
  })

  test(`-d @file in ${what} (${source})`, async t => {
    const file = join(folder(), 'body.json')
    const text = '{"title":"ASCII"}'
    writeFileSync(file, encode(text))
    const { path } = workshop()
    const called = await toruPlugin('call', path, 'POST', '/reflect', '-d', `@${file}`)
    if (wrong !== undefined) {
      t.is(called.code, 1)
      t.true(called.stderr.includes(`-d @${file}: ${wrong}`), called.stderr)
      return
    }
    const { body, headers } = JSON.parse(called.stdout)
    t.deepEqual([JSON.parse(body), headers['content-type']], [JSON.parse(text), 'application/json'])
  })
}
