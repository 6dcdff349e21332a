import { join } from 'node:path'
import test from 'ava'
import { startDev } from '../devhost/dev-host.js'
import { browserTest, startBrowser } from '../support/browser.js'
import { command, ROOT } from '../support/packed-project.js'
import { tryHello, tryNotes } from './pages.js'

browserTest('the pages of the small samples work in the development host', async t => {
  const dev = await startDev(t, [join(ROOT, 'samples/hello'), join(ROOT, 'samples/notes')])
  const browser = await startBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  page.on('pageerror', error => t.fail(String(error)))
  await page.goto(`${dev.url}#/my-plugin/view`)
  await tryHello(t, page)
  await page.goto(`${dev.url}#/notes/view`)
  await tryNotes(t, page)
})

test('the client of the page of notes is what the routes say', async t => {
  const checked = await command(
    process.execPath,
    [
      join(ROOT, 'dist/lib/cli/main.js'),
      'routes',
      join(ROOT, 'dist/samples/notes/main.js'),
      '--client',
      join(ROOT, 'samples/notes/frontend/client.ts'),
      '--check',
    ],
    ROOT,
  )
  t.is(checked.code, 0, checked.stderr)
})
