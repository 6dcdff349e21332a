import test from 'ava'
import { type PluginProcess, type SpawnOptions, startPlugin } from './plugin-process.js'

/** One fixture plugin for all tests of a file: it must be able to take whatever they do to it. */
export const sharedPlugin = (name: string, options: SpawnOptions = {}): (() => PluginProcess) => {
  const ends: Array<() => void> = []
  let plugin: PluginProcess | undefined
  test.before(async () => {
    plugin = await startPlugin({ teardown: end => void ends.push(end) }, name, options)
  })
  const endAll = (): void => {
    for (const end of ends) end()
  }
  test.after.always(endAll)
  // A test that takes the whole test process down must not leave the plugin behind.
  process.once('exit', endAll)
  return () => {
    if (plugin === undefined) throw new Error(`the plugin ${name} was not started`)
    return plugin
  }
}
