import { mkdtempSync, realpathSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Makes a folder for temporary files, for this user alone. Links in its path are resolved: on some
 * systems the usual one is a link, and a plugin sees the real path.
 */
export const temporaryFolder = (name: string): string =>
  mkdtempSync(join(realpathSync(tmpdir()), `toru-${name}-`))
