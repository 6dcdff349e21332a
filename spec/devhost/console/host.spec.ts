import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { tscProject } from '../../support/packing.js'
import { startDev } from '../dev-host.js'
import { browserTest, openPage } from './browser-test.js'

// The console with a real development host, and a plugin that is edited.

const MAIN = `import { Get, type HttpRequest, Kv, type KvOperation, Plugin, type PluginContext, Post, registerPlugin } from 'toru-plugin-api'
import { t, TE, pipe } from 'toru-plugin-api/fp'
const Cup = t.type({ size: t.number }, 'Cup')
@Plugin({ id: 'tea', name: 'Tea', version: '1.0.0', icon: 'T', route: '/tea' })
class Tea {
  @Get('/:kind')
  brew(req: HttpRequest<{ params: { kind: string } }>) { return { kind: req.params.kind, minutes: MINUTES } }
  @Post('/cups', { body: Cup })
  pour({ body }: HttpRequest<{ body: t.TypeOf<typeof Cup> }>, ctx: PluginContext) {
    ctx.log.warn('poured ' + body.size)
    return pipe(ctx.kv.set('cup', JSON.stringify(body)), TE.map(() => body))
  }
  @Kv('kettle')
  kettle(op: KvOperation<string>) { return op.action === 'get' ? 'hot' : null }
}
registerPlugin(new Tea())
`

const FRONTEND = `import { definePluginView } from 'toru-plugin-api/frontend'
import './style.css'
definePluginView({ id: 'tea', async mount(container, api) {
  const { kind, minutes } = await (await api.fetch('/green')).json()
  await api.kv.set('last', kind)
  container.textContent = kind + ' tea takes ' + minutes + ' minutes'
} })
`

/** A project that is edited. */
const project = () => {
  const root = tscProject({
    'main.ts': MAIN.replace('MINUTES', '3'),
    'frontend/style.css': 'p { color: green }',
    'frontend/main.ts': FRONTEND,
  })
  return { root, write: (name: string, text: string) => writeFileSync(join(root, name), text) }
}

browserTest(
  'an author sees the plugin at work, changes both halves, breaks one, mends it, and kills the process',
  async t => {
    const { root, write } = project()
    const dev = await startDev(t, [root])
    await dev.says('built in')
    const page = await openPage(t, `${dev.url}#/tea/view`)

    await page.getByText('green tea takes 3 minutes').waitFor()
    write('main.ts', MAIN.replace('MINUTES', '4'))
    await dev.says('the new version is up')
    write('frontend/main.ts', FRONTEND.replace(' tea takes', ' tea now takes'))
    await page.getByText('green tea now takes 4 minutes').waitFor()
    write('main.ts', MAIN.replace('minutes: MINUTES', 'minutes: = 4'))
    await page.getByRole('alert').getByRole('link', { name: 'See the errors' }).click()
    await page
      .getByRole('list', { name: 'Build errors' })
      .locator('pre')
      .getByText('minutes: = 4')
      .waitFor()
    write('main.ts', MAIN.replace('MINUTES', '5'))
    await page.getByRole('list', { name: 'Build errors' }).waitFor({ state: 'detached' })

    const pid = page.locator('.stat', { hasText: 'Process' }).locator('dd')
    const before = await pid.innerText()
    t.regex(before, /^\d+$/)
    await page.getByRole('button', { name: 'Kill' }).click()
    await page.locator('.stat', { hasText: /Restarts\s*1/ }).waitFor()
    await page.locator('.stat', { hasText: /Process\s*\d+/ }).waitFor()
    t.not(await pid.innerText(), before)
    await page.getByRole('button', { name: 'Disable' }).click()
    await page.getByRole('button', { name: 'Enable' }).click()
    await page.getByRole('button', { name: 'Disable' }).waitFor()
  },
)

browserTest(
  'a call is answered, seen in the traffic with both frames, logged, and kept',
  async t => {
    const dev = await startDev(t, [project().root])
    await dev.says('built in')
    const page = await openPage(t, `${dev.url}#/tea/routes`)

    await page
      .getByRole('navigation', { name: 'Routes' })
      .getByRole('button', { name: /POST/ })
      .click()
    t.is(await page.getByLabel('Body', { exact: true }).inputValue(), '{\n  "size": 1\n}')
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByRole('region', { name: 'Answer', exact: true }).getByText('200').waitFor()
    await page.getByRole('button', { name: 'Get', exact: true }).click()
    await page.getByLabel('Answer of kettle').getByText('"hot"').waitFor()

    await page.getByRole('tab', { name: 'Traffic' }).click()
    await page.getByRole('button', { name: /^kv get kettle/ }).waitFor()
    await page.getByRole('button', { name: /^http POST \/tea\/cups|^http POST \/cups/ }).click()
    const sent = page.getByRole('region', { name: 'Sent to the plugin', exact: true })
    await sent.getByText('"method": "POST"').waitFor()
    await page
      .getByRole('region', { name: 'Received from the plugin', exact: true })
      .getByText('"RESPONSE"')
      .waitFor()

    await page.getByRole('tab', { name: 'Logs' }).click()
    await page.locator('.log li[data-level=Warn]', { hasText: 'poured 1' }).waitFor()
    await page.reload()
    await page.locator('.log li[data-level=Warn]', { hasText: 'poured 1' }).waitFor()

    await page.getByRole('tab', { name: 'Storage' }).click()
    await page.getByRole('combobox', { name: 'Store' }).selectOption('plugin')
    await page.getByRole('list', { name: 'Keys' }).getByText('"size": 1').waitFor()
    await page.getByRole('button', { name: 'Change cup' }).click()
    await page.getByLabel('Value').fill('{"size":2}')
    await page.getByRole('button', { name: 'Save' }).click()
    await page.getByRole('list', { name: 'Keys' }).getByText('"size": 2').waitFor()

    dev.child.kill('SIGTERM')
    await page.getByText('The development host does not answer.').waitFor()
  },
)
