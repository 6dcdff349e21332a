import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import test, { type ExecutionContext } from 'ava'

const found = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim()
if (found === '') console.warn('chromium is missing: the tests that need a browser are skipped (on CI they fail).')

const runs = found !== '' || process.env.CI ? test : test.skip

/** What the page's own code threw, by test. */
const thrown = new WeakMap<ExecutionContext, string[]>()

/** A test that needs a browser. Without chromium it is skipped, on CI it fails. It fails, too, for what the page's own code throws. */
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

interface Named {
  readonly name?: string | RegExp
  readonly exact?: boolean
  readonly expanded?: boolean
  readonly pressed?: boolean
  readonly selected?: boolean
}

/** What locators are made from: a page, or another locator. The package's own types want those of the DOM, which nothing here has. */
interface Finder {
  getByRole(role: string, options?: Named): Locator
  getByLabel(text: string | RegExp, options?: { readonly exact?: boolean }): Locator
  getByText(text: string | RegExp, options?: { readonly exact?: boolean }): Locator
  locator(selector: string, options?: { readonly hasText?: string | RegExp }): Locator
}

/** Something on the page, sought anew whenever it is used, and waited for. */
export interface Locator extends Finder {
  click(): Promise<void>
  fill(text: string): Promise<void>
  press(key: string): Promise<void>
  focus(): Promise<void>
  check(): Promise<void>
  uncheck(): Promise<void>
  selectOption(value: string | { readonly label: string }): Promise<unknown>
  waitFor(options?: { readonly state?: 'visible' | 'hidden' | 'attached' | 'detached' }): Promise<void>
  first(): Locator
  last(): Locator
  nth(index: number): Locator
  count(): Promise<number>
  innerText(): Promise<string>
  textContent(): Promise<string | null>
  allInnerTexts(): Promise<string[]>
  inputValue(): Promise<string>
  getAttribute(name: string): Promise<string | null>
  isVisible(): Promise<boolean>
  isDisabled(): Promise<boolean>
  screenshot(options: { readonly path: string }): Promise<unknown>
}

/** A page of the browser. */
export interface Page extends Finder {
  goto(url: string): Promise<unknown>
  reload(): Promise<unknown>
  url(): string
  title(): Promise<string>
  /** Runs an expression in the page; its value comes as JSON. */
  evaluate(expression: string): Promise<unknown>
  /** Waits until an expression is true. */
  waitForFunction(expression: string): Promise<unknown>
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>
  emulateMedia(media: { readonly colorScheme: 'light' | 'dark' }): Promise<void>
  screenshot(options: { readonly path: string }): Promise<unknown>
  on(event: 'pageerror', heard: (error: Error) => void): void
  on(event: 'request', heard: (request: { url(): string }) => void): void
  context(): Context
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> }
}

interface Context {
  newPage(): Promise<Page>
  newCDPSession(page: Page): Promise<{ send(method: string): Promise<unknown> }>
  setDefaultTimeout(ms: number): void
  grantPermissions(names: ReadonlyArray<string>): Promise<void>
  close(): Promise<void>
}

interface Browser {
  newContext(options: object): Promise<Context>
  close(): Promise<void>
}

/** A browser. Whoever starts it closes it. */
export const startBrowser = (): Promise<Browser> => {
  const playwright: { chromium: { launch(options: object): Promise<Browser> } } = createRequire(import.meta.url)('playwright-core')
  return playwright.chromium.launch({ executablePath: found, args: ['--no-sandbox', '--disable-gpu'] })
}

let browser: Promise<Browser> | undefined
test.after.always(async () => (await browser)?.close())

/** Opens a page for a test, in the one browser of its file. */
export const openPage = async (t: ExecutionContext, url: string, options: object = {}): Promise<Page> => {
  browser ??= startBrowser()
  const context = await (await browser).newContext({ viewport: { width: 1280, height: 800 }, reducedMotion: 'reduce', ...options })
  t.teardown(() => context.close())
  context.setDefaultTimeout(30_000)
  await context.grantPermissions(['clipboard-read', 'clipboard-write'])
  const page = await context.newPage()
  const errors: string[] = []
  thrown.set(t, errors)
  page.on('pageerror', error => errors.push(String(error)))
  await page.goto(url)
  return page
}
