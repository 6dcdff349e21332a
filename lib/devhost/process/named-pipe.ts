import { execFileSync } from 'node:child_process'
import { closeSync, constants, openSync, unlinkSync } from 'node:fs'
import { Socket } from 'node:net'
import type { Readable } from 'node:stream'
import { O, pipe } from '../../fp.js'

/** A pipe whose one end a child is given. */
export interface MadePipe {
  /** The end for the child. Close it here once the child has it. */
  readonly writeEnd: number
  readonly reader: Readable
}

/**
 * A real pipe, as the host makes it for a plugin's stderr. What Node.js itself makes for a child is
 * a pair of sockets, to which a plugin may write in another way. It is made under a name, since
 * Node.js can make none without, which is then taken away. None where the system has no `mkfifo`.
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

/** Closes this process's copy of a child's end. */
export const closeWriteEnd = ({ writeEnd }: MadePipe): void => closeSync(writeEnd)
