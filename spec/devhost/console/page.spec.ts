import type { Page } from '../../support/browser.js'
import { browserTest, openPage } from './browser-test.js'
import { busyHost, PLACES } from './busy-host.js'
import { someEntry, someExchange, somePlugin } from './fake-host.js'
import { heading, startHost } from './open-tab.js'

// The page as a whole, with a fake host.

interface AxNode {
  readonly ignored: boolean
  readonly role?: { readonly value: string }
  readonly name?: { readonly value: string }
}

const CONTROLS = [
  'button',
  'link',
  'textbox',
  'searchbox',
  'combobox',
  'checkbox',
  'radio',
  'tab',
  'DisclosureTriangle',
  'dialog',
  'tabpanel',
  'image',
]

const nameless = async (page: Page): Promise<ReadonlyArray<string>> => {
  const session = await page.context().newCDPSession(page)
  const { nodes } = (await session.send('Accessibility.getFullAXTree')) as {
    nodes: ReadonlyArray<AxNode>
  }
  return nodes.flatMap(({ ignored, role, name }) =>
    !ignored &&
    role !== undefined &&
    CONTROLS.includes(role.value) &&
    (name?.value ?? '').trim() === ''
      ? [role.value]
      : [],
  )
}

browserTest(
  'every control of every place has a name; nothing is wider than a phone; nothing comes from elsewhere',
  async t => {
    const host = await busyHost(t)
    const page = await openPage(t, host.url, { viewport: { width: 360, height: 740 } })
    const foreign: string[] = []
    page.on(
      'request',
      request =>
        request.url().startsWith(host.url) ||
        request.url().startsWith('data:') ||
        foreign.push(request.url()),
    )
    for (const [hash, shown, open] of PLACES) {
      await page.goto(host.url + hash)
      await page.locator('main').getByText(shown).first().waitFor()
      await open?.(page)
      t.deepEqual(await nameless(page), [], hash)
      t.is(await page.evaluate('document.documentElement.scrollWidth'), 360, hash)
    }
    t.deepEqual(foreign, [])
  },
)

browserTest(
  'tabs are chosen with the arrow keys, the address and the title follow, and a reload stays',
  async t => {
    const host = await startHost(t)
    const page = await openPage(t, `${host.url}#/notes/traffic`)
    await heading(page, 'Notes')
    t.is(await page.title(), 'Traffic · Notes · Toru console')
    const selected = page.getByRole('tab', { selected: true })
    await selected.focus()
    const steps = [
      ['ArrowRight', 'logs'],
      ['End', 'storage'],
      ['ArrowRight', 'overview'],
      ['ArrowLeft', 'storage'],
      ['Home', 'overview'],
    ] as const
    for (const [key, tab] of steps) {
      await page.keyboard.press(key)
      await page.waitForFunction(
        `document.activeElement.id === 'tab-${tab}' && document.activeElement.ariaSelected === 'true'`,
      )
      t.true(page.url().endsWith(`#/notes/${tab}`))
    }
    t.is(await page.locator('[role=tab][tabindex="0"]').count(), 1)
    await page.goto(`${host.url}#/notes/logs`)
    await page.reload()
    await page.locator('[role=tabpanel][data-tab=logs]').waitFor()
    t.is(await page.title(), 'Logs · Notes · Toru console')
    t.is(await page.getByRole('tabpanel').getAttribute('aria-labelledby'), 'tab-logs')
  },
)

browserTest(
  'the first Tab leads past the sidebar, and everything that follows shows the focus',
  async t => {
    const host = await startHost(t)
    const page = await openPage(t, `${host.url}#/notes/overview`)
    await heading(page, 'Notes')
    const focused = (): Promise<unknown> =>
      page.evaluate('document.activeElement.textContent.trim().slice(0, 20)')
    await page.keyboard.press('Tab')
    t.is(await focused(), 'Skip to the content')
    await page.keyboard.press('Enter')
    t.is(await page.evaluate('document.activeElement.id'), 'main')
    const order: unknown[] = []
    for (let step = 0; step < 4; step += 1) {
      await page.keyboard.press('Tab')
      order.push(await focused())
      t.not(await page.evaluate('getComputedStyle(document.activeElement).outlineStyle'), 'none')
    }
    t.deepEqual(order, ['Disable', 'Restart', 'Kill', 'Overview'])
  },
)

browserTest(
  'light and dark follow the system until somebody chooses, and the choice is remembered',
  async t => {
    const host = await startHost(t)
    const page = await openPage(t, host.url, { colorScheme: 'dark' })
    await heading(page, 'All plugins')
    const ground = (): Promise<unknown> =>
      page.evaluate('getComputedStyle(document.body).backgroundColor')
    const dark = await ground()
    await page.emulateMedia({ colorScheme: 'light' })
    const light = await ground()
    t.not(dark, light)
    await page.locator('.themes label').last().click()
    t.is(await ground(), dark)
    await page.reload()
    await heading(page, 'All plugins')
    t.is(await ground(), dark)
    await page.getByRole('radio', { name: 'dark' }).press('ArrowLeft')
    t.is(await ground(), light)
  },
)

browserTest(
  'on a phone the sidebar is a drawer that the keyboard opens and Escape closes',
  async t => {
    const host = await startHost(t, {}, { id: 'other', name: 'Other' })
    const page = await openPage(t, `${host.url}#/notes/logs`, {
      viewport: { width: 360, height: 740 },
    })
    await heading(page, 'Notes')
    const link = page.getByRole('link', { name: /Other/ })
    t.false(await link.isVisible())
    const menu = page.getByRole('button', { name: 'Plugins' })
    await menu.press('Enter')
    await link.waitFor()
    await page.waitForFunction(`document.activeElement.textContent === 'All plugins'`)
    t.is(await menu.getAttribute('aria-expanded'), 'true')
    await page.keyboard.press('Escape')
    await link.waitFor({ state: 'hidden' })
    t.is(await page.evaluate('document.activeElement.id'), 'menu')
    await menu.press('Enter')
    await link.click()
    await heading(page, 'Other')
    await link.waitFor({ state: 'hidden' })
    t.true(page.url().endsWith('#/other/logs'))
  },
)

browserTest(
  'a lost connection is said, found again, and what happened meanwhile is there',
  async t => {
    const host = await startHost(t)
    const page = await openPage(t, `${host.url}#/notes/traffic`)
    await heading(page, 'Notes')
    host.say('exchange', someExchange(1))
    await page.getByText('GET /notes/1').waitFor()
    await host.down()
    await page.getByRole('status').getByText('The development host does not answer.').waitFor()
    await page.getByText('not connected').waitFor()
    t.is(await page.getByText('GET /notes/1').count(), 1)
    host.state = { ...host.state, plugins: [somePlugin({ name: 'Notes again' })] }
    host.exchanges = [someExchange(1), someExchange(2)]
    await host.up()
    await heading(page, 'Notes again')
    await page.getByText('GET /notes/2').waitFor()
    t.is(await page.locator('.banner').count(), 0)
    host.say('exchange', someExchange(3))
    await page.getByText('GET /notes/3').waitFor()
    t.is(await page.getByText('GET /notes/1').count(), 1)
  },
)

browserTest('what plugins say is text, whatever it looks like', async t => {
  const evil = '<img src=x onerror="window.hit=1">'
  const host = await startHost(t, {
    name: evil,
    reason: evil,
    state: 'failed',
    running: false,
    source: evil,
    author: evil,
  })
  const { n: _, ...entry } = someEntry(1, { message: evil, error: evil })
  host.logs = [entry]
  host.exchanges = [someExchange(1, { title: evil, error: evil })]
  host.answers.set('GET /api/dev/plugins/notes/entries', {
    store: 'host',
    place: evil,
    problem: null,
    entries: [{ key: evil, value: evil }],
  })
  const page = await openPage(t, host.url)
  for (const tab of ['overview', 'traffic', 'logs', 'storage']) {
    await page.goto(`${host.url}#/notes/${tab}`)
    await page.getByRole('tabpanel').getByText(evil).first().waitFor()
    t.is(await page.locator('img').count(), 0, tab)
  }
  t.is(await page.evaluate('window.hit'), undefined)
})

browserTest('a plugin whose first build succeeds at last is followed to its new name', async t => {
  const unbuilt = {
    id: 'building-main',
    name: 'main.ts',
    route: '',
    version: '',
    state: 'failed',
    running: false,
    source: 'main.ts',
  } as const
  const host = await startHost(t, {}, unbuilt)
  const page = await openPage(t, `${host.url}#/building-main/logs`)
  await heading(page, 'main.ts')
  t.is(await page.getByRole('button', { name: 'Restart' }).count(), 0)
  host.say('plugin', somePlugin({ id: 'built', name: 'Built', source: 'main.ts' }))
  host.say('gone', { id: 'building-main' })
  await heading(page, 'Built')
  t.true(page.url().endsWith('#/built/logs'))
})

browserTest('a plugin that is not there, and none at all', async t => {
  const host = await startHost(t)
  const page = await openPage(t, `${host.url}#/nobody/logs`)
  await page.getByText('There is no plugin “nobody” here.').waitFor()
  await page.getByRole('main').getByRole('link', { name: 'All plugins' }).click()
  await heading(page, 'All plugins')
  host.say('gone', { id: 'notes' })
  await page.getByText('No plugin yet.').waitFor()
  host.say('plugin', somePlugin({ id: 'new', name: 'New' }))
  await page.getByRole('link', { name: /New/ }).first().waitFor()
})
