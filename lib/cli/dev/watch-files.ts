import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'

/** What a build read, and what would change it if it came. */
export interface FileWatcher {
  /**
   * Looks at these files and their folders from now on, in the place of those before. What was
   * changed since `since` (milliseconds since 1970) counts as a change.
   */
  readonly watch: (files: ReadonlyArray<string>, since: number) => void
  readonly stop: () => void
}

const POLL_INTERVAL = 150

/**
 * Calls `onChange` whenever one of the files, or the folder of one, has changed. It asks the system
 * for their times again and again: that works with editors that put a new file in the place of the
 * old one, with files that come anew, and on disks that tell nobody of their changes.
 */
export const watchFiles = (onChange: () => void): FileWatcher => {
  let marks = new Map<string, string>()
  let stopped = false
  let timer: NodeJS.Timeout | undefined
  let since = 0

  const poll = async (): Promise<void> => {
    const current = marks
    const now = await Promise.all(
      [...current].map(async ([path, before]) => [path, before, await markOf(path)] as const),
    )
    let isChanged = false
    for (const [path, before, mark] of now) {
      isChanged ||= before === NEW ? mark.changed >= since : mark.text !== before
      current.set(path, mark.text)
    }
    if (stopped) return
    timer = setTimeout(() => void poll(), POLL_INTERVAL)
    if (isChanged) onChange()
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
