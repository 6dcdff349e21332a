import type { Page } from '../../support/browser.js'
import { browserTest, expectThrown } from './browser-test.js'
import { somePlugin } from './fake-host.js'
import { openTab, toast } from './open-tab.js'

// A plugin's process, build and frontend, with a fake host.

const facts = async (page: Page): Promise<string> =>
  (await page.locator('.stats').innerText()).replace(/\s+/g, ' ')

browserTest('a plugin with its process, and what can be done to it', async t => {
  const { host, page } = await openTab(t, '#/notes/overview', { startedAt: Date.now() - 3_600_000 })
  t.regex(
    await facts(page),
    /^Health healthy Process 4242 Memory 48 MB Uptime 1 h( \d+ s| 1 min)? Time to socket 142 ms Restarts 0$/,
  )
  for (const [name, path] of [
    ['Kill', '/api/dev/plugins/notes/kill'],
    ['Restart', '/api/dev/plugins/notes/restart'],
    ['Disable', '/api/plugins/notes/disable'],
  ] as const) {
    await page.getByRole('button', { name }).click()
    await toast(page, `Notes: ${name.toLowerCase()}`)
    t.true(host.asked.includes(`POST ${path} {}`))
  }
  const down = { running: false, pid: null, memory: null, startedAt: null, socketAfter: null }
  host.say(
    'plugin',
    somePlugin({
      ...down,
      state: 'restarting',
      health: 'unhealthy',
      restarts: 2,
      reason: 'killed by SIGKILL; again in 2 s',
    }),
  )
  await page.getByRole('alert').getByText('killed by SIGKILL; again in 2 s').waitFor()
  t.is(
    await facts(page),
    'Health unhealthy Process – Memory – Uptime – Time to socket – Restarts 2',
  )
  t.true(await page.getByRole('button', { name: 'Kill' }).isDisabled())
  host.say('plugin', somePlugin({ ...down, state: 'disabled', health: 'disabled', enabled: false }))
  host.answers.set('POST /api/plugins/notes/enable', undefined)
  await page.getByRole('button', { name: 'Enable' }).click()
  await toast(page, 'Notes: enabled')
})

browserTest(
  'errors of a build stand with their file, line and text, and are announced on the other tabs',
  async t => {
    const { host, page } = await openTab(t, '#/notes/logs')
    const error = {
      half: 'backend',
      text: 'Expected ";"',
      file: 'src/main.ts',
      line: 12,
      column: 9,
      lineText: '\tretrun 5',
    } as const
    host.say('plugin', somePlugin({ build: { state: 'failed', took: 12, errors: [error] } }))
    await page.getByRole('alert').getByRole('link', { name: 'See the errors' }).click()
    const problem = page.getByRole('list', { name: 'Build errors' })
    t.is(
      (await problem.textContent())?.trim(),
      'backend src/main.ts:12:10Expected ";"\tretrun 5\n\t        ^',
    )
    await page.getByRole('link', { name: /build failed/ }).waitFor()
    host.say('plugin', somePlugin())
    await problem.waitFor({ state: 'detached' })
  },
)

const bundle = (version: string, mount: string): string =>
  `window.ToruPlugins = { notes: {
    mount(place, api) { window.log = [...(window.log ?? []), 'mount ${version}']; ${mount} },
    unmount(place) { window.log.push('unmount ${version}') }
  } }`

browserTest(
  'a frontend is mounted with the api of the panel, again when it changes, and taken down when it is left',
  async t => {
    const { host, page } = await openTab(t, '#/notes/overview', { frontend: 'v1' })
    host.answers.set(
      'GET /api/plugins/notes/bundle.js?v=v1',
      bundle('1', 'place.append("view 1"); window.api = api'),
    )
    host.answers.set(
      'GET /api/plugins/notes/bundle.js?v=v2',
      bundle('2', 'place.append("view 2"); window.api = api'),
    )
    host.answers.set('GET /api/plugins/route/notes/list?x=1', ['from the plugin'])
    host.answers.set('POST /api/plugins/notes/kv', { value: 'dark' })
    await page.getByRole('tab', { name: 'View', exact: true }).click()
    await page.getByText('view 1').waitFor()
    t.deepEqual(await page.evaluate(`api.fetch('/list?x=1').then(answer => answer.json())`), [
      'from the plugin',
    ])
    t.is(await page.evaluate(`api.kv.get('theme')`), 'dark')
    await page.evaluate(`api.kv.set('theme', 'light')`)
    t.deepEqual(host.asked.slice(-2), [
      'POST /api/plugins/notes/kv {"action":"get","key":"theme"}',
      'POST /api/plugins/notes/kv {"action":"set","key":"theme","value":"light"}',
    ])
    await page.evaluate(`api.showToast('It works', 'success')`)
    await toast(page, 'It works')
    await page.evaluate(`api.navigate('/settings')`)
    await toast(page, 'The panel would now show /settings')
    host.say('plugin', somePlugin({ frontend: 'v1', pid: 99 }))
    host.say('plugin', somePlugin({ frontend: 'v2', pid: 99 }))
    await page.getByText('view 2').waitFor()
    t.is(await page.getByText('view 1').count(), 0)
    await page.getByRole('tab', { name: 'Logs' }).click()
    await page.getByRole('region', { name: 'Log' }).waitFor()
    t.deepEqual(await page.evaluate('log'), ['mount 1', 'unmount 1', 'mount 2', 'unmount 2'])
  },
)

browserTest(
  'the look of the page does not reach into a view, whose own does as it likes',
  async t => {
    const { host, page } = await openTab(t, '#/notes/overview', { frontend: 'v1' })
    const html =
      '<style>.title { color: rgb(1, 2, 3) }</style><h3 class="title">a title</h3><button class="button">a button</button>'
    host.answers.set(
      'GET /api/plugins/notes/bundle.js',
      bundle('1', `place.innerHTML = ${JSON.stringify(html)}`),
    )
    await page.getByRole('tab', { name: 'View', exact: true }).click()
    await page.getByText('a title').waitFor()
    const style = (selector: string, property: string): Promise<unknown> =>
      page.evaluate(`getComputedStyle(document.querySelector('.view ${selector}')).${property}`)
    t.deepEqual(
      [
        await style('h3', 'display'),
        await style('h3', 'color'),
        await style('button', 'borderTopStyle'),
      ],
      ['block', 'rgb(1, 2, 3)', 'outset'],
    )
    t.not(await style('h3', 'marginTop'), '0px')
  },
)

browserTest('what goes wrong in a frontend is shown', async t => {
  const { host, page } = await openTab(t, '#/notes/view', { route: '/elsewhere' })
  await page.getByText('This plugin has no frontend.').waitFor()
  await page.getByRole('alert').getByText('The frontend cannot reach its plugin').waitFor()
  host.answers.set(
    'GET /api/plugins/notes/bundle.js?v=v1',
    bundle('1', `throw new Error('no mount')`),
  )
  host.answers.set('GET /api/plugins/notes/bundle.js?v=v2', 'window.ToruPlugins = {}')
  host.answers.set(
    'GET /api/plugins/notes/bundle.js?v=v4',
    bundle('4', `setTimeout(() => { throw new Error('while it ran') })`),
  )
  const alert = page.getByRole('alert')
  for (const [version, problem] of [
    ['v1', 'Error: no mount'],
    ['v2', 'bundle.js did not set window.ToruPlugins["notes"]'],
    ['v3', '/api/plugins/notes/bundle.js could not be loaded'],
    ['v4', 'Error: while it ran'],
  ] as const) {
    host.say('plugin', somePlugin({ frontend: version }))
    await alert.getByText(problem).waitFor()
  }
  expectThrown(t, 'Error: while it ran')
})
