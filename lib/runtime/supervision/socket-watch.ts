import { lstatSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { Logger } from '../../domain/context.js'
import type { PluginError } from '../../domain/plugin-error.js'
import type { SocketFile } from '../../transport/socket-file/socket-file.js'

/** How often the file is checked, in milliseconds. */
const CHECK_EVERY = 1_000

/**
 * How many checks in a row must find the socket of another process: whoever removes stale sockets
 * moves a file aside for a moment.
 */
const CHECKS_TAKEN = 2

/**
 * How many checks in a row must find no file. A host removes the file before it starts a successor
 * and gives that 2 s to listen; the path must be free for so long.
 */
const CHECKS_MISSING = 3

/** What the watch of a socket's file needs. */
export interface SocketWatchOptions {
  readonly file: SocketFile
  /** Listens at the same path once more. */
  readonly listenAgain: TaskEither<PluginError, SocketFile>
  /** Whether the process that started the plugin still runs. */
  readonly hostAlive: () => boolean
  /** Stops the plugin. */
  readonly stop: (reason: string) => void
  readonly log: Logger
}

/** The watch of a socket's file. */
export interface SocketWatch {
  /** Ends the watch, and removes the file if it is still this plugin's. */
  remove(): void
  /** Ends the watch. */
  stop(): void
}

/** What a check finds at the path, and how many checks in a row have found the same. */
interface Findings {
  readonly found: 'own' | 'taken' | 'missing'
  readonly checks: number
}

const NONE: Findings = { found: 'own', checks: 0 }

const step = ({ found, checks }: Findings, now: Findings['found']): Findings => ({
  found: now,
  checks: now === found ? checks + 1 : 1,
})

/**
 * Notices within 5 s that the socket's file is not this plugin's any more, so that nobody can reach
 * it. A plugin whose path another process has taken, or whose host is gone, stops. If the file is
 * only missing, the plugin listens at the path again. The timer does not keep the process alive.
 */
export const watchSocket = ({
  file,
  listenAgain,
  hostAlive,
  stop,
  log,
}: SocketWatchOptions): SocketWatch => {
  let current = file
  let findings = NONE
  let lastFailure: string | undefined
  let stopped = false
  let listening = false

  const stopWatch = (): void => {
    stopped = true
    clearInterval(timer)
  }

  const check = (): void => {
    if (listening) return
    findings = step(findings, findingAt(current))
    switch (findings.found) {
      case 'own':
        return
      case 'taken':
        if (findings.checks >= CHECKS_TAKEN)
          stop(`another process has taken the socket’s name ${file.path}`)
        return
      case 'missing':
        if (!hostAlive()) stop(`the socket’s file ${file.path} was removed, and the host is gone`)
        else if (findings.checks >= CHECKS_MISSING) void recover()
    }
  }

  const recover = async (): Promise<void> => {
    listening = true
    const result = await listenAgain()
    listening = false
    if (E.isRight(result)) recovered(result.right)
    else failed(result.left.message)
  }

  const recovered = (next: SocketFile): void => {
    current = next
    findings = NONE
    lastFailure = undefined
    if (stopped) next.remove()
    else log.warn(`the socket’s file was removed; the plugin listens again on ${next.path}`)
  }

  // Every check tries again. A reason is logged once.
  const failed = (message: string): void => {
    if (message !== lastFailure)
      log.error(`the socket’s file was removed, and the plugin cannot listen again: ${message}`)
    lastFailure = message
  }

  const timer = setInterval(check, CHECK_EVERY)
  timer.unref()
  return {
    stop: stopWatch,
    remove: () => {
      stopWatch()
      current.remove()
    },
  }
}

/** A path that cannot be looked at counts as missing: nobody can connect to it either. */
const findingAt = (file: SocketFile): Findings['found'] => {
  if (file.owned()) return 'own'
  const entry = E.tryCatch(
    () => lstatSync(file.path),
    () => undefined,
  )
  return E.isRight(entry) ? 'taken' : 'missing'
}
