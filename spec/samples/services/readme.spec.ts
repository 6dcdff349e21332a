import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { command, ROOT } from '../../support/packed-project.js'

const SAMPLE = join(ROOT, 'samples', 'services')
const readme = readFileSync(join(SAMPLE, 'README.md'), 'utf8')

test('the routes of the README are those of the plugin', async t => {
  const { stdout } = await command(
    process.execPath,
    [join(ROOT, 'dist', 'samples', 'services', 'main.js'), '--describe'],
    ROOT,
  )
  const { routes }: { routes: ReadonlyArray<{ readonly method: string; readonly path: string }> } =
    JSON.parse(stdout)
  t.deepEqual(
    [...readme.matchAll(/^\| `([A-Z]+ \/\S*)` \|/gm)].map(([, route]) => route),
    routes.map(({ method, path }) => `${method} ${path}`),
  )
})
