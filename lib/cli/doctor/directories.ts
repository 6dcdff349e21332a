import { accessSync, constants, lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { ID_PATTERN, SOCKET_FOLDER } from '../../domain/host.js'
// A plugin's own rules.
import { dataPlaces, judgeDataDirectory } from '../../kv/data-directory.js'
import { judgeDirectory } from '../../transport/socket-file/socket-directory.js'
import { commandLine } from '../guess.js'
import { type Finding, type Reporter, reporter } from './finding.js'

type Environment = Readonly<Record<string, string | undefined>>

/** The directory of the sockets: that of `TORU_PLUGIN_SOCKET`, or the host's. */
export const socketsDirectory = (env: Environment): string =>
  env.TORU_PLUGIN_SOCKET ? dirname(resolve(env.TORU_PLUGIN_SOCKET)) : SOCKET_FOLDER

/** Checks that plugins can make sockets in a directory, and that nobody else can replace them. */
export const socketDirectoryFindings = (directory: string): ReadonlyArray<Finding> => {
  const report = reporter('sockets')
  const found = entryAt(directory)
  if (found === undefined)
    return [report.ok(`${directory} does not exist: the first plugin makes it`)]
  if (!found.target.isDirectory())
    return [report.error(`${directory} is not a directory`, 'Move it away.')]
  const us = process.geteuid?.() ?? found.target.uid
  return pipe(
    judgeDirectory(directory, found.name, found.target, us),
    E.match(
      ({ message }) => [judged(report.error, message)],
      warnings =>
        canWrite(directory)
          ? [
              report.ok(`${directory} is safe for sockets`),
              ...warnings.map(text => judged(report.warning, text)),
            ]
          : [
              report.error(
                `${directory} cannot be written to by user ${us}`,
                `sudo chown ${us} ${directory}`,
              ),
            ],
    ),
  )
}

/** Checks that plugins can keep data, and that nobody else can change it. */
export const dataDirectoryFindings = (
  env: Environment,
  home: string | undefined,
): ReadonlyArray<Finding> => {
  const report = reporter('data')
  const places = dataPlaces(env, home)
  const usable = places.find(canWriteOrMake)
  return [
    ...(usable === undefined
      ? [
          report.error(
            `none of the directories for data is writable: ${places.join(', ')}`,
            'Set TORU_DATA_DIR to a directory of your own.',
          ),
        ]
      : [report.ok(`data goes to ${usable}/<plugin id>`)]),
    ...places.flatMap(place => [
      ...safety(report, place, true),
      ...filesIn(place).map(path =>
        report.error(
          `${path} is a file, and the plugin ${basename(path)} keeps its data in a folder there`,
          commandLine(['mv', path, `${path}.old`]),
        ),
      ),
      ...childrenOf(place).flatMap(child => safety(report, join(place, child), false)),
    ]),
  ]
}

const safety = (report: Reporter, path: string, isPlace: boolean): ReadonlyArray<Finding> => {
  const found = entryAt(path)
  if (found === undefined) return []
  const verdict = judgeDataDirectory(path, isPlace, found.name, found.target)
  return E.isLeft(verdict) ? [judged(report.error, verdict.left.message)] : []
}

/** Files that have the name of a plugin's directory. */
const filesIn = (place: string): ReadonlyArray<string> =>
  E.getOrElse((): ReadonlyArray<string> => [])(
    E.tryCatch(
      () =>
        readdirSync(place, { withFileTypes: true })
          .filter(entry => entry.isFile() && ID_PATTERN.test(entry.name))
          .map(({ name }) => join(place, name)),
      E.toError,
    ),
  )

/** The directories of plugins. */
const childrenOf = (place: string): ReadonlyArray<string> =>
  E.getOrElse((): ReadonlyArray<string> => [])(
    E.tryCatch(
      () =>
        readdirSync(place, { withFileTypes: true })
          .filter(entry => entry.isDirectory())
          .map(({ name }) => name),
      E.toError,
    ),
  )

/** Splits a plugin's own message into what is wrong and what to do. */
const judged = (level: Reporter['error'], message: string): Finding => {
  const mend = /(?:Run `|Set TORU_|Move it away)/.exec(message)
  return mend === null
    ? level(message, 'Use another directory.')
    : level(message.slice(0, mend.index).trimEnd(), message.slice(mend.index))
}

interface Found {
  readonly name: Stats
  readonly target: Stats
}

const entryAt = (path: string): Found | undefined => {
  const found = E.tryCatch(() => ({ name: lstatSync(path), target: statSync(path) }), E.toError)
  return E.isRight(found) ? found.right : undefined
}

const canWrite = (path: string): boolean =>
  E.isRight(E.tryCatch(() => accessSync(path, constants.W_OK | constants.X_OK), E.toError))

const canWriteOrMake = (path: string): boolean => {
  const found = entryAt(path)
  return found === undefined
    ? dirname(path) !== path && canWriteOrMake(dirname(path))
    : found.target.isDirectory() && canWrite(path)
}
