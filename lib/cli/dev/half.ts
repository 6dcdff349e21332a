import type { BuildEvent } from '../../devhost/plugin/watched-entry.js'

/** What a build made of one half of a plugin. */
export interface Built {
  /** The files that it read, as far as they are known. */
  readonly inputs: ReadonlyArray<string>
  /** None where nothing has changed. */
  readonly event: BuildEvent | undefined
}

/** One half of a plugin, as it is built. */
export interface Half {
  readonly entry: string
  /**
   * Builds it now; what it makes goes into `folder`. `begun` is when, in milliseconds since 1970.
   */
  readonly build: (folder: string, begun: number) => Promise<Built>
  readonly stop: () => Promise<void>
}
