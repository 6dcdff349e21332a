import { HOST_ENABLE_TIMEOUT, HOST_START_TIMEOUT } from '../../domain/host.js'
import { E } from '../../fp.js'
import type { Clock } from '../clock.js'
import type { PluginState } from '../console-api.js'
import { endInWords, type Launch } from '../process/launch.js'
import type { PluginProcess } from '../process/plugin-process.js'
import type { Metadata } from './metadata.js'
import { type PluginStatus, statusOf } from './plugin-status.js'
import { afterDeath } from './restart-policy.js'

/** What a plugin needs of its host. */
export interface PluginPlace {
  readonly clock: Clock
  /** Whether the host has today's weaknesses on purpose. */
  readonly faithful: boolean
  /** Starts the process of a plugin on a path that no other process has had. */
  readonly spawn: (launch: Launch, id: string) => PluginProcess
  /** Sends `init`, which is not answered. */
  readonly init: (plugin: PluginProcess, id: string) => Promise<void>
  /** Sends `shutdown`. */
  readonly shutdown: (plugin: PluginProcess, id: string) => Promise<void>
  /** Is called after every change. */
  readonly changed: () => void
  /** Tells the author what happened. */
  readonly say: (kind: 'info' | 'warn' | 'error', text: string) => void
}

/** One plugin under the host's care. What is asked of it is done one after the other. */
export interface ManagedPlugin {
  readonly metadata: () => Metadata
  readonly launch: () => Launch
  readonly status: () => PluginStatus
  /** The path of the socket of the process that serves; none while nothing does. */
  readonly address: () => string | undefined
  /** Starts it with its host: waits 1 s for the socket, and sends `init` once that is there. */
  readonly start: () => Promise<E.Either<string, void>>
  /** Starts it because somebody said so: waits 2 s for the socket. */
  readonly enable: () => Promise<E.Either<string, void>>
  readonly disable: () => Promise<void>
  /** Ends it in order and starts it again. */
  readonly restart: () => Promise<E.Either<string, void>>
  /** SIGKILL to the process, to see it recover. */
  readonly kill: () => void
  /**
   * Puts a new version in the place of the one that runs, which goes on serving until the new one
   * listens, and for good if that does not. `first` ends the old one before the new one starts.
   */
  readonly replace: (
    launch: Launch,
    metadata: Metadata,
    first: 'new' | 'old',
  ) => Promise<E.Either<string, void>>
  /** Ends it for good: it is not started any more. */
  readonly stop: () => Promise<void>
}

/** How long a new version may take to listen. */
const REPLACE_PATIENCE = 10_000
/** How long a late socket is looked for. */
const LATE_PATIENCE = 600_000
/** How long a plugin may take to end after `shutdown`, after SIGTERM, and after SIGKILL. */
const SHUTDOWN_PATIENCE = 3_000
const TERM_PATIENCE = 2_000
const KILL_PATIENCE = 5_000

/** Takes care of a plugin, which does not run yet. */
export const managePlugin = (
  firstLaunch: Launch,
  firstMetadata: Metadata,
  place: PluginPlace,
): ManagedPlugin => {
  let launch = firstLaunch
  let metadata = firstMetadata
  let current: PluginProcess | undefined
  let [state, reason]: readonly [PluginState, string | null] = ['starting', null]
  let [restarts, streak] = [0, 0]
  let path = ''
  /** A new version that does not serve yet. */
  let candidate: PluginProcess | undefined
  let isOver = false
  let callOff = (): void => undefined
  let queue: Promise<unknown> = Promise.resolve()

  const become = (next: PluginState, why: string | null = null): void => {
    state = next
    reason = why
    place.changed()
  }
  const inTurn = <A>(work: () => Promise<A>): Promise<A> => {
    const result = queue.then(work)
    queue = result.catch(() => undefined)
    return result
  }

  const run = async (patience: number, withInit: boolean): Promise<E.Either<string, void>> => {
    callOff()
    if (isOver) return E.left(OVER)
    const started = place.spawn(launch, metadata.id)
    watch(started)
    become('starting')
    if (await started.socketWithin(patience)) {
      await listening(started, withInit)
      return E.right(undefined)
    }
    const end = started.end()
    if (end !== undefined) return E.left(started.lastWords())
    const late = `its socket was not there within ${patience / 1_000} s`
    place.say(
      'warn',
      place.faithful
        ? `${late}: it gets no init`
        : `${late}: today's host would have sent it no init. It is waited for.`,
    )
    become('starting', late)
    void started
      .socketWithin(LATE_PATIENCE)
      .then(there => (there ? listening(started, withInit && !place.faithful) : undefined))
    return E.right(undefined)
  }
  const listening = async (started: PluginProcess, withInit: boolean): Promise<void> => {
    if (withInit) await place.init(started, metadata.id)
    if (current === started && started.end() === undefined) become('running')
  }

  /**
   * Makes a process the one that serves, and does something about its death unless it was asked
   * for.
   */
  const watch = (started: PluginProcess): void => {
    current = started
    path = started.path
    void started.ended.then(end => {
      if (current !== started) return
      const how = endInWords(end)
      if (place.faithful) {
        place.say('error', `${started.lastWords()}. Today's host does not start it again.`)
        return become('failed', how)
      }
      current = undefined
      const decision =
        end.error === undefined
          ? afterDeath(streak, place.clock.now() - started.startedAt, end.code)
          : undefined
      if (decision?._tag !== 'Restart') {
        const why = decision === undefined ? how : `${decision.why}; ${started.lastWords()}`
        place.say('error', `${why}. It is not started again.`)
        return become('failed', why)
      }
      streak = decision.streak
      place.say(
        'error',
        `${started.lastWords()}. It is started again in ${decision.after / 1_000} s.`,
      )
      callOff = place.clock.after(decision.after, () => {
        void inTurn(async () => {
          if (state !== 'restarting') return
          restarts++
          await run(HOST_START_TIMEOUT, true)
        })
      })
      become('restarting', `${how}; it is started again in ${decision.after / 1_000} s`)
    })
  }

  const end = async (old: PluginProcess | undefined): Promise<void> => {
    if (old === undefined || old.end() !== undefined) return
    if (!place.faithful) {
      await place.shutdown(old, metadata.id)
      if (await old.endWithin(SHUTDOWN_PATIENCE)) return
      place.say('warn', `it did not end within ${SHUTDOWN_PATIENCE / 1_000} s of shutdown: SIGTERM`)
      old.signal('SIGTERM')
      if (await old.endWithin(TERM_PATIENCE)) return
      place.say('warn', `it did not end within ${TERM_PATIENCE / 1_000} s of SIGTERM: SIGKILL`)
    }
    old.signal('SIGKILL')
    await old.endWithin(KILL_PATIENCE)
  }
  const endCurrent = (): Promise<void> => {
    callOff()
    const old = current
    current = undefined
    return end(old)
  }

  const replaced = async (
    next: Launch,
    nextMetadata: Metadata,
    first: 'new' | 'old',
  ): Promise<E.Either<string, void>> => {
    if (state === 'disabled') {
      ;[launch, metadata] = [next, nextMetadata]
      return E.right(undefined)
    }
    const [oldLaunch, oldMetadata] = [launch, metadata]
    if (first === 'old') await endCurrent()
    if (isOver) return E.left(OVER)
    const started = place.spawn(next, nextMetadata.id)
    candidate = started
    const isUp = await started.socketWithin(REPLACE_PATIENCE)
    candidate = undefined
    if (!isUp) {
      const why =
        started.end() === undefined
          ? `its socket was not there within ${REPLACE_PATIENCE / 1_000} s`
          : started.lastWords()
      started.signal('SIGKILL')
      await started.endWithin(KILL_PATIENCE)
      ;[launch, metadata] = [oldLaunch, oldMetadata]
      if (first === 'old') await run(HOST_START_TIMEOUT, true)
      return E.left(`the new version does not start: ${why}`)
    }
    await place.init(started, nextMetadata.id)
    callOff()
    const old = current
    ;[launch, metadata] = [next, nextMetadata]
    ;[restarts, streak] = [0, 0]
    watch(started)
    become('running')
    await end(old)
    return E.right(undefined)
  }

  return {
    metadata: () => metadata,
    launch: () => launch,
    status: () => statusOf(place.faithful, { state, reason, restarts, current, path }),
    address: () => (state === 'disabled' ? undefined : current?.path),
    start: () => inTurn(() => run(HOST_START_TIMEOUT, true)),
    enable: () =>
      inTurn(async () => {
        // Today's host does not notice that a plugin has died: for it that runs until somebody
        // disables it.
        if (
          state !== 'disabled' &&
          current !== undefined &&
          (place.faithful || current.end() === undefined)
        )
          return E.right(undefined)
        ;[restarts, streak] = [0, 0]
        return run(HOST_ENABLE_TIMEOUT, !place.faithful)
      }),
    disable: () =>
      inTurn(async () => {
        // The requests that come from now on are refused, while it ends.
        become('disabled')
        await endCurrent()
        place.changed()
      }),
    restart: () =>
      inTurn(async () => {
        await endCurrent()
        ;[restarts, streak] = [0, 0]
        return run(HOST_ENABLE_TIMEOUT, !place.faithful)
      }),
    kill: () => current?.signal('SIGKILL'),
    replace: (next, nextMetadata, first) => inTurn(() => replaced(next, nextMetadata, first)),
    stop: () => {
      isOver = true
      callOff()
      candidate?.signal('SIGKILL')
      return inTurn(async () => {
        await endCurrent()
      })
    },
  }
}

const OVER = 'the host ends'
