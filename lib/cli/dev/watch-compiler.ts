import type { ProcessGroup } from '../../plugin-process/spawn-process.js'
import type { Compilation } from '../compile/compilation.js'
import type { CompilerRun } from '../compile/run-compiler.js'

/** What a compiler does that compiles again after each change. `took` is in milliseconds. */
export type CompilerEvent =
  /** It may be writing files. */
  | { readonly _tag: 'Begun' }
  /** It has written all of them. */
  | { readonly _tag: 'Done'; readonly run: CompilerRun; readonly took: number }
  | { readonly _tag: 'Failed'; readonly reason: string }

/** Something that watches. */
export interface Watching {
  readonly stop: () => Promise<void>
}

/** Compiles a project now and after each change, until it is stopped. */
export type WatchCompiler = (
  compilation: Compilation,
  on: (event: CompilerEvent) => void,
  group: ProcessGroup,
) => Watching
