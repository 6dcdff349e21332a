import { stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Plugin } from 'esbuild'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { CliError } from '../cli-error.js'
import { type Bundle, bundled, OPTIONS } from './bundle.js'

/** A frontend to bundle. */
export interface FrontendSource {
  /** `frontend/main.ts` or `.tsx`, as an absolute path. */
  readonly entry: string
  /** The project's folder. */
  readonly root: string
  /** The plugin's id, to which its style sheets are scoped. */
  readonly id: string
  /** Readable, with source maps, and with `development` as `process.env.NODE_ENV`. */
  readonly development?: boolean
}

/**
 * Bundles a frontend into one script. Its style sheets are included and apply only to the plugin's
 * own element while that is shown. Imported pictures and fonts are included as data URLs. JSX is
 * compiled as the frontend's `tsconfig.json` says.
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
      plugins: [smallAssets, localSheets],
    }),
    TE.chain(({ css, ...bundle }) =>
      // In development this removes the style sheet of the bundle before.
      css === '' && !development
        ? TE.right(bundle)
        : pipe(
            styleScript(id, css),
            TE.map(script => ({ ...bundle, code: withEnd(bundle.code, script) })),
          ),
    ),
  )

const ASSETS = ['svg', 'png', 'jpg', 'jpeg', 'gif', 'webp', 'avif', 'ico', 'woff', 'woff2']

/** The largest picture or font, in bytes: a bundle is not cached, so each page load sends it. */
const MAX_ASSET = 256 * 1024

const smallAssets: Plugin = {
  name: 'small-assets',
  setup: ({ onLoad }) =>
    onLoad({ filter: new RegExp(`\\.(${ASSETS.join('|')})$`) }, async ({ path }) => {
      const { size } = await stat(path)
      const said =
        `${path} has ${Math.ceil(size / 1024)} KiB, and a bundle takes at most ` +
        `${MAX_ASSET / 1024} KiB: serve it from a route of the plugin`
      return size > MAX_ASSET ? { errors: [{ text: said }] } : undefined
    }),
}

/**
 * Refuses style sheets from other servers: they cannot be scoped, and scripts cannot import them.
 */
const localSheets: Plugin = {
  name: 'local-sheets',
  setup: ({ onResolve }) =>
    onResolve({ filter: /^(https?:)?\/\// }, ({ kind }) =>
      kind === 'import-rule'
        ? {
            errors: [
              {
                text:
                  'a style sheet from another server cannot be bundled: save it in the ' +
                  'project and import the file',
              },
            ],
          }
        : undefined,
    ),
}

const RUNTIME = fileURLToPath(new URL('../../frontend/scope-styles.js', import.meta.url))

/** A script that adds a style sheet to the page. It runs once the view has registered itself. */
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

/** Appends code before the source map, which must be on the last line. */
const withEnd = (code: string, end: string): string =>
  code.replace(/(\/\/# sourceMappingURL=.*\s*)?$/, map => `${end}${map}`)
