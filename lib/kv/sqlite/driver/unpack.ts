import { createHash } from 'node:crypto'
import { promisify } from 'node:util'
import { brotliDecompress } from 'node:zlib'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { PackedFile, Section } from '../../../domain/packed-file.js'
import { ioError, type PluginError } from '../../../domain/plugin-error.js'
import { messageOf } from '../../../domain/thrown.js'
import { readOwn } from '../../packed-file.js'

/**
 * Unpacks what the file of this plugin carries, without blocking the event loop. Yields an `Io`
 * error if that is not what was packed: somebody changed the file.
 */
export const unpack = (
  { commentEnd }: PackedFile,
  { name, at, length, size, sha256 }: Section,
): TaskEither<PluginError, Buffer> =>
  pipe(
    TE.tryCatch(
      () => {
        const text = readOwn(at, length).toString('latin1')
        const bytes = Buffer.from(text.replaceAll(commentEnd, '*/'), 'latin1')
        return decompressed(bytes, { maxOutputLength: size })
      },
      cause => damaged(name, messageOf(cause), cause),
    ),
    TE.filterOrElse(
      bytes => createHash('sha256').update(bytes).digest('hex') === sha256,
      () => damaged(name, 'its hash is wrong'),
    ),
  )

const decompressed = promisify(brotliDecompress)

const damaged = (name: string, reason: string, cause?: unknown): PluginError =>
  ioError(
    `${name} cannot be read from ${process.argv[1]} (${reason}): the file is damaged, or was ` +
      'replaced while the plugin ran. Copy it again, and restart the plugin.',
    cause,
  )
