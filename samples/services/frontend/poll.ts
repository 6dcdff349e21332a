/**
 * Calls `run` now, and again `pause` milliseconds after each end, while the page is visible and
 * until the signal is aborted.
 */
export const poll = (pause: number, run: () => Promise<void>, signal: AbortSignal): void => {
  let timer: number | undefined
  let isRunning = false
  const next = async (): Promise<void> => {
    window.clearTimeout(timer)
    if (isRunning || document.hidden || signal.aborted) return
    isRunning = true
    await run()
    isRunning = false
    if (!signal.aborted) timer = window.setTimeout(next, pause)
  }
  document.addEventListener('visibilitychange', next, { signal })
  signal.addEventListener('abort', () => window.clearTimeout(timer))
  void next()
}
