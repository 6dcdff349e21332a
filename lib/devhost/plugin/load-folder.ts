import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { O } from '../../fp.js'
import type { Context } from '../context.js'
import { discover, type Found } from './discovery.js'
import type { Frontend, HostedPlugin } from './registry.js'
import { warnOfRoute } from './route-warnings.js'

/** A folder of plugins, and its `.binary` files. */
export interface PluginFolder {
  readonly path: string
  readonly files: ReadonlyArray<string>
}

/** Hosts the plugins of a folder, which are not started yet; none if the host stops meanwhile. */
export const loadFolder = async (
  context: Context,
  { path, files }: PluginFolder,
  isStopping: () => boolean,
): Promise<ReadonlyArray<HostedPlugin>> => {
  const { found, skipped } = await discover(files, context)()
  if (isStopping()) return []
  for (const { file, reason } of skipped)
    context.say({ kind: 'warn', about: null, text: `${file} is skipped: ${reason}` })
  return found.map(binary => hostBinary(context, path, binary))
}

const READY = { state: 'ok', errors: [], took: null } as const

const hostBinary = (
  context: Context,
  folder: string,
  { file, launch, metadata }: Found,
): HostedPlugin => {
  const hosted: HostedPlugin = {
    managed: context.manage({ launch, metadata }),
    source: file,
    build: () => READY,
    frontend: () => bundleIn(join(folder, metadata.id, 'bundle.js')),
  }
  warnOfRoute(context, metadata)
  context.plugins.add(hosted)
  return hosted
}

const bundleIn = (file: string): Frontend | undefined => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() !== true) return undefined
  return {
    version: `${found.mtimeMs}-${found.size}`,
    read: () => O.toUndefined(O.tryCatch(() => readFileSync(file, 'utf8'))),
  }
}
