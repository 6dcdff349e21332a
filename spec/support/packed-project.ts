import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, symlink, writeFile } from 'node:fs/promises'
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
  'jsonc-parser',
  'leven',
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
  run(file, [...args], { cwd, timeout: 240_000 }).then(
    ({ stdout, stderr }) => ({ code: 0, stdout, stderr }),
    (error: { code?: number; stdout?: string; stderr?: string }) => ({
      code: typeof error.code === 'number' ? error.code : -1,
      stdout: error.stdout ?? '',
      stderr: error.stderr ?? String(error),
    }),
  )

/** An executable of a development dependency. */
export const bin = (name: string): string => join(ROOT, 'node_modules', '.bin', name)

/** This package as an author gets it. */
export interface PackedPackage {
  /** What `npm pack` makes. */
  readonly tarball: string
  /** A folder in whose `node_modules` that is installed, with its dependencies. */
  readonly place: string
}

/** Packs this package, without building it again, and installs it in a folder. */
export const packInto = async (folder: string): Promise<PackedPackage> => {
  const { code, stdout, stderr } = await command(
    'npm',
    ['pack', '--ignore-scripts', '--json', '--pack-destination', folder],
    ROOT,
  )
  if (code !== 0) throw new Error(`npm pack failed: ${stderr}`)
  const packed: unknown = JSON.parse(stdout)
  const [only] = Array.isArray(packed) ? packed : Object.values(packed ?? {})
  const tarball = join(folder, String((only as { filename: string }).filename))
  await installPacked(folder, tarball)
  return { tarball, place: folder }
}

/** The variable in which `spec/run.ts` says where the package is packed, for all specs of a run. */
export const PACKED = 'TORU_SPEC_PACKED'

let packed: Promise<PackedPackage> | undefined

/** The package, packed for all specs of a run, or else for this one. */
export const packedPackage = (): Promise<PackedPackage> => {
  const { [PACKED]: shared } = process.env
  packed ??=
    shared === undefined
      ? mkdtemp(join(tmpdir(), 'toru-pack-')).then(packInto)
      : Promise.resolve(JSON.parse(shared))
  return packed
}

/** A project of an author outside the repository, which finds the installed package above it. */
export const makeProject = async (
  manifest: object,
  files: Readonly<Record<string, string>>,
): Promise<string> => {
  const { place } = await packedPackage()
  const folder = await mkdtemp(join(place, 'project-'))
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
