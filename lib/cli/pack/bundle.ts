import { type BuildFailure, type BuildOptions, build, type Metafile, type Plugin } from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type CliError, failure } from '../cli-error.js'
import { OLDEST_NODE } from './shell-part.js'

/** One file of JavaScript made of many. */
export interface Bundle {
  readonly code: string
  readonly warnings: ReadonlyArray<string>
  /** What is in it, the largest first: packages by their name, other files by their path; with their bytes. */
  readonly parts: ReadonlyArray<readonly [string, number]>
}

/** A bundle and the style sheets that it imports, as one; empty without any. */
export interface StyledBundle extends Bundle {
  readonly css: string
}

/** fp-ts and io-ts as ES modules: of CommonJS nothing can be left out. Whatever path an author imports, there is one copy. */
const esModules: Plugin = {
  name: 'es-modules',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^(fp-ts|io-ts)(\/lib\/.+)?$/ }, ({ path, kind, resolveDir, importer, pluginData }) =>
      pluginData === esModules
        ? undefined
        : resolve(path.includes('/') ? path.replace('/lib/', '/es6/') : `${path}/es6/index.js`, {
            kind,
            resolveDir,
            importer,
            pluginData: esModules,
          }).then(found => (found.errors.length === 0 ? found : undefined)),
    )
  },
}

const META_URL = '__toruFileUrl'

/** What both halves of a plugin are bundled with. */
export const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  legalComments: 'none',
  charset: 'utf8',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'silent',
} as const satisfies BuildOptions

/**
 * Bundles a plugin into one file of CommonJS for the oldest Node.js that plugins run on: decorators lowered, whatever is not used left out, no paths of this machine in it.
 * Names stay as they are, for stacks and for `--describe`.
 */
export const bundlePlugin = (entry: string, root: string): TaskEither<CliError, Bundle> =>
  bundled(entry, {
    ...OPTIONS,
    entryPoints: [entry],
    absWorkingDir: root,
    outfile: 'plugin.cjs',
    platform: 'node',
    format: 'cjs',
    target: `node${OLDEST_NODE.major}.${OLDEST_NODE.minor}`,
    mainFields: ['module', 'main'],
    // A crash shows the line that it happened in: it must not be the whole file.
    lineLimit: 160,
    define: { 'import.meta.url': META_URL },
    plugins: [esModules],
  })

/** Bundles with these options of esbuild. Left with every error and its place. */
export const bundled =
  (entry: string, options: BuildOptions & { readonly metafile: true; readonly write: false }): TaskEither<CliError, StyledBundle> =>
  async () => {
    try {
      const { outputFiles, metafile, warnings } = await build(options)
      const textOf = (end: string): string => outputFiles.find(({ path }) => path.endsWith(end))?.text ?? ''
      return E.right({
        code: withMetaUrl(textOf('js')),
        css: textOf('.css'),
        warnings: warnings.map(described),
        parts: partsOf(metafile),
      })
    } catch (thrown) {
      const errors = isBuildFailure(thrown) ? thrown.errors.map(described) : [String(thrown)]
      return E.left(failure(`${entry} cannot be bundled:\n${errors.join('\n')}`, hintFor(errors.join('\n'))))
    }
  }

/** Only CommonJS has no `import.meta.url`. */
const withMetaUrl = (code: string): string => {
  if (!code.includes(META_URL)) return code
  const line = `var ${META_URL}=require("node:url").pathToFileURL(__filename).href;`
  return code.startsWith('"use strict";') ? `"use strict";${line}${code.slice('"use strict";'.length)}` : `${line}${code}`
}

type Message = BuildFailure['errors'][number]

const isBuildFailure = (thrown: unknown): thrown is BuildFailure =>
  thrown instanceof Error && 'errors' in thrown && Array.isArray(thrown.errors)

const described = ({ text, location }: Message): string =>
  location === null ? text : `${location.file}:${location.line}:${location.column}: ${text}`

const hintFor = (errors: string): string | undefined => {
  if (/No loader is configured for "\.node"/.test(errors)) return 'A package with native code cannot be part of one file.'
  if (/Top-level await/.test(errors)) return 'Put it into @OnInit: a host waits 1 s for the socket, and not for the rest.'
  return /Could not resolve/.test(errors) ? 'Is it installed? Run npm install.' : undefined
}

const partsOf = ({ outputs }: Metafile): ReadonlyArray<readonly [string, number]> => {
  const sizes = new Map<string, number>()
  for (const { inputs } of Object.values(outputs)) {
    for (const [path, { bytesInOutput }] of Object.entries(inputs)) {
      const name = /^.*node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(path)?.[1] ?? path
      sizes.set(name, (sizes.get(name) ?? 0) + bytesInOutput)
    }
  }
  return [...sizes].sort(([, a], [, b]) => b - a)
}
