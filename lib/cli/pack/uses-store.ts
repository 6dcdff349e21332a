import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import type { Task } from 'fp-ts/lib/Task.js'

/** The folders of this package's code, also where it is not below a `node_modules`. */
const OWN = ['lib', 'decorators'].map(name =>
  fileURLToPath(new URL(`../../../${name}/`, import.meta.url)),
)

const isOwn = (path: string): boolean =>
  path.includes('/node_modules/toru-plugin-api/') || OWN.some(folder => path.startsWith(folder))

/**
 * Whether a plugin may use its key-value store: `ctx.kv` in the backend, or `api.kv` in the
 * frontend, which a host may ask the plugin for. It is enough that the word stands anywhere in one
 * of the files that are bundled, this package's own apart.
 */
export const usesStore =
  (files: ReadonlyArray<string>): Task<boolean> =>
  async () => {
    const texts = await Promise.all(
      // What esbuild made itself, such as `(disabled):fs`, is no file.
      files.filter(path => !isOwn(path)).map(path => readFile(path, 'utf8').catch(() => '')),
    )
    return texts.some(text => /\bkv\b/.test(text))
  }
