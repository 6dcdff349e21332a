import { execFile } from 'node:child_process'
import { isAtLeast, OLDEST_NODE } from '../node-version.js'
import { type Finding, reporter } from './finding.js'

const MEND = `Install Node.js ${OLDEST_NODE} or newer: https://nodejs.org`
const { ok, warning, error } = reporter('node')

/** Checks the Node.js that runs this command, and the one in the PATH. */
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
          'node is not in the PATH, where a packed plugin looks for it',
          'Add the directory of node to the PATH, also for the host.',
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
