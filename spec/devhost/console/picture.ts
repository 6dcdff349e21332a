// `npm run picture` draws docs/console.png: the console with the samples at work. It takes a
// minute, since the chart shows one.
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { startBrowser } from '../../support/browser.js'
import { ROOT } from '../../support/packed-project.js'
import { startDev } from '../dev-host.js'

const SAMPLES = ['hello', 'notes', 'services']
  .map(name => join(ROOT, 'samples', name))
  .filter(existsSync)
const NOTES = '/api/plugins/route/notes'
const TITLES = [
  'Groceries',
  'Call the dentist',
  'Water the plants',
  'Read chapter four',
  'Renew the certificate',
]

const cleaning: Array<() => unknown> = []
const dev = await startDev({ teardown: (clean: () => unknown) => cleaning.push(clean) }, SAMPLES)
const browser = await startBrowser()
try {
  const context = await browser.newContext({
    viewport: { width: 1280, height: 800 },
    colorScheme: 'dark',
    reducedMotion: 'reduce',
  })
  const page = await context.newPage()
  await page.goto(`${dev.url}#/notes/traffic`)
  await page.getByText('tagged').first().waitFor()
  await page.getByRole('combobox', { name: 'Plugins' }).selectOption('all')
  const ids: string[] = []
  for (const title of TITLES)
    ids.push(JSON.parse((await dev.post(`${NOTES}/`, { title, tags: ['home'] })).body).id)
  const calls = [
    () => dev.ask(`${NOTES}/`),
    () => dev.ask(`${NOTES}/${ids[1]}`),
    () => dev.post(`${NOTES}/`, { title: 'A new note' }),
    () => dev.ask('/api/plugins/route/my-plugin/'),
    () => dev.post('/api/dev/plugins/notes/kv', { action: 'get', key: 'theme' }),
    () => dev.ask(`${NOTES}/?tag=home&q=plants`),
    () => dev.ask('/api/plugins/route/systemd/services'),
    () => dev.post('/api/plugins/route/my-plugin/data', {}),
    () => dev.ask(`${NOTES}/no-such-note`),
  ]
  // The first answer of a new process is slow.
  for (const call of calls) await call()
  await page.getByText('no-such-note').first().waitFor()
  await page.getByRole('button', { name: 'Clear' }).click()
  // A varying number of requests per second.
  const begun = Date.now()
  for (let n = 0; Date.now() - begun < 58_000; n += 1) {
    await calls[(n * 3 + Math.floor(n / 7)) % calls.length]?.()
    await pause(
      90 +
        70 * Math.sin((Date.now() - begun) / 4_500) +
        60 * Math.sin((Date.now() - begun) / 1_300) ** 2,
    )
  }
  await page.screenshot({ path: join(ROOT, 'docs', 'console.png') })
} finally {
  await browser.close()
  for (const clean of cleaning) await clean()
}
