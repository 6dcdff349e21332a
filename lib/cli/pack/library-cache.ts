import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { brotliCompress, brotliDecompress, constants } from 'node:zlib'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CliError } from '../cli-error.js'
import { attempt, writeWhole } from './files.js'
import type { Carried } from './packed-file.js'

/** Compresses something for a packed file. */
export const compressed = async (name: string, bytes: Uint8Array): Promise<Carried> => ({
  name,
  size: bytes.length,
  sha256: sha256(bytes),
  compressed: await compress(bytes, {
    params: {
      // The better two qualities save a tenth, and take ten times as long.
      [constants.BROTLI_PARAM_QUALITY]: 9,
      [constants.BROTLI_PARAM_LGWIN]: constants.BROTLI_MAX_WINDOW_BITS,
      [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length,
    },
  }),
})

const compress = promisify(brotliCompress)
const decompress = promisify(brotliDecompress)

/** The hash of some bytes, in hexadecimal digits. */
export const sha256 = (bytes: Uint8Array): string =>
  createHash('sha256').update(bytes).digest('hex')

/**
 * The folder for compressed libraries. Another brotli compresses to other bytes, and the same
 * plugin packed twice should be the same.
 */
const folder = (): string =>
  join(
    process.env.XDG_CACHE_HOME || join(homedir(), '.cache'),
    'toru-plugin',
    `brotli-${process.versions.brotli}`,
  )

/** A library in the cache: its package with the version, and the hash, if that is known. */
export interface Wanted {
  readonly system: string
  readonly version: string
  readonly sha256?: string
}

const prefixOf = ({ system, version, sha256: hash = '' }: Wanted): string =>
  `libsql-${version}-${system}-${hash}`

/** A library that was compressed before. Left if there is none, or it is damaged. */
export const fromCache = (wanted: Wanted): TaskEither<unknown, Carried> =>
  TE.tryCatch(
    async () => {
      const prefix = prefixOf(wanted)
      const name = (await readdir(folder())).find(each => each.startsWith(prefix)) ?? prefix
      const bytes = await readFile(join(folder(), name))
      const library = await decompress(bytes)
      const hash = sha256(library)
      return name === `${prefixOf({ ...wanted, sha256: hash })}${END}`
        ? { name: wanted.system, size: library.length, sha256: hash, compressed: bytes }
        : Promise.reject(new Error(`${name} is damaged`))
    },
    thrown => thrown,
  )

const END = '.br'

/** Keeps a compressed library, if that is possible. */
export const keep = (wanted: Wanted, carried: Carried): TaskEither<CliError, void> =>
  pipe(
    attempt('the folder for the cache is not known', async () =>
      join(folder(), `${prefixOf({ ...wanted, sha256: carried.sha256 })}${END}`),
    ),
    TE.chain(path => writeWhole(path, carried.compressed, 0o644)),
    TE.alt((): TaskEither<CliError, void> => TE.right(undefined)),
  )
