import { constants, fstatSync, readFileSync } from 'node:fs'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'

/**
 * Whether a descriptor is a file that is written at a position, which other processes may share, as
 * in `(echo a; node main.js; echo b) > file`. Opened again, such a file has a second position: what
 * is written there is overwritten by whoever has the first. A file that was opened for appending
 * has none.
 */
export const hasPosition = (fd: number): boolean =>
  pipe(
    O.tryCatch(() => fstatSync(fd).isFile()),
    O.exists(isFile => isFile && !appends(fd)),
  )

const appends = (fd: number): boolean =>
  pipe(
    O.tryCatch(() => readFileSync(`/proc/self/fdinfo/${fd}`, 'latin1')),
    O.exists(info => {
      const [, flags = '0'] = /^flags:\t([0-7]+)$/m.exec(info) ?? []
      return (Number.parseInt(flags, 8) & constants.O_APPEND) !== 0
    }),
  )
