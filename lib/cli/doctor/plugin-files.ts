import { accessSync, constants, existsSync, lstatSync, readdirSync, statSync } from 'node:fs'
import { basename, dirname, join, relative, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { BINARY_SUFFIX, binaryName } from '../../domain/host.js'
import { isRunning } from '../../domain/is-running.js'
import type { Metadata } from '../../plugin-process/metadata.js'
import { commandLine } from '../guess.js'
import { metadataAt } from '../install/plugins-folder.js'
import { findProject } from '../pack/project.js'
import { type Finding, reporter } from './finding.js'

const { ok, warning, error } = reporter('plugins')

/**
 * Checks the packed plugins in a folder, in its `plugins` and in its `packed`: whether a host takes
 * each of them, and whether an old file is in the way of one.
 */
export const pluginFindings = async (directory: string): Promise<ReadonlyArray<Finding>> => {
  const folders = ['.', 'plugins', 'packed']
    .map(name => resolve(directory, name))
    .filter(folder => namesIn(folder).some(isBinary))
  const findings = await Promise.all(folders.map(folderFindings))
  return [...findings.flat(), ...outdated(resolve(directory))]
}

const isBinary = (name: string): boolean => name.endsWith(BINARY_SUFFIX) && !name.startsWith('.')

const namesIn = (folder: string): ReadonlyArray<string> =>
  E.getOrElse((): ReadonlyArray<string> => [])(
    E.tryCatch(() => readdirSync(folder).sort(), E.toError),
  )

const isFolder = (path: string): boolean =>
  statSync(path, { throwIfNoEntry: false })?.isDirectory() === true

interface Plugin {
  readonly file: string
  readonly metadata: Metadata
}

const folderFindings = async (folder: string): Promise<ReadonlyArray<Finding>> => {
  const files = namesIn(folder)
    .filter(isBinary)
    .map(name => join(folder, name))
  const read = await Promise.all(files.map(pluginAt))
  const plugins = read.flatMap(one => (E.isRight(one) ? [one.right] : []))
  const problems = [
    ...read.flatMap(one => (E.isLeft(one) ? [one.left] : [])),
    ...plugins.flatMap(one => conflicts(one, plugins)),
    ...plugins.flatMap(one => besidesOf(folder, one)),
    ...leftovers(folder),
  ]
  return problems.length > 0
    ? problems
    : [ok(`a host can use all of ${plugins.length} plugins in ${folder}`)]
}

const pluginAt = async (file: string): Promise<E.Either<Finding, Plugin>> => {
  if (isFolder(file)) return E.left(error(`${file} is a folder, and a host skips it`, move(file)))
  if (E.isLeft(E.tryCatch(() => accessSync(file, constants.X_OK), E.toError)))
    return E.left(
      error(`${file} is not executable, and a host skips it`, commandLine(['chmod', '+x', file])),
    )
  const metadata = await metadataAt(file, dirname(file))()
  return E.isRight(metadata)
    ? E.right({ file, metadata: metadata.right })
    : E.left(
        error(
          `${file} is no plugin that a host can use: ${metadata.left}`,
          commandLine(['toru-plugin', 'check', file]),
        ),
      )
}

const move = (path: string): string => commandLine(['mv', path, `${path}.old`])

/** The older of two plugins that a host cannot have at once is in the way of the newer one. */
const conflicts = (
  { file, metadata }: Plugin,
  all: ReadonlyArray<Plugin>,
): ReadonlyArray<Finding> =>
  all
    .filter(other => other.file !== file && isOlder(other.file, file))
    .flatMap(other => {
      if (other.metadata.id === metadata.id)
        return [
          error(
            `${other.file} and ${file} are both the plugin ${metadata.id}: a host takes one of them`,
            `If the older one is not wanted: ${commandLine(['rm', other.file])}`,
          ),
        ]
      return other.metadata.route === metadata.route
        ? [
            error(
              `${other.metadata.id} and ${metadata.id} have the same route ${metadata.route}, and only one gets its requests`,
              `If the older one is not wanted: ${commandLine(['rm', other.file])}`,
            ),
          ]
        : []
    })

const isOlder = (a: string, b: string): boolean => {
  const [left, right] = [statSync(a).mtimeMs, statSync(b).mtimeMs]
  return left < right || (left === right && a < b)
}

/** What is beside a plugin: its own folder. */
const besidesOf = (folder: string, { file, metadata: { id } }: Plugin): ReadonlyArray<Finding> => {
  const own = join(folder, id)
  const packages = join(own, 'node_modules')
  const previous = join(own, 'previous')
  return [
    ...(basename(file) === binaryName(id)
      ? []
      : [
          warning(
            `${file} is the plugin ${id}, and toru-plugin install looks for ${binaryName(id)}`,
            commandLine(['mv', file, join(folder, binaryName(id))]),
          ),
        ]),
    ...(existsSync(own) && !isFolder(own)
      ? [error(`${own} is a file, and the frontend of ${id} needs a folder there`, move(own))]
      : []),
    ...(existsSync(packages)
      ? [
          warning(
            `${packages} is of a plugin packed earlier: today the one file has all that it needs`,
            `Install ${id} again, then: ${commandLine(['rm', '-r', packages])}`,
          ),
        ]
      : []),
    ...(existsSync(previous) && !existsSync(join(previous, 'binary'))
      ? [
          warning(
            `${previous} has no version of ${id} to go back to, and keeps the next from being kept`,
            commandLine(['rm', '-r', previous]),
          ),
        ]
      : []),
  ]
}

/** What an installation has left that was killed. */
const leftovers = (folder: string): ReadonlyArray<Finding> =>
  namesIn(folder).flatMap(name => {
    const [, pid] = /^\..+\.(\d+)-[0-9a-f]{8}\.new$/.exec(name) ?? []
    return pid === undefined || isRunning(Number(pid))
      ? []
      : [
          warning(
            `${join(folder, name)} is half of a plugin, whose installation was killed`,
            commandLine(['rm', '-r', join(folder, name)]),
          ),
        ]
  })

/** A packed plugin that is older than what it was packed from. */
const outdated = (directory: string): ReadonlyArray<Finding> => {
  const project = findProject(directory)
  if (E.isLeft(project)) return []
  const sources = ['src', 'frontend'].flatMap(name => sourcesIn(join(directory, name)))
  const newest = Math.max(0, ...sources.map(file => lstatSync(file).mtimeMs))
  return namesIn(join(directory, 'packed'))
    .filter(isBinary)
    .map(name => join(directory, 'packed', name))
    .filter(file => lstatSync(file).mtimeMs < newest)
    .map(file =>
      warning(
        `${file} is older than ${relative(directory, sources.find(source => lstatSync(source).mtimeMs === newest) ?? '')}, so it is not what you wrote last`,
        commandLine(['toru-plugin', 'pack', relative(process.cwd(), directory) || '.']),
      ),
    )
}

const sourcesIn = (folder: string): ReadonlyArray<string> =>
  E.getOrElse((): ReadonlyArray<string> => [])(
    E.tryCatch(
      () =>
        readdirSync(folder, { recursive: true, encoding: 'utf8' })
          .filter(name => /(?<!\.test)\.(tsx?|css)$/.test(name))
          .map(name => join(folder, name)),
      E.toError,
    ),
  )
