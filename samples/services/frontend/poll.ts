/**
 * Runs something now and again, `pause` milliseconds after its end, as long as the page can be seen
 * and the signal is not aborted.
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
