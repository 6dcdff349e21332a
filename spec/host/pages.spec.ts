import { join } from 'node:path'
import { tryHello, tryNotes } from '../samples/pages.js'
import { browserTest, startBrowser } from '../support/browser.js'
import { ROOT } from '../support/packed-project.js'
import { packed } from '../support/packing.js'
import { startRealHost } from './real-host.js'

browserTest('the pages of the small samples work in the panel', async t => {
  const files = ['samples/hello', 'samples/notes'].map(async sample => packed(join(ROOT, sample)))
  const host = await startRealHost(
    t,
    (await Promise.all(files)).map(({ file }) => file),
  )
  const browser = await startBrowser()
  t.teardown(() => browser.close())
  const page = await browser.newPage()
  page.on('pageerror', error => t.fail(String(error)))
  await page.goto(host.url)
  const login = {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(host.login),
  }
  await page.evaluate(`fetch('/api/auth/login', ${JSON.stringify(login)}).then(() => undefined)`)
  await page.goto(`${host.url}/plugin/my-plugin`)
  await tryHello(t, page)
  await page.goto(`${host.url}/plugin/notes`)
  await tryNotes(t, page)
})
