import { open } from 'node:fs/promises'

/** Makes sure that a file or a folder is on the disk, with a mode where one is given. */
export const openAndSync = async (path: string, mode?: number): Promise<void> => {
  const handle = await open(path, 'r')
  try {
    if (mode !== undefined) await handle.chmod(mode)
    await handle.sync()
  } finally {
    await handle.close()
  }
}
