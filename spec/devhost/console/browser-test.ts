import test, { type ExecutionContext } from 'ava'
import { type Browser, hasBrowser, type Page, startBrowser } from '../../support/browser.js'

// One at a time: each page has the machine for itself, and what a test waits for comes soon.
const runs = hasBrowser ? test.serial : test.serial.skip

/** What the page's own code threw, by test. */
const thrown = new WeakMap<ExecutionContext, string[]>()

/**
 * A test that needs a browser. Without chromium it is skipped, on CI it fails. It fails, too, for
 * what the page's own code throws.
 */
export const browserTest = (title: string, run: (t: ExecutionContext) => Promise<void>): void =>
  runs(title, async t => {
    await run(t)
    t.deepEqual(thrown.get(t) ?? [], [])
  })

/** Takes what a test made the page throw on purpose: it must be just that. */
export const expectThrown = (t: ExecutionContext, ...errors: ReadonlyArray<string>): void => {
  t.deepEqual(thrown.get(t), [...errors])
  thrown.delete(t)
}

let browser: Promise<Browser> | undefined
test.after.always(async () => (await browser)?.close())

/** Opens a page for a test, in the one browser of its file. */
export const openPage = async (
  t: ExecutionContext,
  url: string,
  options: object = {},
): Promise<Page> => {
  browser ??= startBrowser()
  const context = await (await browser).newContext({
    viewport: { width: 1280, height: 800 },
    reducedMotion: 'reduce',
    ...options,
  })
  t.teardown(() => context.close())
  context.setDefaultTimeout(60_000)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  const errors: string[] = []
  thrown.set(t, errors)
  page.on('pageerror', error => errors.push(String(error)))
  await page.goto(url)
  return page
}
