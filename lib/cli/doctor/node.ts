import { execFile } from 'node:child_process'
import { type Finding, reporter } from './finding.js'
import { isAtLeast } from './version.js'

/** The oldest Node.js that plugins run on: `engines` of this package. */
export const OLDEST_NODE = '20.19.0'

const MEND = `Install Node.js ${OLDEST_NODE} or newer: https://nodejs.org`
const { ok, warning, error } = reporter('node')

/**
 * The Node.js that runs this command, and the one that a host finds in its PATH. `path`: the PATH.
 */
export const nodeFindings = async (
  own: string,
  path: string | undefined,
): Promise<ReadonlyArray<Finding>> => {
  const found = await versionInPath(path)
  return [
    isAtLeast(own, OLDEST_NODE)
      ? ok(`Node.js ${own} runs this command`)
      : error(`Node.js ${own} runs this command, and plugins need ${OLDEST_NODE} or newer`, MEND),
    found === undefined
      ? warning(
          'there is no node in the PATH, and a packed plugin looks for it there',
          'Put the directory of node into the PATH of the host, too.',
        )
      : isAtLeast(found, OLDEST_NODE)
        ? ok(`node in the PATH is ${found}`)
        : error(`node in the PATH is ${found}, and plugins need ${OLDEST_NODE} or newer`, MEND),
  ]
}

const versionInPath = (path: string | undefined): Promise<string | undefined> =>
  new Promise(resolve => {
    const env = path === undefined ? {} : { PATH: path }
    execFile('node', ['--version'], { env, timeout: 10_000 }, (failed, stdout) =>
      resolve(failed === null ? stdout.trim() : undefined),
    )
  })
