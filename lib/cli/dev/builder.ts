import type { BuildEvent } from '../../devhost/plugin/build-status.js'
import { watchFiles } from './watch-files.js'

/** What a build made of one half of a plugin. */
export interface Built {
  /** The files that it read, as far as they are known. */
  readonly inputs: ReadonlyArray<string>
  /** None where nothing has changed. */
  readonly event: BuildEvent | undefined
}

/** One half of a plugin, as it is built. */
export interface Builder {
  readonly entry: string
  /**
   * Builds it now; what it makes goes into `folder`. `begun` is when, in milliseconds since 1970.
   */
  readonly build: (folder: string, begun: number) => Promise<Built>
  readonly stop: () => Promise<void>
}

/** A builder that is built. */
export interface BuildLoop {
  /** Builds it once more. */
  readonly again: () => void
  readonly stop: () => Promise<void>
}

/** Builds now and after every change. What changes during a build is built afterwards. */
export const keepBuilding = (
  builder: Builder,
  folder: string,
  tell: (event: BuildEvent) => Promise<void>,
): BuildLoop => {
  let known: ReadonlyArray<string> = []
  let running: Promise<void> | undefined
  let isWanted = false
  let isOver = false
  const once = async (): Promise<void> => {
    const begun = Date.now()
    const { inputs, event } = await builder.build(folder, begun)
    // A build that failed does not know all that it would read.
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
      await builder.stop()
    },
  }
}
