import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { binariesIn, type Discovered, discover } from '../../../lib/devhost/plugin/discovery.js'
import { taskQueue } from '../../../lib/domain/task-queue.js'
import { folder } from '../../support/plugin-process.js'

const launchOptions = {
  cwd: folder(),
  env: process.env,
  cleanup: {
    started: () => undefined,
    exited: () => undefined,
    killAll: () => undefined,
    dismiss: () => undefined,
  },
}
const good = { id: 'good', name: 'Good', version: '1', icon: '', route: '/good' }
const printing = (metadata: unknown): string =>
  `#!/bin/sh\nprintf '%s' '${JSON.stringify(metadata)}'\n`

const place = (files: Readonly<Record<string, string>>): string => {
  const root = folder()
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(root, name), text)
    chmodSync(join(root, name), 0o755)
  }
  return root
}

const discovered = async (root: string): Promise<Discovered> => {
  const files = binariesIn(root)
  if (E.isLeft(files)) throw new Error(files.left)
  return discover(files.right, { launchOptions, folder: folder(), startQueue: taskQueue(8) })()
}

test('executable files that print metadata are found, and of every other .binary it is said why not', async t => {
  const root = place({
    'good.binary': printing(good),
    'twin.binary': printing({ ...good, name: 'Twin' }),
    'noisy.binary': `#!/bin/sh\necho hello\n${printing(good)}`,
    'failing.binary': '#!/bin/sh\necho no reason >&2\nexit 3\n',
    'wrong.binary': printing({ ...good, id: 'not good' }),
    'plain.binary': printing(good),
    'other.txt': printing(good),
  })
  chmodSync(join(root, 'plain.binary'), 0o644)
  mkdirSync(join(root, 'folder.binary'))
  const away = place({ 'away.binary': printing({ ...good, id: 'away' }) })
  symlinkSync(join(away, 'away.binary'), join(root, 'link.binary'))
  symlinkSync('nowhere', join(root, 'broken.binary'))
  const { found, skipped } = await discovered(root)
  t.deepEqual(
    found.map(({ file, metadata }) => [file, metadata]),
    [[join(root, 'good.binary'), { ...good, author: null }]],
  )
  const reasons = Object.fromEntries(
    skipped.map(({ file, reason }) => [file.slice(root.length + 1), reason]),
  )
  t.deepEqual(Object.keys(reasons).sort(), [
    'broken.binary',
    'failing.binary',
    'link.binary',
    'noisy.binary',
    'plain.binary',
    'twin.binary',
    'wrong.binary',
  ])
  t.regex(reasons['twin.binary'] ?? '', /its id is good, and so is that of good\.binary/)
  t.regex(
    reasons['noisy.binary'] ?? '',
    /^it prints "hello" on stdout beside its metadata, and a host parses all of stdout: print to/,
  )
  t.regex(reasons['failing.binary'] ?? '', /exit code 3; it wrote: no reason/)
  t.regex(reasons['wrong.binary'] ?? '', /its id is "not good"/)
  t.regex(reasons['plain.binary'] ?? '', /not executable: chmod \+x/)
  t.regex(reasons['link.binary'] ?? '', /symlink that leaves the folder/)
  t.regex(reasons['broken.binary'] ?? '', /broken symlink/)
})

test('a link within the folder is a plugin, and a folder that is not there is said so', async t => {
  const root = place({ real: printing(good) })
  symlinkSync('real', join(root, 'good.binary'))
  t.is((await discovered(root)).found.length, 1)
  t.true(E.isLeft(binariesIn(join(root, 'nowhere'))))
})
