import { fstatSync } from 'node:fs'
import { isatty } from 'node:tty'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'

/**
 * What a file descriptor is, as far as writing to it differs. A `file` is everything that takes all
 * that it is given: a file, `/dev/null`.
 */
export type DescriptorKind = 'pipe' | 'socket' | 'terminal' | 'file' | 'closed'

/** The kind of a descriptor of this process; `closed` if it is not open. */
export const descriptorKind = (fd: number): DescriptorKind => {
  if (isatty(fd)) return 'terminal'
  return pipe(
    E.tryCatch(
      () => fstatSync(fd),
      () => 'closed' as const,
    ),
    E.match(
      closed => closed,
      status => (status.isFIFO() ? 'pipe' : status.isSocket() ? 'socket' : 'file'),
    ),
  )
}
