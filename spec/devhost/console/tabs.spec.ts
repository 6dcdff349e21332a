import { browserTest } from './browser-test.js'
import { someEntry, someExchange, somePlugin } from './fake-host.js'
import { openTab, toast } from './open-tab.js'

// Routes, traffic, logs and storage, with a fake host.

const DESCRIPTION = {
  routes: [
    {
      method: 'GET',
      path: '/:id',
      handler: 'Notes.read',
      params: ['id'],
      codecs: { query: { name: 'Q', schema: { properties: { full: {} } } } },
    },
    {
      method: 'POST',
      path: '/',
      handler: 'Notes.create',
      params: [],
      codecs: {
        body: {
          name: 'NewNote',
          schema: { type: 'object', properties: { title: { type: 'string' } } },
        },
      },
    },
  ],
  kv: [
    {
      key: 'theme',
      handler: 'Notes.theme',
      codec: { name: 'Theme', schema: { enum: ['dark', 'light'] } },
    },
  ],
}

browserTest(
  'a route is called with params, query, headers and body; the call is remembered, sent again and copied',
  async t => {
    const { host, page } = await openTab(t, '#/notes/overview')
    host.answers.set('GET /api/dev/plugins/notes/description', DESCRIPTION)
    host.answers.set('GET /api/plugins/route/notes/a%20b?full=yes', { id: 'a b' })
    host.answers.set('POST /api/plugins/route/notes/', { created: true })
    await page.getByRole('tab', { name: 'Routes' }).click()
    const answer = page.getByRole('region', { name: 'Answer', exact: true })
    await page.getByRole('button', { name: 'Send' }).click()
    await answer.getByText('id is empty: the path needs it').waitFor()
    await page.getByLabel('id', { exact: true }).fill('a b')
    await page.getByLabel('query 1: value').fill('yes')
    await page.getByRole('button', { name: 'Add header' }).click()
    await page.getByLabel('header 1: name').fill('x-key')
    await page.getByLabel('header 1: value').fill('5')
    await page.getByLabel('header 1: value').press('Control+Enter')
    await answer.getByText('200').waitFor()
    t.is(
      await answer.getByRole('region', { name: 'Body of the answer' }).textContent(),
      '{\n  "id": "a b"\n}',
    )
    t.regex(await answer.innerText(), /\d ms/)
    await page.getByRole('button', { name: 'Copy as curl' }).click()
    await toast(page, 'Copied')
    const base = `${host.url}api/plugins/route/notes`
    t.is(
      await page.evaluate('navigator.clipboard.readText()'),
      `curl -i -X GET '${base}/a%20b?full=yes' \\\n  -H 'x-key: 5'`,
    )
    await page
      .getByRole('navigation', { name: 'Routes' })
      .getByRole('button', { name: /POST/ })
      .click()
    t.is(await page.getByLabel('Body', { exact: true }).inputValue(), '{\n  "title": "text"\n}')
    await page.getByText('body: NewNote').click()
    await page
      .getByRole('region', { name: 'JSON Schema of body' })
      .getByText('"properties"')
      .waitFor()
    await page.getByRole('button', { name: 'Send' }).click()
    await answer.getByText('created').waitFor()
    await page.getByRole('button', { name: 'Copy as test' }).click()
    await page
      .getByRole('region', { name: 'test', exact: true })
      .getByText(`await plugin.post('/'`)
      .waitFor()
    t.true(host.asked.includes('POST /api/plugins/route/notes/ {\n  "title": "text"\n}'))
    await page.reload()
    const asked = (): number =>
      host.asked.filter(line => line === 'GET /api/plugins/route/notes/a%20b?full=yes').length
    t.is(asked(), 1)
    await page.getByRole('button', { name: 'Replay GET /a%20b?full=yes' }).click()
    await answer.getByText('200').waitFor()
    t.is(asked(), 2)
    t.is(await page.getByLabel('header 1: value').inputValue(), '5')
    t.is(await page.locator('.history li').count(), 3)
    await page.getByRole('button', { name: 'Clear the history' }).click()
    t.is(await page.evaluate(`localStorage.getItem('toru-console/history/notes')`), '[]')
  },
)

browserTest(
  'keys that the plugin answers are tried; a plugin that does not describe itself says so',
  async t => {
    const { host, page } = await openTab(t, '#/notes/overview')
    host.answers.set('GET /api/dev/plugins/notes/description', DESCRIPTION)
    host.answers.set('POST /api/dev/plugins/notes/kv', { value: 'dark' })
    await page.getByRole('tab', { name: 'Routes' }).click()
    t.is(await page.getByLabel('Value of theme').inputValue(), 'dark')
    await page.getByRole('button', { name: 'Set', exact: true }).click()
    await page.getByLabel('Answer of theme').getByText('"dark"').waitFor()
    t.true(
      host.asked.includes(
        'POST /api/dev/plugins/notes/kv {"action":"set","key":"theme","value":"dark"}',
      ),
    )
    host.answers.delete('GET /api/dev/plugins/notes/description')
    host.say('plugin', somePlugin({ pid: 5 }))
    await page.getByRole('alert').getByText('The plugin does not describe itself').waitFor()
  },
)

browserTest(
  'messages come live, are found, held back, opened and cleared; the chart says what it shows',
  async t => {
    const { host, page } = await openTab(t, '#/notes/traffic')
    const rows = page.locator('.traffic tbody tr')
    const titles = (): Promise<string[]> => page.locator('.traffic .open code').allInnerTexts()
    await page.getByText('No message yet.').waitFor()
    host.say('exchange', someExchange(1))
    host.say('exchange', someExchange(2, { status: 404, title: 'GET /notes/none' }))
    host.say(
      'exchange',
      someExchange(3, { kind: 'kv', title: 'get theme', status: null, method: null, path: null }),
    )
    host.say('exchange', someExchange(4, { plugin: 'other', title: 'GET /other' }))
    await page.getByText('get theme').waitFor()
    t.deepEqual(await titles(), ['get theme', 'GET /notes/none', 'GET /notes/1'])
    t.regex(
      (await rows.last().innerText()).replace(/\s+/g, ' '),
      /^\d\d:\d\d:\d\d\.\d{3} http GET \/notes\/1 200 2.4 ms 412 B 230 B tagged$/,
    )
    const chart = page.getByRole('img', {
      name: /^Requests per second\. 3 requests in the last minute, 1 failed; half within 2.4 ms/,
    })
    await chart.waitFor()
    t.is(await page.locator('.bar.failed').count(), 1)
    t.regex((await page.locator('.line.p50').getAttribute('d')) ?? '', /^M/)

    await page.getByRole('combobox', { name: 'Plugins' }).selectOption('all')
    await page.getByText('GET /other').waitFor()
    await page.getByLabel('Errors only').check()
    t.deepEqual(await titles(), ['GET /notes/none'])
    await page.getByLabel('Errors only').uncheck()
    await page.getByLabel('Kind').selectOption('kv')
    t.deepEqual(await titles(), ['get theme'])
    await page.getByLabel('Kind').selectOption('all')
    await page.getByLabel('Filter messages').fill('NOTES/1')
    t.deepEqual(await titles(), ['GET /notes/1'])
    await page.getByLabel('Filter messages').fill('')

    await page.getByRole('button', { name: 'Pause' }).click()
    for (const n of [5, 6, 7]) host.say('exchange', someExchange(n))
    await page.getByRole('button', { name: 'Resume (3 new)' }).waitFor()
    t.is(await rows.count(), 4)
    await page.getByRole('button', { name: /Resume/ }).click()
    await page.getByText('GET /notes/7').waitFor()

    const text = JSON.stringify({ type: 'http' })
    const received = { length: 15, header: '0000000f', text: 'no JSON', cut: true }
    host.answers.set('GET /api/dev/traffic/7', {
      n: 7,
      sent: { length: 15, header: '0000000f', text, cut: false },
      received,
    })
    await page.getByRole('button', { name: 'http GET /notes/7' }).click()
    const sent = page.getByRole('region', { name: 'Sent to the plugin', exact: true })
    await sent.getByText('0000000f').waitFor()
    t.is(await sent.locator('pre').textContent(), '{\n  "type": "http"\n}')
    await page.getByText('cut here to 256 KiB').waitFor()
    await page.getByLabel('Raw').check()
    t.is(await sent.locator('pre').textContent(), text)
    await page.getByRole('button', { name: 'Clear' }).click()
    await page.getByText('No message yet.').waitFor()
  },
)

browserTest('a flood of messages stays bounded and leaves the page alive', async t => {
  const { host, page } = await openTab(t, '#/notes/traffic')
  for (let n = 1; n <= 5_000; n += 1) host.say('exchange', someExchange(n))
  await page.getByText('GET /notes/5000', { exact: true }).waitFor()
  await page.getByText('The newest 200 of 2000; filter to see others.').waitFor()
  t.is(await page.locator('.traffic tbody tr').count(), 200)
})

browserTest(
  'the log follows until it is scrolled up, and is searched by level and text',
  async t => {
    const { host, page } = await openTab(t, '#/notes/logs')
    await page.getByText('No entry yet.').waitFor()
    for (let n = 1; n <= 100; n += 1) host.say('log', someEntry(n))
    await page.getByText('entry 100').waitFor()
    const atEnd = `(list => list.scrollHeight - list.scrollTop - list.clientHeight < 5)(document.querySelector('.log'))`
    await page.waitForFunction(atEnd)
    const follow = page.getByRole('button', { name: 'Follow' })
    t.is(await follow.getAttribute('aria-pressed'), 'true')
    await page.evaluate(`document.querySelector('.log').scrollTop = 0`)
    await page.getByRole('button', { name: 'Follow', pressed: false }).waitFor()
    host.say('log', someEntry(101, { level: 'Error', message: 'it broke', error: 'at main.ts:5' }))
    await page.getByText('101 entries').waitFor()
    t.is(await page.evaluate(`document.querySelector('.log').scrollTop`), 0)
    await follow.click()
    await page.waitForFunction(atEnd)
    await page.getByText('it broke').click()
    await page.getByText('at main.ts:5').waitFor()
    await page.getByLabel('Minimum level').selectOption('Warn')
    await page.getByText('1 of 101').waitFor()
    await page.getByLabel('Minimum level').selectOption('Trace')
    await page.getByLabel('Search the log').fill('ENTRY 42')
    await page.getByText('1 of 101').waitFor()
    t.is(await page.locator('.log li').count(), 1)
  },
)

browserTest('keys of both stores are shown, filtered, added, changed and removed', async t => {
  const { host, page } = await openTab(t, '#/notes/overview')
  const entries = (from: string, ...all: ReadonlyArray<readonly [string, string]>) => {
    const value = {
      store: from,
      place: `/tmp/${from}.db`,
      problem: null,
      entries: all.map(([key, value]) => ({ key, value })),
    }
    host.answers.set(`GET /api/dev/plugins/notes/entries?store=${from}`, value)
  }
  const edits = (): ReadonlyArray<string> =>
    host.asked.flatMap(line =>
      line.startsWith('POST /api/dev/plugins/notes/entries ')
        ? [line.slice('POST /api/dev/plugins/notes/entries '.length)]
        : [],
    )
  entries('host', ['theme', 'dark'], ['layout', '{"columns":2}'])
  entries('plugin', ['note/1', '{"title":"x"}'])
  await page.getByRole('tab', { name: 'Storage' }).click()
  const keys = page.getByRole('list', { name: 'Keys' })
  await keys.getByText('{\n  "columns": 2\n}').waitFor()
  await page.getByLabel('Filter keys').fill('LAY')
  t.is(await page.locator('.entries > li').count(), 1)
  await page.getByLabel('Filter keys').fill('')

  await page.getByRole('button', { name: 'Change layout' }).click()
  await page.getByLabel('Value').fill('{\n  "columns": 3\n}')
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'layout is saved')
  await page.getByRole('button', { name: 'Add a key' }).click()
  await page.getByLabel('Key', { exact: true }).fill('new')
  await page.getByLabel('Value').fill('5')
  entries('host', ['theme', 'dark'], ['new', '5'])
  await page.getByRole('button', { name: 'Save' }).click()
  await toast(page, 'new is saved')
  await keys.getByText('new', { exact: true }).waitFor()

  await page.getByRole('button', { name: 'Remove theme' }).click()
  await page.getByRole('dialog').getByText("Remove theme from the panel's table?").waitFor()
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'detached' })
  t.is(edits().length, 2)
  await page.getByRole('button', { name: 'Remove theme' }).click()
  await page.getByRole('dialog').getByRole('button', { name: 'Remove' }).click()
  await toast(page, 'theme is removed')
  t.deepEqual(edits(), [
    '{"store":"host","key":"layout","value":"{\\"columns\\":3}"}',
    '{"store":"host","key":"new","value":"5"}',
    '{"store":"host","key":"theme","value":null}',
  ])

  await page.getByRole('combobox', { name: 'Store' }).selectOption('plugin')
  await keys.getByText('note/1', { exact: true }).waitFor()
  await page.getByText('/tmp/plugin.db').waitFor()
  entries('plugin', ['note/2', '{}'])
  host.say('kv', { id: 'notes' })
  await keys.getByText('note/2', { exact: true }).waitFor()
})
