import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CliError } from '../cli-error.js'
import { type Bundle, bundled, OPTIONS } from './bundle.js'

/** What is to be bundled for the browser. */
export interface FrontendSource {
  /** `frontend/main.ts` or `.tsx`, as an absolute path. */
  readonly entry: string
  /** The project's folder. */
  readonly root: string
  /** The plugin's id: what its style sheets are scoped to. */
  readonly id: string
  /**
   * For the development host: readable, with source maps, and with `process.env.NODE_ENV` as
   * `development`.
   */
  readonly development?: boolean
}

/**
 * Bundles a frontend into one script for the browser. Its style sheets are in it: they hold for the
 * plugin's own element alone, and only while that is shown. So are the pictures and fonts that it
 * imports, as data URLs. JSX is compiled as the frontend's `tsconfig.json` says.
 */
export const bundleFrontend = ({
  entry,
  root,
  id,
  development = false,
}: FrontendSource): TaskEither<CliError, Bundle> =>
  pipe(
    bundled(entry, {
      ...OPTIONS,
      charset: 'utf8',
      entryPoints: [entry],
      absWorkingDir: root,
      outdir: '.',
      platform: 'browser',
      format: 'iife',
      target: 'es2022',
      minifyWhitespace: !development,
      minifySyntax: !development,
      minifyIdentifiers: !development,
      sourcemap: development ? 'inline' : false,
      define: { 'process.env.NODE_ENV': development ? '"development"' : '"production"' },
      loader: Object.fromEntries(ASSETS.map(end => [`.${end}`, 'dataurl'] as const)),
      plugins: [smallAssets, ownSheets],
    }),
    TE.chain(({ css, ...bundle }) =>
      // In development there may be a sheet of the bundle before, which this one has to take away.
      css === '' && !development
        ? TE.right(bundle)
        : pipe(
            styleScript(id, css),
            TE.map(script => ({ ...bundle, code: withEnd(bundle.code, script) })),
          ),
    ),
  )

const ASSETS = ['svg', 'png', 'jpg', 'jpeg', 'gif', 'webp', 'avif', 'ico', 'woff', 'woff2']

/**
 * The most that one picture or font may have, in bytes: a bundle is not cached, so every byte of it
 * is sent for every page.
 */
const MOST_OF_ASSET = 256 * 1024

const smallAssets: Plugin = {
  name: 'small-assets',
  setup: ({ onLoad }) =>
    onLoad({ filter: new RegExp(`\\.(${ASSETS.join('|')})$`) }, async ({ path }) => {
      const { size } = await stat(path)
      const said = `${path} has ${Math.ceil(size / 1024)} KiB, and at most ${MOST_OF_ASSET / 1024} KiB go into a bundle: answer it from a route of the plugin`
      return size > MOST_OF_ASSET ? { errors: [{ text: said }] } : undefined
    }),
}

/**
 * A sheet that the browser would fetch from elsewhere could not be scoped, and browsers ignore its
 * `@import` in a sheet that a script made.
 */
const ownSheets: Plugin = {
  name: 'own-sheets',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^(https?:)?\/\// }, ({ kind }) =>
      kind === 'import-rule'
        ? {
            errors: [
              {
                text: 'A style sheet from another server cannot be part of the bundle: save it beside your own and import the file',
              },
            ],
          }
        : undefined,
    ),
}

const RUNTIME = fileURLToPath(new URL('../../frontend/scope-styles.js', import.meta.url))

/**
 * What puts a style sheet into the page, as a script that runs after the view has registered
 * itself.
 */
const styleScript = (id: string, css: string): TaskEither<CliError, string> =>
  pipe(
    bundled(RUNTIME, {
      ...OPTIONS,
      charset: 'utf8',
      stdin: {
        contents: `import{scopeStyles}from${JSON.stringify(RUNTIME)};scopeStyles(${JSON.stringify(id)},${JSON.stringify(css)})`,
        resolveDir: dirname(RUNTIME),
      },
      outfile: 'styles.js',
      format: 'iife',
      target: 'es2022',
      minifyIdentifiers: true,
    }),
    TE.map(({ code }) => code),
  )

/** Before the source map, which stands on the last line. */
const withEnd = (code: string, end: string): string =>
  code.replace(/(\/\/# sourceMappingURL=.*\s*)?$/, map => `${end}${map}`)
