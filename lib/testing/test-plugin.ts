import * as E from 'fp-ts/lib/Either.js'
import { assemble } from './assemble.js'
import type { TestPlugin, TestPluginOptions } from './plugin-under-test.js'

/**
 * Runs a plugin in this process, with a store in memory and a clock that stands still:
 * `testPlugin(new MyPlugin())`. Messages take the same way as in production: codecs, frames,
 * connections, dispatcher.
 *
 * Throws a `PluginDefinitionError` if something is wrong with the class, as `registerPlugin` does,
 * and an `Error` if the configuration does not fit.
 */
export const testPlugin = (plugin: object, options: TestPluginOptions = {}): TestPlugin => {
  const made = assemble(plugin, options)
  if (E.isLeft(made)) throw made.left
  return made.right
}
