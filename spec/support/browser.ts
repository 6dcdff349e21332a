import { spawnSync } from 'node:child_process'
import { createRequire } from 'node:module'
import test, { type TestFn } from 'ava'

const found = spawnSync('sh', ['-c', 'command -v chromium'], { encoding: 'utf8' }).stdout.trim()
if (found === '') console.warn('chromium is missing: the tests that need a browser are skipped (on CI they fail).')

/** A test that needs a browser. Without chromium it is skipped, on CI it fails. */
export const browserTest: TestFn | TestFn['skip'] = found !== '' || process.env.CI ? test : test.skip

/** A page of a browser, as far as specs need it: the package's own types want those of the DOM, which nothing here has. */
export interface Page {
  setContent(html: string): Promise<void>
  addScriptTag(script: { readonly content: string }): Promise<unknown>
  /** Runs an expression in the page; its value comes as JSON, a promise's once it is there. */
  evaluate(expression: string): Promise<unknown>
  on(event: 'console', heard: (message: { type(): string; text(): string }) => void): void
  on(event: 'pageerror', heard: (error: Error) => void): void
  close(): Promise<void>
}

export interface Browser {
  newPage(): Promise<Page>
  close(): Promise<void>
}

/** Starts a browser. Whoever starts it closes it. */
export const startBrowser = (): Promise<Browser> => {
  const playwright: { chromium: { launch(options: object): Promise<Browser> } } = createRequire(import.meta.url)('playwright-core')
  return playwright.chromium.launch({ executablePath: found, args: ['--no-sandbox'] })
}
