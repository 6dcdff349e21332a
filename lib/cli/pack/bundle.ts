import { basename } from 'node:path'
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
import { joined, laterPart, type Part, partName } from './parts.js'
import { OLDEST_NODE } from './shell-part.js'

/** One file of JavaScript made of many. */
export interface Bundle {
  readonly code: string
  readonly warnings: ReadonlyArray<string>
  /**
   * What is in it, the largest first: packages by their name, other files by their path; with their
   * bytes.
   */
  readonly parts: ReadonlyArray<readonly [string, number]>
}

/** A bundle and the style sheets that it imports, as one; empty without any. */
export interface StyledBundle extends Bundle {
  readonly css: string
}

/**
 * fp-ts and io-ts as ES modules: of CommonJS nothing can be left out. Whatever path an author
 * imports, there is one copy.
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

/** What both halves of a plugin are bundled with. */
export const OPTIONS = {
  bundle: true,
  write: false,
  metafile: true,
  legalComments: 'none',
  minifyWhitespace: true,
  minifySyntax: true,
  logLevel: 'silent',
} as const satisfies BuildOptions

const TARGET = `node${OLDEST_NODE.major}.${OLDEST_NODE.minor}`

/**
 * Bundles a plugin into one file of CommonJS for the oldest Node.js that plugins run on: decorators
 * lowered, whatever is not used left out, no paths of this machine in it. Names stay as they are,
 * for stacks and for `--describe`. All of it is ASCII, which Node.js reads fastest and keeps in
 * half the memory.
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
    }
  })

const MAIN = 'main'

/** How esbuild writes the import of another of its files, now or later. */
const IMPORT = /\b(from|import|import\()"\.\/([^"/]+\.js)"\)?/g

/**
 * The files that esbuild has made, in the order in which they are first named from the entry on,
 * which does not depend on their own names.
 */
const partsFrom = async (files: ReadonlyMap<string, string>): Promise<ReadonlyArray<Part>> => {
  const names = [`${MAIN}.js`]
  const importsIn = (text: string): ReadonlyArray<readonly [string, string]> =>
    [...text.matchAll(IMPORT)].flatMap(([, how = '', name = '']) =>
      files.has(name) ? [[how, name] as const] : [],
    )
  // A list that grows while it is walked through hands out what was added.
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

/**
 * esbuild names what was CommonJS by its path, which is nobody's business: what stands before the
 * package's name is left out, or before the file's where there is no package.
 */
const withoutFolders = (text: string): string =>
  text.replace(
    /(__commonJS\(\{")((?:[^"\\]|\\.)*)("\()/g,
    (_whole, before: string, path: string, after: string) => {
      const inPackage = path.lastIndexOf('node_modules/')
      return `${before}${inPackage < 0 ? path.slice(path.lastIndexOf('/') + 1) : path.slice(inPackage)}${after}`
    },
  )

/**
 * Only CommonJS has no `import.meta.url`. A crash shows the line that it happened in: it must not
 * be the whole file.
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

/** Bundles with these options of esbuild. Left with every error and its place. */
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

const isBuildFailure = (thrown: unknown): thrown is BuildFailure =>
  thrown instanceof Error && 'errors' in thrown && Array.isArray(thrown.errors)

const described = ({ text, location }: Message): string =>
  location === null ? text : `${location.file}:${location.line}:${location.column}: ${text}`

const hintFor = (errors: string): string | undefined => {
  if (/No loader is configured for "\.node"/.test(errors))
    return 'A package with native code cannot be part of one file.'
  if (/Top-level await/.test(errors))
    return `Put it into @OnInit: a host waits ${HOST_START_TIMEOUT / 1_000} s for the socket, and not for the rest.`
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
