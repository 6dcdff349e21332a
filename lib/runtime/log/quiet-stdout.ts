import { closeSync, constants, openSync } from 'node:fs'
import { hasPosition } from './file-position.js'

/**
 * The host parses everything that `--metadata` writes to stdout, so nothing that a plugin's modules
 * print while they load may get there. This module is imported for that effect alone, before an
 * author's code runs. Whatever is printed from then on goes to stderr; only `registerPlugin` writes
 * to {@link STDOUT}.
 */
const [argument] = process.argv.slice(2)

/**
 * Gives stdout another descriptor and redirects descriptor 1 to stderr, or to `/dev/null`. Yields 1
 * if the system refuses, as it does for a socket, or if stdout is a file with a position. Then what
 * bypasses JavaScript's streams still gets to stdout.
 */
const moveStdout = (): number => {
  if (hasPosition(1)) return 1
  try {
    const moved = openSync('/proc/self/fd/1', constants.O_WRONLY | constants.O_APPEND)
    const stderr = hasPosition(2) ? '/dev/null' : '/proc/self/fd/2'
    closeSync(1)
    try {
      openSync(stderr, constants.O_WRONLY | constants.O_APPEND)
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

if (isPrinting) {
  // What was loaded before this package may have kept the stream.
  const { stdout, stderr } = process
  stdout.write = stderr.write.bind(stderr)
  Object.defineProperty(process, 'stdout', {
    configurable: true,
    enumerable: true,
    get: () => stderr,
  })
}
