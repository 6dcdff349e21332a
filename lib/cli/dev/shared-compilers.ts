import type { ProcessGroup } from '../../plugin-process/spawn-process.js'
import type { Compilation } from '../compile/compilation.js'
import { isAtLeast } from '../node-version.js'
import { compileAgain } from './compile-again.js'
import { tscWatch } from './tsc-watch.js'
import type { CompilerEvent, WatchCompiler, Watching } from './watch-compiler.js'

/** One compiler, and those who listen to it. */
interface Shared {
  readonly listeners: Set<(event: CompilerEvent) => void>
  last: CompilerEvent | undefined
  watching: Watching | undefined
}

/**
 * Compilers that watch, one for each tsconfig.json: plugins that share it share the compiler.
 * Before TypeScript 7, which is quick, a project that refers to no others is left to `tsc --watch`.
 */
export const sharedCompilers = (): WatchCompiler => {
  const compilers = new Map<string, Shared>()
  const start = (key: string, compilation: Compilation, group: ProcessGroup): Shared => {
    const isQuick = isAtLeast(compilation.typescript.version, '7.0.0')
    const watch = isQuick || compilation.isBuild ? compileAgain : tscWatch
    const shared: Shared = { listeners: new Set(), last: undefined, watching: undefined }
    const on = (event: CompilerEvent): void => {
      shared.last = event
      for (const listener of shared.listeners) listener(event)
    }
    compilers.set(key, shared)
    shared.watching = watch(compilation, on, group)
    return shared
  }
  return (compilation, on, group) => {
    const key = `${compilation.isBuild} ${compilation.config.file}`
    const shared = compilers.get(key) ?? start(key, compilation, group)
    shared.listeners.add(on)
    if (shared.last !== undefined) on(shared.last)
    return {
      stop: async () => {
        shared.listeners.delete(on)
        if (shared.listeners.size > 0) return
        compilers.delete(key)
        await shared.watching?.stop()
      },
    }
  }
}
