import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, unlinkSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { O, pipe } from '../../fp.js'

/** A pipe, one end of which is for a child process. */
export interface MadePipe {
  /** The child's end. Close it here once the child has it. */
  readonly writeEnd: number
  readonly reader: Readable
}

/**
 * Creates a real pipe, as the host does for a plugin's stderr. Node.js itself would create a pair
 * of sockets, to which plugins may write differently. Node.js has no call for an unnamed pipe, so
 * this one is created at `path`, which is removed at once. None if the system has no `mkfifo`.
 */
export const makePipe = (path: string): O.Option<MadePipe> =>
  pipe(
    O.tryCatch(() => execFileSync('mkfifo', ['-m', '600', path], { stdio: 'ignore' })),
    O.chain(() =>
      O.tryCatch(() => {
        const readEnd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK)
        const writeEnd = openSync(path, constants.O_WRONLY)
        unlinkSync(path)
        return { writeEnd, reader: new Socket({ fd: readEnd, readable: true, writable: false }) }
      }),
    ),
  )

/** Closes this process's copy of the child's end. */
export const closeWriteEnd = ({ writeEnd }: MadePipe): void => closeSync(writeEnd)
