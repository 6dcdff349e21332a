import { homedir } from 'node:os'
import * as E from 'fp-ts/lib/Either.js'
import { dataDirectoryFindings, socketDirectoryFindings, socketsDirectory } from './directories.js'
import { esbuildFindings } from './esbuild.js'
import type { Finding } from './finding.js'
import { nodeFindings } from './node.js'
import { orphans } from './orphans.js'
import { pluginFindings } from './plugin-files.js'
import { projectFindings } from './project.js'
import { staleSockets } from './sockets.js'
import { typescriptFindings } from './typescript.js'

/** Runs every check, in the order in which to fix what they find. Changes nothing. */
export const examine = async (
  directory: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<ReadonlyArray<Finding>> => {
  const sockets = socketsDirectory(env)
  // A user who is not in the user database has no home.
  const home = E.tryCatch(homedir, E.toError)
  return [
    ...(await nodeFindings(process.versions.node, env.PATH)),
    ...projectFindings(directory),
    ...(await typescriptFindings(directory)),
    ...(await esbuildFindings()),
    ...(await pluginFindings(directory)),
    ...socketDirectoryFindings(sockets),
    ...dataDirectoryFindings(env, E.isRight(home) ? home.right : undefined),
    ...(await staleSockets(sockets)),
    ...orphans(),
  ]
}
