import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'

/** The top of the repository: compiled specs run from `dist/spec`. */
export const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** What an author's project installs beside the package. */
const DEPENDENCIES = [
  'fp-ts',
  'io-ts',
  'io-ts-types',
  'monocle-ts',
  'newtype-ts',
  'reflect-metadata',
  'pino',
  'libsql',
  '@types/node',
  'tslib',
  'keyv',
  '@keyv',
  'commander',
  '@clack',
  'picocolors',
  'esbuild',
  // The executables of the development dependencies.
  '.bin',
]

const run = promisify(execFile)

/** What a command wrote and how it ended. */
export interface Ran {
  readonly code: number
  readonly stdout: string
  readonly stderr: string
}

/** Runs a command and waits for its end, whatever that is. */
export const command = (file: string, args: ReadonlyArray<string>, cwd: string): Promise<Ran> =>
  run(file, [...args], { cwd, timeout: 60_000 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: typeof error.code === 'number' ? error.code : -1,
      stdout: error.stdout ?? '',
      stderr: error.stderr ?? String(error),
    }),
  )

/** An executable of a development dependency. */
export const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name)

/** Packs this package as `npm pack` does, without building it again. */
export const pack = async (): Promise<{ readonly folder: string; readonly tarball: string }> => {
  const folder = await mkdtemp(join(tmpdir(), 'toru-pack-'))
  const { code, stdout, stderr } = await command(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    ROOT,
  )
  if (code !== 0) throw new Error(`npm pack failed: ${stderr}`)
  const packed: unknown = JSON.parse(stdout)
  const [only] = Array.isArray(packed) ? packed : Object.values(packed ?? {})
  return { folder, tarball: join(folder, String((only as { filename: string }).filename)) }
}

/**
 * A project of an author outside the repository, with the packed package and its dependencies
 * installed.
 */
export const makeProject = async (
  tarball: string,
  manifest: object,
  files: Readonly<Record<string, string>>,
): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'toru-project-'))
  await installPacked(folder, tarball)
  await writeFile(
    join(folder, 'package.json'),
    JSON.stringify({ name: 'authors-project', private: true, ...manifest }),
  )
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text)
  return folder
}

/**
 * What `npm install` would do in a project, without a registry: the packed package and its
 * dependencies.
 */
export const installPacked = async (folder: string, tarball: string): Promise<void> => {
  const installed = join(folder, 'node_modules', 'toru-plugin-api')
  await mkdir(installed, { recursive: true })
  await mkdir(join(folder, 'node_modules', '@types'))
  const { code, stderr } = await command(
    'tar',
    ['-xzf', tarball, '--strip-components=1', '-C', installed],
    folder,
  )
  if (code !== 0) throw new Error(`the package could not be unpacked: ${stderr}`)
  for (const name of DEPENDENCIES.filter(name => existsSync(join(ROOT, 'node_modules', name))))
    await symlink(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name))
}

/** The text of a fixture of `spec/fixtures/projects`. */
export const fixture = (name: string): Promise<string> =>
  readFile(join(ROOT, 'spec', 'fixtures', 'projects', name), 'utf8')

/** Removes what a test made. */
export const remove = (folder: string): Promise<void> =>
  rm(folder, { recursive: true, force: true })
