import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { pipe } from 'fp-ts/lib/function.js'
import type { Option } from 'fp-ts/lib/Option.js'
import * as O from 'fp-ts/lib/Option.js'
import { PACKED_END_BYTES, type PackedFile, packedFileIn } from '../domain/packed-file.js'

/** What the file of this plugin says about itself; none if `toru-plugin pack` did not make it. */
export const ownPackedFile = (): Option<PackedFile> =>
  pipe(
    O.tryCatch(() => readOwn(-PACKED_END_BYTES, PACKED_END_BYTES)),
    O.chain(end => packedFileIn(end.toString('latin1'))),
  )

/**
 * Reads at most `length` bytes of the file of this plugin. A position below 0 counts from the end.
 * Throws what the file system reports.
 */
export const readOwn = (position: number, length: number): Buffer => {
  const descriptor = openSync(process.argv[1] ?? '', 'r')
  try {
    const bytes = Buffer.alloc(length)
    const from = position < 0 ? Math.max(0, fstatSync(descriptor).size + position) : position
    return bytes.subarray(0, readSync(descriptor, bytes, 0, length, from))
  } finally {
    closeSync(descriptor)
  }
}
