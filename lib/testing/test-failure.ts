import type { PluginError } from '../domain/plugin-error.js'

/**
 * What the promises of a plugin under test reject with: an `Error` for the test runner, with the
 * plugin's own error in it.
 */
export class TestFailure extends Error {
  override readonly name = 'TestFailure'
  /** What went wrong, as the plugin or the connection to it has it. */
  readonly error: PluginError
  constructor(what: string, error: PluginError) {
    super(
      `${what}: ${error._tag}: ${error.message}`,
      error.cause === undefined ? undefined : { cause: error.cause },
    )
    this.error = error
  }
}
