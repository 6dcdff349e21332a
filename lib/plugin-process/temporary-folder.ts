import { mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const folders = new Set<string>()

/**
 * Makes a folder for temporary files, for this user alone. Links in its path are resolved: on some
 * systems the usual one is a link, and a plugin sees the real path.
 */
export const temporaryFolder = (name: string): string => {
  const folder = mkdtempSync(join(realpathSync(tmpdir()), `toru-${name}-`))
  folders.add(folder)
  return folder
}

/** Removes a temporary folder. A process that was just killed may still be writing into it. */
export const removeTemporaryFolder = (folder: string): void => {
  rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 20 })
  folders.delete(folder)
}

/** Removes the temporary folders that are left, for a process that ends before its time. */
export const removeTemporaryFolders = (): void => folders.forEach(removeTemporaryFolder)
