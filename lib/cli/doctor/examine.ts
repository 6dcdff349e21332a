import { homedir } from 'node:os'
import * as E from 'fp-ts/lib/Either.js'
import { dataDirectoryFindings, socketDirectoryFindings, socketsDirectory } from './directories.js'
import type { Finding } from './finding.js'
import { nodeFindings } from './node.js'
import { orphans } from './orphans.js'
import { projectFindings } from './project.js'
import { staleSockets } from './sockets.js'

/**
 * Looks at everything, in the order in which it is best mended. Reads, connects to sockets, and
 * changes nothing.
 */
export const examine = async (
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyArray<Finding>> => {
  const sockets = socketsDirectory(env)
  // A user without an entry in the list of users has no home.
  const home = E.tryCatch(homedir, E.toError)
  return [
    ...(await nodeFindings(process.versions.node, env.PATH)),
    ...projectFindings(directory),
    ...socketDirectoryFindings(sockets),
    ...dataDirectoryFindings(env, E.isRight(home) ? home.right : undefined),
    ...(await staleSockets(sockets)),
    ...orphans(),
  ]
}
