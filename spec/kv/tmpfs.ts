import { mkdtempSync, rmdirSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ExecutionContext } from 'ava'
import { asRoot, us } from './as-root.js'

/** A small file system in memory, of its own. */
export interface Tmpfs {
  readonly path: string
  readonly remount: (mode: 'ro' | 'rw') => void
}

const mount = (path: string, kibibytes: number): string | undefined =>
  asRoot(
    'mount',
    '-t',
    'tmpfs',
    '-o',
    `size=${kibibytes}k,mode=0700,uid=${us.uid},gid=${us.gid}`,
    'tmpfs',
    path,
  )

const probe = (): string | undefined => {
  if (process.platform !== 'linux') return 'a file system in memory needs Linux'
  const path = mkdtempSync(join(tmpdir(), 'toru-mount-'))
  const problem = mount(path, 64)
  if (problem === undefined) asRoot('umount', path)
  rmdirSync(path)
  return problem === undefined
    ? undefined
    : `a small file system needs root or sudo without a password (${problem})`
}

/** Why this machine has no small file systems; undefined where it has. */
export const noTmpfs: string | undefined = probe()

/** A file system of a size, which is gone after the test. */
export const tmpfs = (t: ExecutionContext, kibibytes: number): Tmpfs => {
  const path = mkdtempSync(join(tmpdir(), 'toru-kv-disk-'))
  t.is(mount(path, kibibytes), undefined)
  t.teardown(() => {
    // Lazily, for what libsql holds open is let go when it is garbage.
    asRoot('umount', '-l', path)
    rmdirSync(path)
  })
  return { path, remount: mode => t.is(asRoot('mount', '-o', `remount,${mode}`, path), undefined) }
}
