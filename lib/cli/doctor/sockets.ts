import { lstatSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { type Finding, reporter } from './finding.js'

const { ok, warning } = reporter('stale sockets')

/** Finds sockets whose plugins are gone. */
export const staleSockets = async (directory: string): Promise<ReadonlyArray<Finding>> => {
  const paths = socketsIn(directory)
  const answers = await Promise.all(paths.map(answerOf))
  const stale = paths.filter((_, index) => answers[index] === 'ECONNREFUSED')
  if (stale.length === 0) return [ok(`${paths.length} sockets in ${directory}, none of them stale`)]
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

const TIMEOUT = 1_000

/**
 * The error code of a connection. Only ECONNREFUSED means that nobody listens: a busy plugin, or
 * that of another user, gives something else.
 */
const answerOf = (path: string): Promise<string | undefined> =>
  new Promise(resolve => {
    const socket = connect({ path })
    const settle = (answer: string | undefined): void => {
      clearTimeout(timer)
      socket.destroy()
      resolve(answer)
    }
    const timer = setTimeout(() => settle('late'), TIMEOUT)
    socket.once('connect', () => settle('connected'))
    socket.on('error', (cause: NodeJS.ErrnoException) => settle(cause.code))
  })
