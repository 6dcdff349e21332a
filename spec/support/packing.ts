import { execFile } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { type RunningPlugin, type StartOptions, startBinary } from '../../lib/testing/index.js'
import { ROOT } from './packed-project.js'
import { folder, type Teardown } from './plugin-process.js'
import { toruPlugin } from './terminal.js'

const MAIN = join(ROOT, 'dist/lib/cli/main.js')

export interface Ran {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Runs a program to its end. */
export const runFile = (
  file: string,
  args: ReadonlyArray<string>,
  options: {
    readonly cwd?: string
    readonly env?: NodeJS.ProcessEnv
    readonly uid?: number
    readonly gid?: number
  } = {},
): Promise<Ran> =>
  new Promise(resolve => {
    const child = execFile(
      file,
      [...args],
      { timeout: 240_000, ...options },
      (error, stdout, stderr) =>
        resolve({
          code: error === null ? 0 : typeof error.code === 'number' ? error.code : null,
          stdout,
          stderr,
        }),
    )
    child.stdin?.end()
  })

/** Runs `toru-plugin` as a process. */
export const toru = (
  args: ReadonlyArray<string>,
  cwd: string,
  user: { readonly uid?: number; readonly gid?: number } = {},
): Promise<Ran> => runFile(process.execPath, [MAIN, ...args], { cwd, ...user })

/** Packs without a run of the result, and says where it is. */
export const packed = async (
  entry: string,
  ...args: ReadonlyArray<string>
): Promise<{ readonly file: string; readonly out: string }> => {
  const out = folder()
  const { code, stdout, stderr } = await toruPlugin(
    'pack',
    entry,
    '--out',
    out,
    '--no-run',
    '--json',
    ...args,
  )
  if (code !== 0) throw new Error(`it was not packed: ${stderr}`)
  return { file: (JSON.parse(stdout) as { file: string }).file, out }
}

/** An author's project, with this package installed as a link. */
export const project = (
  files: Readonly<Record<string, string>>,
  root: string = folder(),
): string => {
  for (const [name, text] of Object.entries({ 'package.json': '{"type":"module"}', ...files })) {
    mkdirSync(dirname(join(root, name)), { recursive: true })
    writeFileSync(join(root, name), text)
  }
  mkdirSync(join(root, 'node_modules'))
  symlinkSync(ROOT, join(root, 'node_modules', 'toru-plugin-api'))
  for (const name of ['fp-ts', 'io-ts', 'preact'])
    symlinkSync(join(ROOT, 'node_modules', name), join(root, 'node_modules', name))
  return root
}

const TSCONFIG = {
  compilerOptions: {
    target: 'es2022',
    module: 'nodenext',
    strict: true,
    // package.spec.ts looks at the types of the package.
    skipLibCheck: true,
    types: [],
    rootDir: '.',
    outDir: 'dist',
    sourceMap: true,
  },
  include: ['*.ts', 'src'],
}

/** An author's project that `tsc` compiles into `dist`. */
export const tscProject = (
  files: Readonly<Record<string, string>>,
  options: object = {},
  root?: string,
): string => {
  const { compilerOptions, ...rest } = TSCONFIG
  const tsconfig = { compilerOptions: { ...compilerOptions, ...options }, ...rest }
  const place = project({ 'tsconfig.json': JSON.stringify(tsconfig), ...files }, root)
  symlinkSync(join(ROOT, 'node_modules', 'typescript'), join(place, 'node_modules', 'typescript'))
  return place
}

/** The text of a small plugin. */
export const pluginText = (
  metadata: object,
  body = "@Get('/') hello() { return { hello: 'world' } }",
  options = '{}',
): string => `
import { Get, json, Plugin, registerPlugin } from 'toru-plugin-api'
import * as t from 'io-ts'
@Plugin(${JSON.stringify({ id: 'small', name: 'Small', version: '1.0.0', icon: '🌱', route: '/small', ...metadata })}, ${options})
class Small { ${body} }
registerPlugin(new Small())
`

/** Starts a packed plugin with this Node.js, and ends it with the test. */
export const started = async (
  t: Teardown,
  file: string,
  options: StartOptions = {},
): Promise<RunningPlugin> => {
  const plugin = await right(
    startBinary(file, {
      timeout: 30_000,
      ...options,
      env: { TORU_NODE: process.execPath, ...options.env },
    }),
  )
  t.teardown(() => void plugin.child.kill('SIGKILL'))
  return plugin
}

export const right = async <E extends { readonly message: string }, A>(
  work: TaskEither<E, A>,
): Promise<A> => {
  const result = await work()
  if (E.isLeft(result)) throw new Error(result.left.message)
  return result.right
}
