import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { binaryName } from '../../domain/host.js'
import { isRunning } from '../../domain/is-running.js'
import { makeFolder } from '../../plugin-process/make-folder.js'
import { nextName, openAndSync, temporaryName } from '../pack/files.js'

/** The files of a version of a plugin: its binary, and the frontend if it has one. */
export interface Version {
  readonly binary: string
  readonly bundle: string | undefined
}

/** A plugin in a plugins folder. */
export interface Place {
  readonly folder: string
  readonly id: string
}

const binaryAt = ({ folder, id }: Place): string => join(folder, binaryName(id))
const ownFolder = ({ folder, id }: Place): string => join(folder, id)
const previousFolder = (place: Place): string => join(ownFolder(place), 'previous')

/** The version that the host runs. */
export const currentVersion = (place: Place): Promise<Version | undefined> =>
  versionAt(binaryAt(place), join(ownFolder(place), 'bundle.js'))

/** The version before. It is kept where no host looks for plugins, and is not executable. */
export const previousVersion = (place: Place): Promise<Version | undefined> =>
  versionAt(join(previousFolder(place), 'binary'), join(previousFolder(place), 'bundle.js'))

const versionAt = async (binary: string, bundle: string): Promise<Version | undefined> =>
  (await exists(binary))
    ? { binary, bundle: (await exists(bundle)) ? bundle : undefined }
    : undefined

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  )

/**
 * Puts a version in place and keeps the current one as the previous one. Each step is one rename,
 * so the folder always has the old plugin or the new one: after a crash {@link recover} finishes
 * the work. Other files in the plugin's folder, such as `config.json`, stay.
 */
export const putInPlace = async (place: Place, version: Version): Promise<void> => {
  const own = ownFolder(place)
  makeFolder(own)
  const binary = temporaryName(binaryAt(place))
  await copied(version.binary, binary, 0o755)
  const bundle = join(own, 'bundle.js')
  const nextBundle = version.bundle === undefined ? undefined : temporaryName(bundle)
  if (version.bundle !== undefined && nextBundle !== undefined)
    await copied(version.bundle, nextBundle, 0o644)

  const current = await currentVersion(place)
  const kept = current === undefined ? undefined : await keep(place, current)
  if (nextBundle !== undefined) await rename(nextBundle, bundle)
  await rename(binary, binaryAt(place))
  if (nextBundle === undefined) await rm(bundle, { force: true })
  if (kept !== undefined) await replaceFolder(kept, previousFolder(place))
  await openAndSync(place.folder)
}

const copied = async (from: string, to: string, mode: number): Promise<void> => {
  await copyFile(from, to)
  await openAndSync(to, mode)
}

/** Copies a version beside the previous one. It gets its final name once it is complete. */
const keep = async (place: Place, { binary, bundle }: Version): Promise<string> => {
  const folder = temporaryName(join(ownFolder(place), 'keeping'))
  await mkdir(folder)
  await copied(binary, join(folder, 'binary'), 0o644)
  if (bundle !== undefined) await copied(bundle, join(folder, 'bundle.js'), 0o644)
  // `recover` needs it if the installation is killed.
  const kept = nextName(previousFolder(place))
  await rename(folder, kept)
  return kept
}

/** A rename cannot replace a folder that is not empty. */
const replaceFolder = async (from: string, to: string): Promise<void> => {
  const dropped = temporaryName(join(to, '..', 'dropped'))
  if (await exists(to)) await rename(to, dropped)
  await rename(from, to)
  await rm(dropped, { recursive: true, force: true })
}

/**
 * Finishes an installation that was killed: the version that it replaced becomes the previous one,
 * and its temporary files are removed.
 */
export const recover = async (place: Place): Promise<void> => {
  for (const folder of [place.folder, ownFolder(place)]) {
    for (const name of await readdir(folder).catch(() => [])) {
      const [, base = '', pid] = /^\.(.+)\.(\d+)-[0-9a-f]{8}\.new$/.exec(name) ?? []
      const path = join(folder, name)
      if (
        pid === undefined ||
        isRunning(Number(pid)) ||
        (folder === place.folder && base !== binaryName(place.id))
      )
        continue
      if (base === 'previous' && (await isReplaced(place, path)))
        await replaceFolder(path, previousFolder(place))
      else await rm(path, { recursive: true, force: true })
    }
  }
}

/** Whether a kept version differs from the current one. */
const isReplaced = async (place: Place, kept: string): Promise<boolean> => {
  const [current, was] = await Promise.all(
    [binaryAt(place), join(kept, 'binary')].map(path => readFile(path).catch(() => undefined)),
  )
  return was !== undefined && (current === undefined || !current.equals(was))
}
