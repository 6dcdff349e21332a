import { lstatSync, readdirSync, rmSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { HOST_ENABLE_TIMEOUT, HOST_START_TIMEOUT } from '../../../domain/host.js'
import { frame } from '../protocol/frame.js'
import { http } from '../protocol/message.js'
import { pause } from '../protocol/raw-connection.js'
import { type Fault, fault, NONE, restated } from '../report/finding.js'
import {
  type Case,
  ERROR,
  type FileContext,
  PROMISED,
  type StartedPlugin,
  started,
  WARNING,
} from '../run/case.js'

/** How many starts must all be too slow: the machine may be busy. */
const TRIES = 3
const KILL_TIMEOUT = 10_000
/** How long after its host a plugin ends, in milliseconds. */
const ORPHAN_TIMEOUT = 3_000
/** So many that a plugin that prints a kilobyte or two for each fills the pipe and its buffers. */
const REQUESTS_UNREAD = 300
const CONNECTIONS = 100
/** How long a slow plugin is asked again and again, in milliseconds. */
const TIME_LIMIT = 15_000

/** Waits until nobody listens: a process that the plugin started may outlive it for a moment. */
const untilSilent = async (context: FileContext, plugin: StartedPlugin): Promise<void> => {
  const deadline = performance.now() + ORPHAN_TIMEOUT
  for (;;) {
    const connection = await context.client(plugin).dial()
    if (E.isLeft(connection) || performance.now() > deadline) return
    connection.right.close()
    await pause(50)
  }
}

const startAgain = async (context: FileContext, path: string): Promise<ReadonlyArray<Fault>> => {
  const second = await context.start({ path })
  return E.isLeft(second) ? [second.left] : context.client(second.right).expectAnswer()
}

/** Starting, starting again, and what a process keeps. */
export const startCases: ReadonlyArray<Case> = [
  {
    id: 'start-socket',
    title: 'it listens on the socket that TORU_PLUGIN_SOCKET names',
    levels: ERROR,
    after: ['file-executable'],
    needs: 'file',
    run: started(async () => NONE),
  },
  {
    id: 'start-time',
    title: 'the socket is there within a second of the start',
    levels: ERROR,
    after: ['start-socket'],
    needs: 'file',
    run: async context => {
      for (let tries = 1; tries < TRIES && context.fastestStart() > HOST_START_TIMEOUT; tries++) {
        const plugin = await context.start()
        if (E.isLeft(plugin)) return [plugin.left]
        await plugin.right.stop()
      }
      const best = context.fastestStart()
      return best <= HOST_START_TIMEOUT
        ? NONE
        : fault(
            `at most ${HOST_START_TIMEOUT} ms`,
            `${Math.round(best)} ms, the best of ${TRIES} starts`,
            'bind the socket before anything slow is done: the host waits ' +
              `${HOST_START_TIMEOUT / 1_000} s when it starts and ` +
              `${HOST_ENABLE_TIMEOUT / 1_000} s when it enables a plugin`,
          )
    },
  },
  {
    id: 'socket-permissions',
    title: 'other users may not write to the socket',
    levels: WARNING,
    after: ['start-socket', 'init-lost'],
    needs: 'shared',
    run: async ({ path }) => {
      const mode = (lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777
      const shown = `mode 0${mode.toString(8)}`
      const advice =
        'set umask 077 before bind, or chmod the socket to 0600: whoever can write to it ' +
        'is taken for the host'
      if ((mode & 0o002) !== 0) return fault('mode 0600', shown, advice)
      return (mode & 0o020) !== 0 ? fault('mode 0600', shown, advice, 'note') : NONE
    },
  },
  {
    id: 'restart',
    title: 'it starts again after kill -9, at the same path',
    levels: ERROR,
    after: ['request-id'],
    needs: 'file',
    run: started(async (plugin, context) => {
      plugin.signal('SIGKILL')
      await plugin.endWithin(KILL_TIMEOUT)
      // As the host does before every start.
      rmSync(plugin.path, { force: true })
      return startAgain(context, plugin.path)
    }),
  },
  {
    id: 'restart-stale-socket',
    title: 'it replaces the socket that it left behind when it was killed',
    levels: PROMISED,
    after: ['restart'],
    needs: 'file',
    run: started(async (plugin, context) => {
      plugin.signal('SIGKILL')
      await plugin.endWithin(KILL_TIMEOUT)
      await untilSilent(context, plugin)
      return restated(
        await startAgain(context, plugin.path),
        'a plugin that serves',
        'remove a socket at the path before bind if nobody answers on it: today the host ' +
          'does that only when it starts a plugin',
      )
    }),
  },
  {
    id: 'stdout-unread',
    title: 'it prints nothing on stdout, which nobody reads',
    levels: WARNING,
    after: ['many-connections'],
    needs: 'file',
    run: started(async (plugin, context) => {
      const client = context.client(plugin)
      let asked = 0
      let faults: ReadonlyArray<Fault> = NONE
      const deadline = performance.now() + TIME_LIMIT
      while (asked < REQUESTS_UNREAD && performance.now() < deadline && faults.length === 0) {
        asked++
        faults = await client.expectAnswer()
      }
      const [first] = faults
      const { first: printed, bytes } = await plugin.stdout()
      if (bytes === 0) return faults
      const advice =
        'log to stderr: the host does not read stdout, so what is printed there blocks the ' +
        'plugin or fills its memory'
      const text = JSON.stringify(printed.slice(0, 80))
      return first === undefined
        ? fault(
            'nothing on stdout',
            `${bytes} bytes after ${asked} requests, beginning with ${text}`,
            advice,
          )
        : fault(
            'an answer to every request while nobody reads stdout',
            `${first.got}, after ${asked} requests; it had printed ${text} and more`,
            advice,
            'error',
          )
    }, true),
  },
  {
    id: 'connection-leak',
    title: 'it closes connections that have ended',
    levels: WARNING,
    after: ['leaving'],
    needs: 'file',
    run: started(async (plugin, context) => {
      const client = context.client(plugin)
      await client.expectAnswer()
      const before = descriptorsOf(plugin.pid)
      for (let count = 0; count < CONNECTIONS; count++)
        await client.sendAndClose(frame(http(context.dialect, `leave-${count}`)))
      // Connections are accepted in order: once this one is answered, all of them have been.
      await client.expectAnswer()
      for (
        let tries = 0;
        tries < 20 && descriptorsOf(plugin.pid) - before > CONNECTIONS / 4;
        tries++
      )
        await pause(50)
      const more = descriptorsOf(plugin.pid) - before
      return more <= CONNECTIONS / 4
        ? client.expectAnswer()
        : fault(
            'as many open files as before',
            `${more} more after ${CONNECTIONS} connections that were closed`,
            'close the connection when the other end has closed it',
          )
    }),
  },
]

/** How many files a process has open; 0 where the system does not say. */
const descriptorsOf = (pid: number | undefined): number =>
  E.getOrElse(() => 0)(E.tryCatch(() => readdirSync(`/proc/${pid}/fd`).length, String))
