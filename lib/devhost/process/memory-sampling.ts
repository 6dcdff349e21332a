import { memoryOf } from './process-group.js'

/** A plugin whose process runs. */
export interface Sampled {
  readonly id: string
  readonly pid: number
}

/** The memory of plugins, measured regularly. */
export interface MemorySampling {
  /** In bytes; `null` if it is unknown. */
  readonly of: (pid: number) => number | null
  readonly close: () => void
}

const INTERVAL = 2_000

/** Measures the memory of plugins every two seconds, and calls `changed` for those that differ. */
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
