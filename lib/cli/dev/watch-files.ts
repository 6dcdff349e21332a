import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** Watches a set of files. */
export interface FileWatcher {
  /**
   * Watches these files and their folders from now on, and no others. A file that was modified
   * after `since` (milliseconds since 1970) counts as changed.
   */
  readonly watch: (files: ReadonlyArray<string>, since: number) => void
  readonly stop: () => void
}

const POLL_INTERVAL = 150

/** How many times as long as it looks at files it pauses at least: there may be many. */
const PAUSE_FACTOR = 10

const pauseAfter = (took: number): number => Math.max(POLL_INTERVAL, PAUSE_FACTOR * took)

/**
 * Calls `onChange` whenever one of the files or folders has changed. It polls their modification
 * times, which also works with editors that replace files, with new files, and on file systems that
 * report no changes. With `settled` it waits until none of them changes any more: for files that a
 * program writes, one after the other and each in pieces.
 */
export const watchFiles = (onChange: () => void, { settled = false } = {}): FileWatcher => {
  let marks = new Map<string, string>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let since = 0
  let isDue = false

  const poll = async (): Promise<void> => {
    const current = marks
    const begun = performance.now()
    const now = await Promise.all(
      [...current].map(async ([path, before]) => [path, before, await markOf(path)] as const),
    )
    let isChanged = false
    for (const [path, before, mark] of now) {
      isChanged ||= before === NEW ? mark.changed >= since : mark.text !== before
      current.set(path, mark.text)
    }
    if (stopped) return
    timer = setTimeout(() => void poll(), pauseAfter(performance.now() - begun))
    isDue ||= isChanged
    if (!isDue || (settled && isChanged)) return
    isDue = false
    onChange()
  }
  timer = setTimeout(() => void poll(), POLL_INTERVAL)
  return {
    watch: (files, from) => {
      since = from
      const paths = new Set(files.flatMap(file => [file, dirname(file)]))
      marks = new Map([...paths].map(path => [path, marks.get(path) ?? NEW]))
    },
    stop: () => {
      stopped = true
      clearTimeout(timer)
    },
  }
}

const NEW = 'not looked at yet'

const markOf = async (
  path: string,
): Promise<{ readonly text: string; readonly changed: number }> => {
  try {
    const { mtimeMs, ctimeMs, size, ino } = await stat(path)
    return { text: `${mtimeMs} ${ctimeMs} ${size} ${ino}`, changed: mtimeMs }
  } catch {
    return { text: 'missing', changed: 0 }
  }
}
