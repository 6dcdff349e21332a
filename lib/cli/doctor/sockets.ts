import { lstatSync, readdirSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { commandLine } from '../guess.js'
import { type Finding, reporter } from './finding.js'

const { ok, warning } = reporter('stale sockets')

/** Finds sockets whose plugins are gone. */
export const staleSockets = async (directory: string): Promise<ReadonlyArray<Finding>> => {
  const paths = socketsIn(directory)
  const answers = await Promise.all(paths.map(answerOf))
  const stale = paths.filter((_, index) => answers[index] === 'ECONNREFUSED')
  const blocked = notSocketsIn(directory).map(path =>
    reporter('sockets').error(
      `${path} is no socket, and its plugin cannot listen there`,
      commandLine(['mv', path, `${path}.old`]),
    ),
  )
  return stale.length === 0
    ? [...blocked, ok(`${paths.length} sockets in ${directory}, none of them stale`)]
    : [
        ...blocked,
        ...stale.map(path =>
          warning(`nobody listens on ${path}: its plugin is gone`, commandLine(['rm', path])),
        ),
      ]
}

const socketsIn = (directory: string): ReadonlyArray<string> =>
  namesIn(directory).filter(path => isSocket(path))

/** What has the name of a socket, and is none. */
const notSocketsIn = (directory: string): ReadonlyArray<string> =>
  namesIn(directory).filter(path => path.endsWith('.sock') && !isSocket(path))

const isSocket = (path: string): boolean =>
  lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true

const namesIn = (directory: string): ReadonlyArray<string> =>
  E.getOrElse((): ReadonlyArray<string> => [])(
    E.tryCatch(() => readdirSync(directory).map(name => join(directory, name)), E.toError),
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
