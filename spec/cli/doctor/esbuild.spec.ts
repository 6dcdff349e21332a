import { join } from 'node:path'
import test from 'ava'
import { esbuildFindings } from '../../../lib/cli/doctor/esbuild.js'
import { ROOT } from '../../support/packed-project.js'
import { runFile } from '../../support/packing.js'

test('esbuild that runs is fine', async t => {
  t.deepEqual(
    (await esbuildFindings()).map(({ level }) => level),
    ['ok'],
  )
})

test('esbuild of another kind of machine is found', async t => {
  const program = `
    import { esbuildFindings } from '${join(ROOT, 'dist/lib/cli/doctor/esbuild.js')}'
    console.log(JSON.stringify(await esbuildFindings()))
    process.exit()`
  const { stdout } = await runFile(process.execPath, ['--input-type=module', '-e', program], {
    env: { ...process.env, ESBUILD_BINARY_PATH: join(ROOT, 'package.json') },
  })
  const [finding] = JSON.parse(stdout)
  t.deepEqual([finding.level, finding.mend], ['error', 'rm -rf node_modules && npm install'])
  t.regex(finding.found, /^esbuild cannot be run, and without it toru-plugin compiles nothing: ./)
})
