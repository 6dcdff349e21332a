import { closeSync, constants, openSync } from 'node:fs'

/**
 * The host parses everything that `--metadata` writes to stdout, so nothing that a plugin's modules
 * print while they load may get there. This module is imported for that effect alone, before an
 * author's code runs. Whatever is printed from then on goes to stderr; only `registerPlugin` writes
 * to {@link STDOUT}.
 */
const [argument] = process.argv.slice(2)

/**
 * Gives stdout another descriptor and redirects descriptor 1 to stderr, or to `/dev/null`. Yields 1
 * if the system refuses, as it does for a socket.
 */
const moveStdout = (): number => {
  try {
    const moved = openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_APPEND)
    closeSync(1)
    try {
      openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_APPEND)
    } catch {
      openSync('/dev/null', constants.O_WRONLY)
    }
    return moved
  } catch {
    return 1
  }
}

const isPrinting = argument === '--metadata' || argument === '--describe'

/** The descriptor of the stdout that this process was started with. */
export const STDOUT: number = isPrinting ? moveStdout() : 1

if (isPrinting)
  Object.defineProperty(process, 'stdout', {
    configurable: true,
    enumerable: true,
    get: () => process.stderr,
  })
