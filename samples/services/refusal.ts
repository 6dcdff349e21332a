import { forbidden, ioError, notFound, notInitialized, type PluginError } from 'toru-plugin-api'
import type { Output } from './system.js'

// Exit codes are those of `systemctl`, after the LSB; the texts are those of systemd 245 to 257
// under LC_ALL=C.

const UNREACHABLE = /has not been booted with systemd|Failed to connect to (system scope )?bus/
const NOT_PERMITTED =
  /Interactive authentication required|Access denied|Permission denied|insufficient permissions|not seeing messages from other users/
const NO_SUCH_UNIT = /Unit \S+ (not found|not loaded|could not be found)\./

const HINT =
  'The user that the panel runs as may not do this: see "Permissions" in the README of this plugin.'
const LONGEST_MESSAGE = 1_000

/**
 * Why a command failed, from its exit code and what it wrote: 503 without systemd, 403 where it may
 * not be done, 404 for an unknown service, else 500.
 */
export const refusal = (program: string, { code, stderr }: Output): PluginError => {
  const said = messageIn(stderr) || `${program} ended with exit code ${code}`
  if (UNREACHABLE.test(stderr))
    return notInitialized(`${said} This plugin needs a machine that was booted with systemd.`)
  if (NOT_PERMITTED.test(stderr)) return forbidden(`${said} ${HINT}`)
  if (code === 4) return forbidden(said)
  return code === 5 || NO_SUCH_UNIT.test(stderr) ? notFound(said) : ioError(said)
}

/** Whether the journal has kept entries back. `journalctl` says so and ends with 0. */
export const isKeptBack = ({ stderr }: Output): boolean => NOT_PERMITTED.test(stderr)

/** What a program says is wrong, without where else to look and what to type. */
const messageIn = (stderr: string): string =>
  stderr
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/^(See |Pass -q )/.test(line))
    .map(line => (/[.:!?]$/.test(line) ? line : `${line}.`))
    .join(' ')
    .slice(0, LONGEST_MESSAGE)
