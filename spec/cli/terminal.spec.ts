import { join } from 'node:path'
import test from 'ava'
import { ROOT } from '../support/packed-project.js'
import { runFile } from '../support/packing.js'
import { folder } from '../support/plugin-process.js'

const pipeline = (args: string) =>
  runFile('bash', [
    '-c',
    `cd "$2" && "$0" "$1" ${args} | head -1 | wc -l; echo "\${PIPESTATUS[0]}"`,
    process.execPath,
    join(ROOT, 'dist/lib/cli/main.js'),
    folder(),
  ])

for (const args of ['schema', 'schema 2>&1', '--help', 'nothing 2>&1'])
  test(`a reader that leaves makes no noise: ${args}`, async t => {
    const code = args.startsWith('nothing') ? 2 : 0
    t.deepEqual(await pipeline(args), { code: 0, stdout: `1\n${code}\n`, stderr: '' })
  })

test('dev ends in order when nobody reads its output any more', async t => {
  const { stdout, stderr } = await pipeline(
    `dev --port 0 ${join(ROOT, 'dist/spec/fixtures/plugins/catalog.js')}`,
  )
  t.deepEqual({ stdout, stderr }, { stdout: '1\n0\n', stderr: '' })
})
