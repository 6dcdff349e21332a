import type { BuildEvent } from '../../devhost/plugin/build-status.js'
import { watchFiles } from './watch-files.js'

/** The result of building the frontend of a plugin. */
export interface Built {
  /** The files that were read, as far as they are known. */
  readonly inputs: ReadonlyArray<string>
  /** `undefined` if nothing has changed. */
  readonly event: BuildEvent | undefined
}

/** Builds the frontend of a plugin. */
export interface Builder {
  readonly entry: string
  /** Builds it now. `begun` is the time, in milliseconds since 1970. */
  readonly build: (begun: number) => Promise<Built>
}

/** A builder that runs again after each change. */
export interface BuildLoop {
  /** Builds once more. */
  readonly again: () => void
  readonly stop: () => Promise<void>
}

/** Builds now and after every change. A change during a build causes one more build after it. */
export const keepBuilding = (
  builder: Builder,
  tell: (event: BuildEvent) => Promise<void>,
): BuildLoop => {
  let known: ReadonlyArray<string> = []
  let running: Promise<void> | undefined
  let isWanted = false
  let isOver = false
  const once = async (): Promise<void> => {
    const begun = Date.now()
    const { inputs, event } = await builder.build(begun)
    // A build that failed has not read all of its files.
    known = event?._tag === 'Failed' ? [...new Set([...known, ...inputs])] : inputs
    watcher.watch([builder.entry, ...known], begun)
    if (event !== undefined && !isOver) await tell(event)
  }
  const again = (): void => {
    if (running !== undefined) {
      isWanted = true
      return
    }
    running = once().finally(() => {
      running = undefined
      if (!isWanted || isOver) return
      isWanted = false
      again()
    })
  }
  const watcher = watchFiles(again)
  again()
  return {
    again,
    stop: async () => {
      isOver = true
      watcher.stop()
      await running
    },
  }
}
