/**
 * Runs a test in which seconds pass when it says so, for intervals alone. It is done when it
 * returns, so that no other test meets its seconds.
 */
export const withSeconds = (run: (pass: (seconds: number) => void) => void): void => {
  const { setInterval: realSet, clearInterval: realClear } = globalThis
  const due = new Map<NodeJS.Timeout, { at: number; readonly every: number; run: () => void }>()
  let now = 0
  const pass = (seconds: number): void => {
    for (const end = now + seconds * 1_000; now < end; now += 1)
      for (const interval of due.values()) {
        if (interval.at > now + 1) continue
        interval.at += interval.every
        interval.run()
      }
  }
  Object.assign(globalThis, {
    setInterval: (tick: () => void, every: number) => {
      const timer = realSet(() => undefined, 1e9).unref()
      due.set(timer, { at: now + every, every, run: tick })
      return timer
    },
    clearInterval: (timer: NodeJS.Timeout) => {
      due.delete(timer)
      realClear(timer)
    },
  })
  try {
    run(pass)
  } finally {
    Object.assign(globalThis, { setInterval: realSet, clearInterval: realClear })
    for (const timer of due.keys()) realClear(timer)
  }
}
