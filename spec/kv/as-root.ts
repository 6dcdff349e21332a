import { spawnSync } from 'node:child_process'

/** Who runs the tests. */
export const us = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

/**
 * Runs a command as root, by sudo where that asks for no password; yields what went wrong, if
 * anything did.
 */
export const asRoot = (command: string, ...args: ReadonlyArray<string>): string | undefined => {
  const [first = '', ...rest] = us.uid === 0 ? [command, ...args] : ['sudo', '-n', command, ...args]
  const { status, stderr, error } = spawnSync(first, rest, { encoding: 'utf8' })
  return status === 0 ? undefined : `${command}: ${error?.message ?? stderr.trim()}`
}

/** Why nothing can be done as root; undefined where it can. */
export const notRoot: string | undefined =
  asRoot('true') === undefined ? undefined : 'it needs root, or sudo without a password'
