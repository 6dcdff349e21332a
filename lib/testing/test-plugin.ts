import * as E from 'fp-ts/lib/Either.js'
import { assemble } from './assemble.js'
import type { TestPlugin, TestPluginOptions } from './plugin-under-test.js'

/**
 * Makes an object of a plugin's class ready to be tested, in this process, with a store in memory
 * and a clock that stands still: `testPlugin(new MyPlugin())`. Messages go the whole way that they
 * go in production: codecs, frames, connections, dispatcher.
 *
 * Throws a `PluginDefinitionError` where something is wrong with the class, as `registerPlugin`
 * does, and an `Error` where the configuration does not fit.
 */
export const testPlugin = (plugin: object, options: TestPluginOptions = {}): TestPlugin => {
  const made = assemble(plugin, options)
  if (E.isLeft(made)) throw made.left
  return made.right
}
