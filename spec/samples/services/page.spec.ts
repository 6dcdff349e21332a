import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import test, { type ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import { bundleFrontend } from '../../../lib/cli/pack/bundle-frontend.js'
import { uptime } from '../../../samples/services/frontend/uptime.js'
import { type Browser, browserTest, type Page, startBrowser } from '../../support/browser.js'
import { command, ROOT } from '../../support/packed-project.js'
import { until } from '../../support/processes.js'
import { type Panel, startPanel } from './panel-page.js'
import { onScene, type Scene, scene } from './systemd-scene.js'

const SAMPLE = join(ROOT, 'samples', 'services')

test('an uptime in words', t => {
  const cases: ReadonlyArray<readonly [number | null, string]> = [
    [null, ''],
    [0, '0 s'],
    [59, '59 s'],
    [60, '1 min'],
    [3_599, '59 min'],
    [3_600, '1 h'],
    [5_400, '1 h 30 min'],
    [86_400 * 3 + 3_600 * 4 + 59, '3 d 4 h'],
    [86_400 + 120, '1 d'],
  ]
  for (const [seconds, text] of cases) t.is(uptime(seconds), text)
})

test('the client of the page is what the routes say', async t => {
  const [cli, main] = [
    join(ROOT, 'dist', 'lib', 'cli', 'main.js'),
    join(ROOT, 'dist', 'samples', 'services', 'main.js'),
  ]
  const checked = await command(
    process.execPath,
    [cli, 'routes', main, '--client', join(SAMPLE, 'frontend', 'client.ts'), '--check'],
    ROOT,
  )
  t.is(checked.code, 0, checked.stderr)
})

const makeBundle = async (): Promise<string> => {
  const made = await bundleFrontend({
    entry: join(SAMPLE, 'frontend', 'main.ts'),
    root: SAMPLE,
    id: 'systemd',
  })()
  return E.isRight(made) ? made.right.code : Promise.reject(new Error(made.left.message))
}
let bundle: Promise<string> | undefined
let browser: Promise<Browser> | undefined
test.after.always(async () => (await browser)?.close())

interface Shown {
  readonly page: Page
  readonly panel: Panel
  readonly machine: Scene
  /** The toasts since the last time, as soon as there are so many. */
  toasts(count?: number): Promise<unknown>
}

/** The page on a machine on which some services are watched already. */
const shown = async (
  t: ExecutionContext,
  watched: ReadonlyArray<string>,
  prepare: (machine: Scene) => void = () => undefined,
): Promise<Shown> => {
  const machine = scene(t)
  prepare(machine)
  const plugin = onScene(machine)
  await plugin.kv.set('watched_services', JSON.stringify(watched))
  bundle ??= makeBundle()
  const panel = await startPanel('systemd', plugin, await bundle)
  t.teardown(() => panel.close())
  browser ??= startBrowser()
  const page = await (await browser).newPage()
  t.teardown(() => page.close())
  page.on('pageerror', error => t.fail(String(error)))
  // Time stands still in the page, and passes when a test lets it.
  await page.clock.install({ time: 1_795_366_000_000 })
  await page.clock.pauseAt(1_795_370_001_000)
  await page.goto(panel.url)
  return {
    page,
    panel,
    machine,
    toasts: async (count = 1) => {
      await page.waitForFunction(`toasts.length >= ${count}`)
      return page.evaluate('toasts.splice(0)')
    },
  }
}

const service = (page: Page, name: string) =>
  page.getByRole('listitem').locator(`:scope:has(strong[title="${name}"])`)

browserTest(
  'the page shows what is watched, and stops a service only when it is told twice',
  async t => {
    const { page, machine, toasts } = await shown(t, ['good', 'bad', 'gone'])
    await page.getByRole('list', { name: 'Watched services' }).waitFor()
    await service(page, 'gone.service').waitFor()
    t.is(await page.locator('.summary').textContent(), '1 of 3 running, 1 failed')
    t.is(await page.getByRole('region', { name: 'Logs' }).count(), 0)
    t.deepEqual(await page.locator('.service .condition').allTextContents(), [
      'running1 min',
      'failed',
      'not found',
    ])

    const stops = (): number => machine.calls().filter(call => call.includes('|stop|')).length
    await page.getByRole('button', { name: 'Stop good.service', exact: true }).click()
    await page
      .getByRole('dialog', { name: 'Stop good.service? What depends on it stops as well.' })
      .waitFor()
    await page.keyboard.press('Escape')
    await page.getByRole('dialog').waitFor({ state: 'detached' })
    t.is(stops(), 0)

    await page.getByRole('button', { name: 'Stop good.service', exact: true }).click()
    await page.getByRole('dialog').getByRole('button', { name: 'Stop', exact: true }).click()
    await page.getByRole('button', { name: 'Start good.service', exact: true }).waitFor()
    t.is(stops(), 1)
    t.deepEqual(await toasts(), ['success: good.service was stopped'])
    t.is(await page.getByRole('status').textContent(), 'good.service was stopped')
    // The button that was pressed has become the one that takes it back, and has the focus.
    t.is(await page.evaluate('document.activeElement.ariaLabel'), 'Start good.service')
    await page.keyboard.press('Enter')
    await page.getByRole('button', { name: 'Stop good.service', exact: true }).waitFor()
  },
)

browserTest('a service is found, added and taken off again', async t => {
  const { page, toasts } = await shown(t, ['good'])
  await service(page, 'good.service').waitFor()
  await page.getByRole('button', { name: 'Add a service' }).click()
  const dialog = page.getByRole('dialog', { name: 'Add a service' })
  await dialog.getByRole('button', { name: /^once/ }).waitFor()
  t.is(await dialog.getByRole('listitem').count(), 17)
  await dialog.getByRole('searchbox', { name: 'Filter' }).fill('RUNS once')
  t.is(await dialog.getByRole('listitem').count(), 1)
  t.is(await dialog.getByRole('status').textContent(), '1 service')
  await dialog.getByRole('button', { name: /^once/ }).click()
  await service(page, 'once.service').waitFor()

  await page.getByRole('button', { name: 'Remove from the list: good.service' }).click()
  await service(page, 'good.service').waitFor({ state: 'detached' })
  t.is(await page.locator('.summary').textContent(), '1 of 1 running')
  t.deepEqual(await toasts(2), [
    'success: once.service is watched',
    'success: good.service is no longer watched',
  ])
})

/** Lets the time of the page pass until it asks again how the services are. */
const asksAgain = async (page: Page, panel: Panel): Promise<void> => {
  const asked = (): number => panel.requests.filter(request => request === 'GET /services').length
  const before = asked()
  while (asked() === before) {
    await page.clock.runFor(1_000)
    await pause(5)
  }
}

const entry = (n: number, fields: object = {}): string =>
  `${JSON.stringify({ __REALTIME_TIMESTAMP: `${1_795_370_000 + n}000000`, MESSAGE: `line ${n}`, SYSLOG_IDENTIFIER: 'good', _PID: '7', ...fields })}\n`

browserTest('the logs follow the journal until they are told not to', async t => {
  const { page, machine, panel } = await shown(t, ['good'], ({ put }) =>
    put('journal/good.service', entry(1)),
  )
  await page.getByRole('button', { name: 'Logs of good.service' }).click()
  const entries = page.getByRole('log').getByRole('listitem')
  await entries.waitFor()
  machine.put('journal/good.service', entry(1) + entry(2, { PRIORITY: '3' }))
  await asksAgain(page, panel)
  await page.waitForFunction(`document.querySelectorAll('.entries li').length === 2`)
  t.is(await page.locator('.entries .error').count(), 1)

  await page.getByRole('checkbox', { name: 'Follow' }).uncheck()
  // One round for what was under way, and one that asks for no logs.
  await asksAgain(page, panel)
  machine.put('journal/good.service', entry(1) + entry(2) + entry(3))
  const logs = (): number => panel.requests.filter(request => request.includes('/logs')).length
  const before = logs()
  await asksAgain(page, panel)
  t.is(logs(), before)
  await page.getByRole('button', { name: 'Refresh' }).click()
  await page.waitForFunction(`document.querySelectorAll('.entries li').length === 3`)
  await page.locator('select').selectOption('1000')
  await until(() => panel.requests.at(-1)?.endsWith('lines=1000') === true)
  await page.getByRole('region', { name: 'Logs' }).getByRole('button', { name: 'Close' }).click()
  t.is(await page.evaluate('document.activeElement.ariaLabel'), 'Logs of good.service')
})

browserTest(
  'what goes wrong is said where it happened, and in a toast; what is wrong with all of it, above',
  async t => {
    const { page, panel, machine, toasts } = await shown(t, ['good'])
    machine.fails(
      'restart',
      1,
      'Failed to restart good.service: Interactive authentication required.\n',
    )
    await page.getByRole('button', { name: 'Restart good.service' }).click()
    const row = service(page, 'good.service')
    await row.locator('.problem').waitFor()
    const said = await row.locator('.problem').textContent()
    t.regex(
      said ?? '',
      /^Failed to restart good\.service: Interactive authentication required\. The user that the panel runs as/,
    )
    t.deepEqual(await toasts(), [`error: ${said}`])

    machine.fails(
      'show',
      1,
      "System has not been booted with systemd as init system (PID 1). Can't operate.\n",
    )
    await asksAgain(page, panel)
    await page.getByRole('alert').waitFor()
    t.regex(
      (await page.getByRole('alert').textContent()) ?? '',
      /This plugin needs a machine that was booted with systemd\.$/,
    )
    // What was known stays on the page.
    t.is(await row.count(), 1)
  },
)

browserTest('what a service calls itself is text, and no markup', async t => {
  const { page } = await shown(t, ['evil'], ({ put }) => {
    put(
      'units/evil.service',
      'Description=<img src=x onerror="window.harm=1">\nLoadState=loaded\nActiveState=active\nSubState=running\n',
    )
    put('journal/evil.service', entry(1, { MESSAGE: '<script>window.harm=1</script>' }))
  })
  await page.getByRole('button', { name: 'Logs of evil.service' }).click()
  await page.getByRole('log').getByRole('listitem').waitFor()
  t.is(
    await page.locator('.service .description').textContent(),
    '<img src=x onerror="window.harm=1">',
  )
  t.deepEqual(
    await page.evaluate(
      `[window.harm ?? null, document.querySelectorAll('main img, main script').length]`,
    ),
    [null, 0],
  )
})

browserTest('it asks only while somebody can see it', async t => {
  const { page, panel } = await shown(t, ['good'])
  await service(page, 'good.service').waitFor()
  const asked = (): number => panel.requests.length
  await asksAgain(page, panel)
  await page.evaluate(
    `void (Object.defineProperty(document, 'hidden', { configurable: true, get: () => window.unseen === true }), window.unseen = true)`,
  )
  await page.clock.runFor(5_000)
  const hidden = asked()
  await page.clock.runFor(60_000)
  t.is(asked(), hidden)
  await page.evaluate(
    `void (window.unseen = false, document.dispatchEvent(new Event('visibilitychange')))`,
  )
  await until(() => asked() !== hidden)
  await asksAgain(page, panel)
  await page.evaluate('void view.unmount(container)')
  const left = asked()
  await page.clock.runFor(60_000)
  t.is(asked(), left)
  t.is(await page.evaluate('container.childElementCount'), 0)
})
