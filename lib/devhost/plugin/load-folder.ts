import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import * as T from 'fp-ts/lib/Task.js'
import { O, pipe, TE } from '../../fp.js'
import type { Context } from '../context.js'
import { discover, type Found } from './discovery.js'
import type { Frontend } from './registry.js'
import { warnOfRoute } from './route-warnings.js'

/** Starts the plugins of a folder. Left if the folder cannot be read. */
export const loadFolder = (context: Context, folder: string): TE.TaskEither<string, void> =>
  pipe(
    discover(folder, context.launchOptions, context.folder),
    TE.map(({ found, skipped }) => {
      for (const { file, reason } of skipped)
        context.say({ kind: 'warn', about: null, text: `${file} is skipped: ${reason}` })
      return found
    }),
    TE.chainTaskK(T.traverseArray(found => () => loadBinary(context, folder, found))),
    TE.map(() => undefined),
  )

const READY = { state: 'ok', errors: [], took: null } as const

const loadBinary = async (
  context: Context,
  folder: string,
  { file, launch, metadata }: Found,
): Promise<void> => {
  const managed = context.manage({ launch, metadata })
  warnOfRoute(context, metadata)
  context.plugins.add({
    managed,
    source: file,
    build: () => READY,
    frontend: () => bundleIn(join(folder, metadata.id, 'bundle.js')),
  })
  await managed.start()
}

const bundleIn = (file: string): Frontend | undefined => {
  const found = statSync(file, { throwIfNoEntry: false })
  if (found?.isFile() !== true) return undefined
  return {
    version: `${found.mtimeMs}-${found.size}`,
    read: () => O.toUndefined(O.tryCatch(() => readFileSync(file, 'utf8'))),
  }
}
