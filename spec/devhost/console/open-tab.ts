import type { ExecutionContext } from 'ava'
import type { Page } from '../../support/browser.js'
import { openPage } from './browser-test.js'
import { type FakeHost, fakeHost, somePlugin } from './fake-host.js'

/** A fake host for the duration of a test, by default with one healthy plugin. */
export const startHost = async (
  t: ExecutionContext,
  ...plugins: ReadonlyArray<Parameters<typeof somePlugin>[0]>
): Promise<FakeHost> => {
  const host = await fakeHost(plugins.length === 0 ? [somePlugin()] : plugins.map(somePlugin))
  t.teardown(host.stop)
  return host
}

/** Waits for the heading of a place. */
export const heading = (page: Page, name: string): Promise<void> =>
  page.getByRole('heading', { name, exact: true }).first().waitFor()

/** Opens a place of the plugin `notes`, connected to its host. */
export const openTab = async (
  t: ExecutionContext,
  hash: string,
  plugin: Parameters<typeof somePlugin>[0] = {},
): Promise<{ readonly host: FakeHost; readonly page: Page }> => {
  const host = await startHost(t, plugin)
  const page = await openPage(t, host.url + hash)
  await heading(page, 'Notes')
  return { host, page }
}

/** Waits for a short-lived message. */
export const toast = (page: Page, text: string | RegExp): Promise<void> =>
  page.getByRole('region', { name: 'Messages' }).getByText(text).waitFor()
