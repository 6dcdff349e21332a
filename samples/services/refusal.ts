import { forbidden, ioError, notFound, notInitialized, type PluginError } from 'toru-plugin-api'
import type { Output } from './system.js'

// The exit codes are those that `systemctl` takes from the LSB; the texts are those of systemd 245
// to 257 under LC_ALL=C.

const UNREACHABLE = /has not been booted with systemd|Failed to connect to (system scope )?bus/
const NOT_PERMITTED = new RegExp(
  [
    'Interactive authentication required',
    'Access denied',
    'Permission denied',
    'insufficient permissions',
    'not seeing messages from other users',
  ].join('|'),
)
const NO_SUCH_UNIT = /Unit \S+ (not found|not loaded|could not be found)\./

const HINT =
  'The user that the panel runs as may not do this: see "Permissions" in the README of this plugin.'
const LONGEST_MESSAGE = 1_000

/**
 * Why a command failed, from its exit code and its stderr: 503 without systemd, 403 without
 * permission, 404 for an unknown service, otherwise 500.
 */
export const refusal = (program: string, { code, stderr }: Output): PluginError => {
  const said = messageIn(stderr) || `${program} ended with exit code ${code}`
  if (UNREACHABLE.test(stderr))
    return notInitialized(`${said} This plugin needs a machine that was booted with systemd.`)
  if (NOT_PERMITTED.test(stderr)) return forbidden(`${said} ${HINT}`)
  if (code === 4) return forbidden(said)
  return code === 5 || NO_SUCH_UNIT.test(stderr) ? notFound(said) : ioError(said)
}

/** Whether the journal withheld entries. `journalctl` says so on stderr and exits with 0. */
export const withheldEntries = ({ stderr }: Output): boolean => NOT_PERMITTED.test(stderr)

/** The messages of a program, without its hints about manuals and options. */
const messageIn = (stderr: string): string =>
  stderr
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '' && !/^(See |Pass -q )/.test(line))
    .map(line => (/[.:!?]$/.test(line) ? line : `${line}.`))
    .join(' ')
    .slice(0, LONGEST_MESSAGE)
