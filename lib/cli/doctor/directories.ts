import { accessSync, constants, lstatSync, readdirSync, type Stats, statSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import { SOCKET_FOLDER } from '../../domain/host.js'
// What a plugin itself would say of a directory: the rules stand in one place.
import { dataPlaces, judgeDataDirectory } from '../../kv/data-directory.js'
import { judgeDirectory } from '../../transport/socket-file/socket-directory.js'
import { type Finding, type Reporter, reporter } from './finding.js'

type Environment = Readonly<Record<string, string | undefined>>

/**
 * Where the sockets of plugins are: beside the one that the environment names, or where hosts keep
 * them.
 */
export const socketsDirectory = (env: Environment): string =>
  env.TORU_PLUGIN_SOCKET ? dirname(resolve(env.TORU_PLUGIN_SOCKET)) : SOCKET_FOLDER

/** Whether plugins can make their sockets in a directory, and nobody else can replace them. */
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

/** Whether plugins can keep data, where, and whether nobody else can change what they have kept. */
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
            `no directory for data can be written to: ${places.join(', ')}`,
            'Set TORU_DATA_DIR to a directory of your own.',
          ),
        ]
      : [report.ok(`data goes to ${usable}/<plugin id>`)]),
    ...places.flatMap(place => [
      ...safety(report, place, true),
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

/** Directories of plugins; files in between are somebody else's. */
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

/**
 * A plugin says what is wrong and what to do in one message, of which the second part begins with
 * the command.
 */
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
