import { readFileSync } from 'node:fs'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'

/**
 * The systems for which there is a native libsql, under the names of its packages `@libsql/…`: the
 * platform, the architecture as Node.js calls it, and the C library.
 */
export const NATIVE_SYSTEMS = [
  'linux-x64-gnu',
  'linux-x64-musl',
  'linux-arm64-gnu',
  'linux-arm64-musl',
  'linux-arm-gnueabihf',
  'linux-arm-musleabihf',
] as const

/** The name of the system that this Node.js runs on, whether or not there is a libsql for it. */
export const nativeSystem = (): string => {
  const { platform, arch } = process
  const libc = usesMusl() ? 'musl' : 'gnu'
  return `${platform}-${arch}-${libc}${arch === 'arm' ? 'eabihf' : ''}`
}

/** Whether the loader of musl is among the files that are mapped into this process. */
const usesMusl = (): boolean =>
  pipe(
    O.tryCatch(() => readFileSync('/proc/self/maps', 'latin1')),
    O.exists(maps => maps.includes('/ld-musl-')),
  )
