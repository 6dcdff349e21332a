import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import test, { type TestFn } from 'ava'

/** Where Chromium is; empty where there is none. */
const chromium = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim()
if (chromium === '')
  console.warn('chromium is missing: the tests that need a browser are skipped (on CI they fail).')

/**
 * Whether tests that need a browser are run: without chromium they are skipped, on CI they fail.
 */
export const hasBrowser = chromium !== '' || Boolean(process.env.CI)

/** A test that needs a browser. */
export const browserTest: TestFn | TestFn['skip'] = hasBrowser ? test : test.skip

interface Named {
  readonly name?: string | RegExp
  readonly exact?: boolean
  readonly expanded?: boolean
  readonly pressed?: boolean
  readonly selected?: boolean
}

/**
 * What locators are made from: a page, or another locator. The package's own types want those of
 * the DOM, which nothing here has.
 */
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
  waitFor(options?: {
    readonly state?: 'visible' | 'hidden' | 'attached' | 'detached'
  }): Promise<void>
  first(): Locator
  last(): Locator
  nth(index: number): Locator
  count(): Promise<number>
  innerText(): Promise<string>
  textContent(): Promise<string | null>
  allInnerTexts(): Promise<string[]>
  allTextContents(): Promise<string[]>
  inputValue(): Promise<string>
  getAttribute(name: string): Promise<string | null>
  isVisible(): Promise<boolean>
  isDisabled(): Promise<boolean>
  screenshot(options: { readonly path: string }): Promise<unknown>
}

/** A page of the browser. */
export interface Page extends Finder {
  goto(url: string): Promise<unknown>
  setContent(html: string): Promise<void>
  addScriptTag(script: { readonly content: string }): Promise<unknown>
  reload(): Promise<unknown>
  url(): string
  title(): Promise<string>
  /** Runs an expression in the page; its value comes as JSON, a promise's once it is there. */
  evaluate(expression: string): Promise<unknown>
  /** Waits until an expression is true. */
  waitForFunction(expression: string): Promise<unknown>
  setViewportSize(size: { readonly width: number; readonly height: number }): Promise<void>
  emulateMedia(media: { readonly colorScheme: 'light' | 'dark' }): Promise<void>
  screenshot(options: { readonly path: string }): Promise<unknown>
  on(event: 'console', heard: (message: { type(): string; text(): string }) => void): void
  on(event: 'pageerror', heard: (error: Error) => void): void
  on(event: 'request', heard: (request: { url(): string }) => void): void
  context(): Context
  close(): Promise<void>
  readonly clock: {
    install(options: { readonly time: number }): Promise<void>
    pauseAt(time: number): Promise<void>
    runFor(ms: number): Promise<void>
  }
  readonly keyboard: { press(key: string): Promise<void>; type(text: string): Promise<void> }
}

/** Pages that share what the browser remembers. */
export interface Context {
  newPage(): Promise<Page>
  newCDPSession(page: Page): Promise<{ send(method: string): Promise<unknown> }>
  setDefaultTimeout(ms: number): void
  grantPermissions(names: ReadonlyArray<string>): Promise<void>
  close(): Promise<void>
}

/** A browser that runs. */
export interface Browser {
  newPage(): Promise<Page>
  newContext(options: object): Promise<Context>
  close(): Promise<void>
}

/** A browser. Whoever starts it closes it. */
export const startBrowser = (): Promise<Browser> => {
  const playwright: { chromium: { launch(options: object): Promise<Browser> } } = createRequire(
    import.meta.url,
  )('playwright-core')
  return playwright.chromium.launch({
    executablePath: chromium,
    args: ['--no-sandbox', '--disable-gpu'],
  })
}
