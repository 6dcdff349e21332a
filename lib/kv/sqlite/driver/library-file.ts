import { createHash, randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  createReadStream,
  fstatSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
} from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { basename, join } from 'node:path'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { Logger } from '../../../domain/context.js'
import { ioError, type PluginError } from '../../../domain/plugin-error.js'
import { errorCode, messageOf } from '../../../domain/thrown.js'
import { DIRECTORY_HINT } from '../../data-directory.js'
import { syncDirectory } from '../../directory.js'

/** A native library that a plugin needs as a file. */
export interface Library {
  /** The directory for the file, which is safe for a plugin's data. */
  readonly directory: string
  readonly sha256: string
  /** In bytes. */
  readonly size: number
  /** Its content, if there is no such file yet. */
  readonly unpack: TaskEither<PluginError, Uint8Array>
  readonly log: Logger
}

/**
 * Opens the file of a library, and writes it first if it is missing or is not what it should be. It
 * is for this user only (0600), is named by its hash, and gets its name when it is complete: a
 * process that is killed leaves none that others load, and several may write it at once.
 *
 * What is loaded runs with all rights of the plugin, so the file is checked each time: it is no
 * link, belongs to this user or to root, nobody else can write to it, and its hash is right. The
 * caller loads the descriptor and not the name, which may belong to another file by then.
 */
export const openLibrary = (library: Library): TaskEither<PluginError, number> => {
  const path = join(library.directory, `${PREFIX}${library.sha256}${SUFFIX}`)
  const opened = openChecked(path, library)
  return pipe(
    opened,
    TE.orElse(flaw =>
      pipe(
        library.unpack,
        TE.chain(bytes => written(path, bytes)),
        TE.chainFirstIOK(() => () => {
          if (flaw !== MISSING)
            library.log.warn(`${path} was written again, because ${flaw}. It was not loaded.`)
        }),
        TE.chain(() =>
          pipe(
            opened,
            TE.mapLeft(again => unusable(path, again)),
          ),
        ),
      ),
    ),
    TE.chainFirstIOK(() => () => removeOthers(library.directory, basename(path))),
  )
}

const PREFIX = 'libsql-'
const SUFFIX = '.node'

const MISSING = 'it is missing'

const unusable = (path: string, reason: string, cause?: unknown): PluginError =>
  ioError(
    `SQLite cannot be put into ${path}: ${reason}. The plugin carries it for Node.js before ` +
      `22.13, and needs ${SPACE} there. ${DIRECTORY_HINT}`,
    cause,
  )

/** Enough for every library and its temporary file. */
const SPACE = '20 MiB'

/** The descriptor of a file that may be loaded. The left side is why there is none. */
const openChecked = (path: string, library: Library): TaskEither<string, number> =>
  pipe(
    TE.fromIOEither(() => openFile(path)),
    TE.chain(descriptor => async () => {
      const flaw = flawOf(descriptor, library) ?? (await hashFlaw(descriptor, library))
      if (flaw === undefined) return E.right(descriptor)
      closeSync(descriptor)
      return E.left(flaw)
    }),
  )

/** Does not follow a link, and does not wait for the writer of a pipe. */
const FLAGS = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK

const openFile = (path: string): Either<string, number> =>
  E.tryCatch(
    () => openSync(path, FLAGS),
    thrown => {
      switch (errorCode(thrown)) {
        case 'ENOENT':
          return MISSING
        case 'ELOOP':
          return 'it is a symbolic link'
        default:
          return `it cannot be opened (${messageOf(thrown)})`
      }
    },
  )

const WRITABLE_BY_OTHERS = 0o022

const flawOf = (descriptor: number, { size }: Library): string | undefined => {
  const found = fstatSync(descriptor)
  if (!found.isFile()) return 'it is not a file'
  if (found.uid !== process.geteuid?.() && found.uid !== 0) return `it belongs to user ${found.uid}`
  if ((found.mode & WRITABLE_BY_OTHERS) !== 0) return 'other users may write to it'
  return found.size === size ? undefined : 'its size is wrong'
}

/** In pieces, because it has about 10 MB: the event loop goes on. */
const hashFlaw = async (descriptor: number, { sha256 }: Library): Promise<string | undefined> => {
  try {
    const hash = createHash('sha256')
    const options = { fd: descriptor, autoClose: false, start: 0, highWaterMark: 1_048_576 }
    for await (const piece of createReadStream('', options)) hash.update(piece)
    return hash.digest('hex') === sha256 ? undefined : 'its hash is wrong'
  } catch (thrown) {
    return `it cannot be read (${messageOf(thrown)})`
  }
}

const written = (path: string, bytes: Uint8Array): TaskEither<PluginError, void> =>
  TE.tryCatch(
    async () => {
      const next = `${path}.${process.pid}-${randomBytes(4).toString('hex')}${TEMPORARY}`
      try {
        const file = await open(next, 'wx', 0o600)
        try {
          // The umask has restricted the mode given to open.
          await file.chmod(0o600)
          await file.writeFile(bytes)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(next, path)
      } catch (thrown) {
        await rm(next, { force: true })
        return Promise.reject(thrown)
      }
      syncDirectory(join(path, '..'))
    },
    thrown => unusable(path, reasonOf(thrown), thrown),
  )

const TEMPORARY = '.new'

const reasonOf = (thrown: unknown): string => {
  switch (errorCode(thrown)) {
    case 'ENOSPC':
    case 'EDQUOT':
      return 'the disk has no room left'
    case 'EROFS':
    case 'EACCES':
    case 'EPERM':
      return 'the directory is read-only'
    default:
      return messageOf(thrown)
  }
}

/** After this time, in milliseconds, nobody is still writing a temporary file. */
const STALE_AFTER = 600_000

/**
 * Removes the libraries of other versions of the plugin, and what processes left that were killed.
 * A process that has loaded one keeps it. Whatever cannot be removed stays.
 */
const removeOthers = (directory: string, own: string): void => {
  try {
    for (const name of readdirSync(directory)) {
      if (!name.startsWith(PREFIX) || name === own) continue
      const path = join(directory, name)
      const isTemporary = name.endsWith(TEMPORARY)
      if (!isTemporary && !name.endsWith(SUFFIX)) continue
      if (!isTemporary || Date.now() - statSync(path).mtimeMs > STALE_AFTER) rmSync(path)
    }
  } catch {}
}
