import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const us = { uid: process.getuid?.() ?? 0, gid: process.getgid?.() ?? 0 }

/** A user who is not root: who runs the tests or, if that is root, nobody. */
export const ordinaryUser = us.uid === 0 ? { uid: 65_534, gid: 65_534 } : us

/** A process of root that is always there. */
export const PROCESS_OF_ROOT = 1

/** What a function yields in a process of {@link ordinaryUser}; `file` is seen from this folder. */
export const callAsOrdinaryUser = (
  file: string,
  name: string,
  ...args: ReadonlyArray<unknown>
): unknown => {
  const url = new URL(file, import.meta.url).href
  const script = `import { ${name} } from '${url}'
    console.log(JSON.stringify(${name}(...${JSON.stringify(args)})))`
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--input-type=module', '--eval', script],
    { ...ordinaryUser, cwd: fileURLToPath(new URL('.', import.meta.url)), encoding: 'utf8' },
  )
  if (stdout === '') throw new Error(stderr)
  return JSON.parse(stdout)
}
