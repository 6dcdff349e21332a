import { basename, join } from 'node:path'
import {
  type BuildFailure,
  type BuildOptions,
  build,
  type Metafile,
  type Plugin,
  transform,
} from 'esbuild'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { HOST_START_TIMEOUT } from '../../domain/host.js'
import { type CliError, failure } from '../cli-error.js'
import { OLDEST_NODE } from '../node-version.js'
import { joined, laterPart, type Part, partName } from './parts.js'

/** A bundle: one file of JavaScript. */
export interface Bundle {
  readonly code: string
  readonly warnings: ReadonlyArray<string>
  /** The packages and files in it with their bytes, the largest first. */
  readonly parts: ReadonlyArray<readonly [string, number]>
  /** The absolute paths of the files in it. */
  readonly files: ReadonlyArray<string>
}

/** A bundle, and the style sheets that it imports as one text. */
export interface StyledBundle extends Bundle {
  readonly css: string
}

/**
 * Resolves fp-ts and io-ts to their ES modules, since of CommonJS nothing can be left out. So there
 * is one copy, whatever path an author imports.
 */
const esModules: Plugin = {
  name: 'es-modules',
  setup({ onResolve, resolve }) {
    onResolve(
      { filter: /^(fp-ts|io-ts)(\/lib\/.+)?$/ },
      ({ path, kind, resolveDir, importer, pluginData }) =>
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

/** The options for both halves of a plugin. */
export const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  legalComments: 'none',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'silent',
} as const satisfies BuildOptions

const TARGET = `node${OLDEST_NODE}`

/**
 * Bundles a plugin into one file of CommonJS for the oldest Node.js that plugins run on. Unused
 * code is left out, and no path of this machine is in it. Names are kept for stacks and
 * `--describe`. The result is ASCII, which Node.js reads fastest and keeps in half the memory.
 */
export const bundlePlugin = (entry: string, root: string): TaskEither<CliError, Bundle> =>
  attempted(entry, async () => {
    const { outputFiles, metafile, warnings } = await build({
      ...OPTIONS,
      entryPoints: { [MAIN]: entry },
      absWorkingDir: root,
      outdir: '.',
      splitting: true,
      platform: 'node',
      format: 'esm',
      target: TARGET,
      mainFields: ['module', 'main'],
      define: { 'import.meta.url': META_URL },
      plugins: [esModules],
    })
    const files = new Map(outputFiles.map(({ path, text }) => [basename(path), text]))
    return {
      code: joined(await partsFrom(files)),
      warnings: warnings.map(described),
      parts: partsOf(metafile),
      files: filesOf(metafile, root),
    }
  })

const MAIN = 'main'

/** How esbuild imports another of its output files, statically or dynamically. */
const IMPORT = /\b(from|import|import\()"\.\/([^"/]+\.js)"\)?/g

/** The output files of esbuild in the order in which they are imported, beginning at the entry. */
const partsFrom = async (files: ReadonlyMap<string, string>): Promise<ReadonlyArray<Part>> => {
  const names = [`${MAIN}.js`]
  const importsIn = (text: string): ReadonlyArray<readonly [string, string]> =>
    [...text.matchAll(IMPORT)].flatMap(([, how = '', name = '']) =>
      files.has(name) ? [[how, name] as const] : [],
    )
  // The loop also visits the names that it adds.
  for (const name of names)
    for (const [, next] of importsIn(files.get(name) ?? ''))
      if (!names.includes(next)) names.push(next)
  return Promise.all(
    names.map(async name => {
      const text = files.get(name) ?? ''
      const needs = importsIn(text).flatMap(([how, next]) =>
        how.endsWith('(') ? [] : [names.indexOf(next)],
      )
      const named = text.replace(IMPORT, (whole, how: string, next: string) => {
        if (!files.has(next)) return whole
        const index = names.indexOf(next)
        return how.endsWith('(') ? laterPart(index) : `${how}"${partName(index)}"`
      })
      return { code: await commonJs(withoutFolders(named)), needs }
    }),
  )
}

/** Removes this machine's folders from the paths that esbuild gives to CommonJS modules. */
const withoutFolders = (text: string): string =>
  text.replace(
    /(__commonJS\(\{")((?:[^"\\]|\\.)*)("\()/g,
    (_whole, before: string, path: string, after: string) => {
      const inPackage = path.lastIndexOf('node_modules/')
      return `${before}${inPackage < 0 ? path.slice(path.lastIndexOf('/') + 1) : path.slice(inPackage)}${after}`
    },
  )

/**
 * Compiles a module to CommonJS. Lines are limited: a crash prints the line that it happened in.
 */
const commonJs = async (module: string): Promise<string> => {
  const { code } = await transform(module, {
    format: 'cjs',
    platform: 'node',
    target: TARGET,
    minifyWhitespace: true,
    minifySyntax: true,
    lineLimit: 160,
    logLevel: 'silent',
  })
  return code.includes(META_URL)
    ? `var ${META_URL}=require("node:url").pathToFileURL(__filename).href;${code}`
    : code
}

/** Bundles with the given options. Left with every error and its place. */
export const bundled = (
  entry: string,
  options: BuildOptions & { readonly metafile: true; readonly write: false },
): TaskEither<CliError, StyledBundle> =>
  attempted(entry, async () => {
    const { outputFiles, metafile, warnings } = await build(options)
    const textOf = (end: string): string =>
      outputFiles.find(({ path }) => path.endsWith(end))?.text ?? ''
    return {
      code: textOf('.js'),
      css: textOf('.css'),
      warnings: warnings.map(described),
      parts: partsOf(metafile),
      files: filesOf(metafile, options.absWorkingDir ?? process.cwd()),
    }
  })

const attempted =
  <A>(entry: string, work: () => Promise<A>): TaskEither<CliError, A> =>
  async () => {
    try {
      return E.right(await work())
    } catch (thrown) {
      const errors = isBuildFailure(thrown) ? thrown.errors.map(described) : [String(thrown)]
      return E.left(
        failure(`${entry} cannot be bundled:\n${errors.join('\n')}`, hintFor(errors.join('\n'))),
      )
    }
  }

type Message = BuildFailure['errors'][number]

/** Whether something thrown by esbuild holds the errors of a build. */
export const isBuildFailure = (thrown: unknown): thrown is BuildFailure =>
  thrown instanceof Error && 'errors' in thrown && Array.isArray(thrown.errors)

const described = ({ text, location }: Message): string =>
  location === null ? text : `${location.file}:${location.line}:${location.column}: ${text}`

const hintFor = (errors: string): string => {
  if (/No loader is configured for "\.node"/.test(errors))
    return 'A package with native code cannot be bundled: use one without, or call it as a program.'
  if (/Top-level await/.test(errors))
    return `Put it into @OnInit: a host waits only ${HOST_START_TIMEOUT / 1_000} s for the socket.`
  return /Could not resolve/.test(errors)
    ? 'Is it installed? Run npm install.'
    : 'Correct that; npx tsc --noEmit may say more.'
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

const filesOf = ({ outputs }: Metafile, root: string): ReadonlyArray<string> =>
  Object.values(outputs).flatMap(({ inputs }) =>
    Object.entries(inputs).flatMap(([path, { bytesInOutput }]) =>
      bytesInOutput > 0 ? [join(root, path)] : [],
    ),
  )
