import { useEffect, useState } from 'preact/hooks'

/** The current time, updated every `every` milliseconds. */
export const useNow = (every: number): number => {
  const [now, setNow] = useState(Date.now())
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), every)
    return () => clearInterval(timer)
  }, [every])
  return now
}
