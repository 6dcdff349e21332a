import test, { type ExecutionContext } from 'ava'
import { type Browser, hasBrowser, type Page, startBrowser } from '../../support/browser.js'

// One test at a time, so that no page waits for another.
const runs = hasBrowser ? test.serial : test.serial.skip

/** The errors of the page's own code, by test. */
const thrown = new WeakMap<ExecutionContext, string[]>()

/**
 * A test that needs a browser. Without Chromium it is skipped, and on CI it fails. It also fails if
 * the page's own code throws.
 */
export const browserTest = (title: string, run: (t: ExecutionContext) => Promise<void>): void =>
  runs(title, async t => {
    await run(t)
    t.deepEqual(thrown.get(t) ?? [], [])
  })

/** Expects the errors that a test makes the page throw. */
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
