import { existsSync, readdirSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { bundleFrontend } from '../pack/bundle-frontend.js'
import { errorsIn } from './build-errors.js'
import type { Builder } from './builder.js'

/** Builds the frontend of a project as `pack` does, but readable. `id` yields the plugin's id. */
export const frontendBuilder = (entry: string, root: string, id: () => string): Builder => {
  let last: string | undefined
  return {
    entry,
    build: async begun => {
      const bundle = await bundleFrontend({ entry, root, id: id(), development: true })()
      const took = Date.now() - begun
      if (E.isLeft(bundle)) {
        last = undefined
        const errors = errorsIn('frontend', bundle.left.message, root)
        return {
          inputs: [
            ...beside(entry),
            ...errors.flatMap(({ file }) => (file === null ? [] : [resolve(file)])),
          ],
          event: { _tag: 'Failed', half: 'frontend', errors, took },
        }
      }
      const { code, parts } = bundle.right
      // Installed packages are listed by name, and do not change while one works. Files beside the
      // entry are watched too: those that export only types leave no trace in a bundle.
      const inputs = [
        ...beside(entry),
        ...parts.map(([path]) => resolve(root, path)).filter(existsSync),
      ]
      if (code === last) return { inputs, event: undefined }
      last = code
      return { inputs, event: { _tag: 'Frontend', code, took } }
    },
  }
}

const beside = (entry: string): ReadonlyArray<string> =>
  E.getOrElse(() => [] as string[])(
    E.tryCatch(
      () =>
        readdirSync(dirname(entry), { recursive: true, encoding: 'utf8' }).filter(
          name => !name.includes('node_modules'),
        ),
      String,
    ),
  ).map(name => join(dirname(entry), name))
