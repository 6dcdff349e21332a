import { existsSync, renameSync } from 'node:fs'
import type { Either } from 'fp-ts/lib/Either.js'
import { type SqliteFault, tryFile } from '../driver/fault.js'
import { ASIDE, COMPANIONS } from './files.js'

/**
 * Moves a database aside with everything that belongs to it, and yields its new path: the old one,
 * `.damaged-` and the time. Nothing is deleted or written over. The caller holds the lock of
 * `withFileLock`, so that no other process moves the file that comes after it.
 */
export const moveAside = (file: string): Either<SqliteFault, string> =>
  tryFile(() => {
    const aside = freeName(file + ASIDE + new Date().toISOString().replaceAll(':', ''), 1)
    // The file itself goes last. A process that is killed in between leaves it where it was, to
    // be moved again; a new file never meets an old log.
    for (const suffix of [...COMPANIONS, ''])
      if (existsSync(file + suffix)) renameSync(file + suffix, aside + suffix)
    return aside
  })

const freeName = (name: string, attempt: number): string => {
  const candidate = attempt === 1 ? name : `${name}-${attempt}`
  return ['', ...COMPANIONS].some(suffix => existsSync(candidate + suffix))
    ? freeName(name, attempt + 1)
    : candidate
}
