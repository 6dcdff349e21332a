import { spawnSync } from 'node:child_process'
import test, { type TestFn } from 'ava'

const testOf = (shell: string): TestFn | TestFn['skip'] => {
  const isThere = spawnSync(shell, ['-c', 'exit 0']).status === 0
  if (!isThere)
    console.warn(`${shell} is missing: the tests of its completion are skipped (on CI they fail).`)
  return isThere || process.env.CI ? test : test.skip
}

/** A test that needs zsh. Without it the test is skipped, on CI it fails. */
export const zshTest = testOf('zsh')

/** A test that needs fish. Without it the test is skipped, on CI it fails. */
export const fishTest = testOf('fish')
