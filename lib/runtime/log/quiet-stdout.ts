import { closeSync, constants, openSync } from 'node:fs'

/**
 * The host parses everything that `--metadata` writes to stdout, so what a plugin's modules print
 * while they load must not stand there. This module is imported for that effect alone, before an
 * author's code runs: whatever is printed from then on goes to stderr, and only `registerPlugin`
 * knows where stdout is now.
 */
const [argument] = process.argv.slice(2)

/**
 * Puts stdout aside under another number and stderr, or nothing, in its place; 1 where the system
 * does not let us, as with a socket.
 */
const putAside = (): number => {
  try {
    const aside = openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_APPEND)
    closeSync(1)
    try {
      openSync('/proc/self/fd/2', constants.O_WRONLY | constants.O_APPEND)
    } catch {
      openSync('/dev/null', constants.O_WRONLY)
    }
    return aside
  } catch {
    return 1
  }
}

const isPrinting = argument === '--metadata' || argument === '--describe'

/** The descriptor that stands for the stdout that this process was started with. */
export const STDOUT: number = isPrinting ? putAside() : 1

if (isPrinting)
  Object.defineProperty(process, 'stdout', {
    configurable: true,
    enumerable: true,
    get: () => process.stderr,
  })
