import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { ROOT } from './support/packed-project.js'

// Which specs `spec/run.ts` runs. They are named by their path below `spec`, or by that of a folder
// of them.

/**
 * What says the same on every Node.js: it only looks at files, or has no Node.js in it but the
 * language, or is the author's tool around processes that the others test, or is about a browser, a
 * compiler, or what a plugin does with the same few calls of Node.js that the others make.
 */
export const SAME_EVERYWHERE = [
  'architecture',
  'package',
  'bench',
  'domain',
  'codec',
  'reflect',
  'wire',
  'dispatch',
  'decorators',
  'fuzz',
  'frontend',
  'devhost',
  'cli',
  'kv/keyv',
  'testing',
  'samples/pages',
  'samples/services',
  ...['announcement', 'clock', 'plugin-arguments', 'saved-init'].map(name => `runtime/${name}`),
  ...['error-text', 'fields', 'levels', 'line-splitter', 'log-line', 'logger', 'queued-sink'].map(
    name => `runtime/log/${name}`,
  ),
  'runtime/log/rate-limit',
  'runtime/supervision/guardian',
  'runtime/supervision/socket-watch',
  ...['announcement', 'answers', 'client-disconnect', 'config', 'connection-limits'].map(
    name => `runtime/process/${name}`,
  ),
  ...['dialects', 'init', 'invalid-input', 'limits', 'size', 'stream'].map(
    name => `runtime/process/${name}`,
  ),
]

/** What needs more than this machine has by itself, each by a command of its own. */
export const APART = ['host', 'foreign']

/** The specs by their path below `spec`, without those whose source is no longer there. */
export const specs = readdirSync(join(ROOT, 'spec'), {
  recursive: true,
  encoding: 'utf8',
})
  .filter(file => file.endsWith('.spec.ts'))
  .map(file => file.slice(0, -'.spec.ts'.length))

/** Whether a spec has a name, or is in a folder that has. */
export const isNamed = (spec: string, name: string): boolean =>
  spec === name || spec.startsWith(`${name}/`)

/** The compiled specs that are, or are not, those that are named. */
export const select = (names: ReadonlyArray<string>, included: boolean): ReadonlyArray<string> =>
  specs
    .filter(spec => names.some(name => isNamed(spec, name)) === included)
    .map(spec => `dist/spec/${spec}.spec.js`)

/** The files among these that a test may be from, by the title that AVA gives it. */
export const specOf = (title: string, files: ReadonlyArray<string>): ReadonlyArray<string> =>
  files.filter(file => {
    // AVA leaves out the folders that all files of a run have in common, and a single file whole.
    const [first, ...rest] = file.slice('dist/spec/'.length, -'.spec.js'.length).split('/')
    const names = [[first, ...rest], rest].map(path => `${path.join(' › ')} › `)
    return files.length === 1 || names.some(name => title.startsWith(name))
  })
