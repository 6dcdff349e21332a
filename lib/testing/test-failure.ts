import type { PluginError } from '../domain/plugin-error.js'

/**
 * The rejection of a plugin under test: an `Error` for the test runner, with the plugin's error in
 * it.
 */
export class TestFailure extends Error {
  override readonly name = 'TestFailure'
  /** The error of the plugin, or of the connection to it. */
  readonly error: PluginError
  constructor(what: string, error: PluginError) {
    super(
      `${what}: ${error._tag}: ${error.message}`,
      error.cause === undefined ? undefined : { cause: error.cause },
    )
    this.error = error
  }
}
