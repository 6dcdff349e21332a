import { lstatSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Logger } from '../../domain/context.js'
import type { PluginError } from '../../domain/plugin-error.js'
import type { SocketFile } from '../../transport/socket-file/socket-file.js'

/** How often the file is looked at, in milliseconds. */
const LOOK_EVERY = 1_000

/**
 * For how many looks one after the other the name must have been another's: whoever takes stale
 * sockets away moves a file aside for a moment.
 */
const LOOKS_TAKEN = 2

/**
 * For how many it must have been missing: a host removes the file before it starts a successor,
 * gives that 2 s to listen, and the name is to be free for so long.
 */
const LOOKS_GONE = 3

/** What watching a socket's file needs. */
export interface SocketWatchOptions {
  readonly file: SocketFile
  /** Listens at the same path once more. */
  readonly listenAgain: TaskEither<PluginError, SocketFile>
  /** Whether whoever started the plugin is still there. */
  readonly hostIsThere: () => boolean
  readonly stop: (reason: string) => void
  readonly log: Logger
}

/** A socket's file that is watched. */
export interface SocketWatch {
  /** Ends the watch, and removes the file if it is still this plugin's. */
  remove(): void
  /** Ends the watch. */
  end(): void
}

/**
 * Notices within 5 s that the socket's file is not this plugin's any more, and so that nobody can
 * reach it. A plugin whose name another process has taken, or whose host is gone, stops; where the
 * file is only missing it listens at the path again. Keeps no process alive.
 */
export const watchSocket = ({
  file,
  listenAgain,
  hostIsThere,
  stop,
  log,
}: SocketWatchOptions): SocketWatch => {
  let current = file
  let taken = 0
  let gone = 0
  let said: string | undefined
  let ended = false
  let listening = false

  const end = (): void => {
    ended = true
    clearInterval(timer)
  }

  const look = (): void => {
    if (listening) return
    const lost = !current.owned()
    const occupied = lost && isOccupied(file.path)
    taken = occupied ? taken + 1 : 0
    gone = lost && !occupied ? gone + 1 : 0
    if (taken >= LOOKS_TAKEN) stop(`another process has taken the socket’s name ${file.path}`)
    else if (gone > 0 && !hostIsThere())
      stop(`the socket’s file ${file.path} was removed, and the host is gone`)
    else if (gone >= LOOKS_GONE) again()
  }

  const again = async (): Promise<void> => {
    listening = true
    const next = await listenAgain()
    listening = false
    if (E.isRight(next)) listens(next.right)
    else refused(next.left.message)
  }

  const listens = (next: SocketFile): void => {
    current = next
    gone = 0
    said = undefined
    if (ended) next.remove()
    else log.warn(`the socket’s file was removed; the plugin listens again on ${next.path}`)
  }

  // It is tried again at every look: the same reason is said once.
  const refused = (message: string): void => {
    if (message !== said)
      log.error(`the socket’s file was removed, and the plugin cannot listen again: ${message}`)
    said = message
  }

  const timer = setInterval(look, LOOK_EVERY)
  timer.unref()
  return {
    end,
    remove: () => {
      end()
      current.remove()
    },
  }
}

/**
 * Whether something is seen to stand at a path. Where nobody can look there is nothing that anybody
 * could connect to either.
 */
const isOccupied = (path: string): boolean =>
  E.isRight(
    E.tryCatch(
      () => lstatSync(path),
      () => undefined,
    ),
  )
