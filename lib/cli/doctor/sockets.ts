import { lstatSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type Finding, reporter } from './finding.js'

const { ok, warning } = reporter('stale sockets')

/** The sockets in a directory whose plugins are gone. */
export const staleSockets = async (directory: string): Promise<ReadonlyArray<Finding>> => {
  const paths = socketsIn(directory)
  const answers = await Promise.all(paths.map(answerOf))
  const stale = paths.filter((_, index) => answers[index] === 'ECONNREFUSED')
  if (stale.length === 0)
    return [ok(`${paths.length} sockets in ${directory}, none of a dead plugin`)]
  return stale.map(path => warning(`nobody listens on ${path}: its plugin is gone`, `rm ${path}`))
}

const socketsIn = (directory: string): ReadonlyArray<string> =>
  E.getOrElse((): ReadonlyArray<string> => [])(
    E.tryCatch(
      () =>
        readdirSync(directory)
          .map(name => join(directory, name))
          .filter(path => lstatSync(path, { throwIfNoEntry: false })?.isSocket()),
      E.toError,
    ),
  )

const PATIENCE = 1_000

/**
 * Only a refusal says that nobody listens: a plugin that is too busy, or another user's, answers
 * something else or nothing.
 */
const answerOf = (path: string): Promise<string | undefined> =>
  new Promise(resolve => {
    const socket = connect({ path })
    const settle = (answer: string | undefined): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => settle('late'), PATIENCE)
    socket.once('connect', () => settle('connected'))
    socket.on('error', (cause: NodeJS.ErrnoException) => settle(cause.code))
  })
