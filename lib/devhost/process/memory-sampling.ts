import { memoryOf } from './process-group.js'

/** A plugin whose process runs. */
export interface Sampled {
  readonly id: string
  readonly pid: number
}

/** The memory of plugins, as it was lately. */
export interface MemorySampling {
  /** In bytes; `null` where it is not known. */
  readonly of: (pid: number) => number | null
  readonly close: () => void
}

const INTERVAL = 2_000

/** Looks at the memory of the plugins every two seconds, and tells of those where it changed. */
export const sampleMemory = (
  running: () => ReadonlyArray<Sampled>,
  changed: (id: string) => void,
): MemorySampling => {
  let memory: ReadonlyMap<number, number> = new Map()
  const timer = setInterval(() => {
    const plugins = running()
    const before = memory
    memory = memoryOf(new Set(plugins.map(({ pid }) => pid)))
    for (const { id, pid } of plugins) if (before.get(pid) !== memory.get(pid)) changed(id)
  }, INTERVAL)
  timer.unref()
  return { of: pid => memory.get(pid) ?? null, close: () => clearInterval(timer) }
}
