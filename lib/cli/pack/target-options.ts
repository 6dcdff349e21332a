import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { NATIVE_SYSTEMS } from '../../kv/sqlite/driver/native-system.js'
import { type CliError, usageError } from '../cli-error.js'
import { isAtLeast, OLDEST_NODE } from '../node-version.js'

/** What `uname -m` and others call an architecture of Node.js. */
const ALIASES: Readonly<Record<string, string>> = { x86_64: 'x64', amd64: 'x64', aarch64: 'arm64' }

/**
 * The systems that are named with `--arch`, each once. `x64` is `linux-x64-gnu`, and `x64-musl` is
 * `linux-x64-musl`; one option may name several, separated by commas.
 */
export const systemsOf = (
  given: ReadonlyArray<string>,
): E.Either<CliError, ReadonlyArray<string>> =>
  pipe(
    given.flatMap(text => text.split(',')).map(text => text.trim()),
    E.traverseArray(systemOf),
    E.map(systems => [...new Set(systems)]),
  )

const systemOf = (text: string): E.Either<CliError, string> => {
  const [arch = '', ...libc] = text.replace(/^linux-/, '').split('-')
  const name = ['linux', ALIASES[arch] ?? arch, ...libc].join('-')
  return pipe(
    NATIVE_SYSTEMS.find(system => system === name || system.startsWith(`${name}-`)),
    E.fromNullable(
      usageError(
        `--arch ${text}: expected x64, arm64 or arm for a system with glibc, or one of ` +
          NATIVE_SYSTEMS.join(', '),
        'uname -m prints the architecture of a server. Alpine Linux has musl.',
      ),
    ),
  )
}

/** The first release with SQLite, and that of the line beside it. */
const SQLITE = '22.13'
const SQLITE_23 = '23.4'

/** Whether a Node.js of a version has SQLite. */
export const hasSqlite = (version: string): boolean =>
  isAtLeast(version, version.startsWith('23.') ? SQLITE_23 : SQLITE)

/** The version that is meant where only the first number is given. */
const MEANT: Readonly<Record<string, string>> = { 20: '20.19', 22: SQLITE, 23: SQLITE_23 }

/**
 * The oldest Node.js that a file is for, as `--node` names it. `20` is 20.19, the oldest that
 * plugins run on; `22` is 22.13, the first with SQLite; any other single number is its first
 * release.
 */
export const oldestNodeOf = (text: string): E.Either<CliError, string> => {
  const version = MEANT[text] ?? (/^\d+$/.test(text) ? `${text}.0` : text)
  return /^\d+\.\d+(\.0)?$/.test(version) && isAtLeast(version, OLDEST_NODE)
    ? E.right(version)
    : E.left(
        usageError(
          `--node ${text}: expected the oldest Node.js of the servers, 20.19 or newer`,
          'For example: --node 22. Without the option the file runs on every Node.js from 20.19.',
        ),
      )
}

/** The options that say which servers a file is for, as they are given. */
export interface TargetOptions {
  readonly node?: string
  readonly arch?: ReadonlyArray<string>
  readonly standalone: boolean
}

/** The same, read. Without `arch` a file is for this system. */
export interface Targets {
  readonly node: string
  readonly arch: ReadonlyArray<string> | undefined
}

/** The targets if no option is given. */
export const DEFAULT_TARGETS: Targets = { node: OLDEST_NODE, arch: undefined }

/** Reads the options. A standalone program is for this system, and has its Node.js in it. */
export const targetsOf = ({
  node = DEFAULT_TARGETS.node,
  arch,
  standalone,
}: TargetOptions): E.Either<CliError, Targets> =>
  standalone && (arch !== undefined || node !== DEFAULT_TARGETS.node)
    ? E.left(
        usageError(
          'a standalone program has this Node.js in it and is for this system: --node and --arch ' +
            'do not go with --standalone',
          'Pack on the kind of system that the servers have.',
        ),
      )
    : pipe(
        E.Do,
        E.apS('node', oldestNodeOf(node)),
        E.apS('arch', arch === undefined ? E.right(undefined) : systemsOf(arch)),
      )
