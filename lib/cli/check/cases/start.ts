import { lstatSync, readdirSync, rmSync } from 'node:fs'
import * as E from 'fp-ts/lib/Either.js'
import { HOST_ENABLE_TIMEOUT, HOST_START_TIMEOUT } from '../../../domain/host.js'
import { frame } from '../protocol/frame.js'
import { http } from '../protocol/message.js'
import { pause } from '../protocol/raw-connection.js'
import { type Fault, fault, NONE } from '../report/finding.js'
import {
  type Case,
  ERROR,
  type FileScene,
  PROMISED,
  type StartedPlugin,
  started,
  WARNING,
} from '../run/case.js'

/** Starts that must be too slow, all of them, before it is said: the machine may have been busy. */
const TRIES = 3
const DEATH_PATIENCE = 10_000
/** What a plugin promises: to be gone so many milliseconds after its host. */
const ORPHAN_PATIENCE = 3_000
/**
 * More than a pipe and the buffers around it hold, of plugins that print a kilobyte or two for
 * each.
 */
const REQUESTS_UNREAD = 300
const CONNECTIONS = 100
/** A plugin that takes its time for an answer is not asked so often, in milliseconds. */
const LONG_ENOUGH = 15_000

/**
 * What a plugin has started may outlive it for a moment (a process behind its shell): as long as it
 * listens, its socket is none that was left behind.
 */
const silent = async (scene: FileScene, plugin: StartedPlugin): Promise<void> => {
  const deadline = performance.now() + ORPHAN_PATIENCE
  for (;;) {
    const connection = await scene.talk(plugin).dial()
    if (E.isLeft(connection) || performance.now() > deadline) return
    connection.right.close()
    await pause(50)
  }
}

const again = async (scene: FileScene, path: string): Promise<ReadonlyArray<Fault>> => {
  const second = await scene.start({ path })
  return E.isLeft(second) ? [second.left] : scene.talk(second.right).serves()
}

/** The life of a process, from its start to its end. */
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
    run: async scene => {
      for (let tries = 1; tries < TRIES && scene.fastestStart() > HOST_START_TIMEOUT; tries++) {
        const plugin = await scene.start()
        if (E.isLeft(plugin)) return [plugin.left]
        await plugin.right.stop()
      }
      const best = scene.fastestStart()
      return best <= HOST_START_TIMEOUT
        ? NONE
        : fault(
            `at most ${HOST_START_TIMEOUT} ms`,
            `${Math.round(best)} ms, the best of ${TRIES} starts`,
            `bind the socket before anything slow is done: the host waits ${HOST_START_TIMEOUT / 1_000} s when it starts and ${HOST_ENABLE_TIMEOUT / 1_000} s when it enables a plugin`,
          )
    },
  },
  {
    id: 'socket-permissions',
    title: 'not everyone on the machine may write to the socket',
    levels: WARNING,
    after: ['start-socket', 'init-lost'],
    needs: 'shared',
    run: async ({ path }) => {
      const mode = (lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0) & 0o777
      const shown = `mode 0${mode.toString(8)}`
      const advice =
        'set umask 077 before bind, or chmod the socket to 0600: its path is known to all, and who can write to it is taken for the host'
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
    run: started(async (plugin, scene) => {
      plugin.signal('SIGKILL')
      await plugin.endWithin(DEATH_PATIENCE)
      // As the host does before every start.
      rmSync(plugin.path, { force: true })
      return again(scene, plugin.path)
    }),
  },
  {
    id: 'restart-stale-socket',
    title: 'it replaces the socket that it left behind when it was killed',
    levels: PROMISED,
    after: ['restart'],
    needs: 'file',
    run: started(async (plugin, scene) => {
      plugin.signal('SIGKILL')
      await plugin.endWithin(DEATH_PATIENCE)
      await silent(scene, plugin)
      const [first] = await again(scene, plugin.path)
      return first === undefined
        ? NONE
        : fault(
            'a plugin that serves',
            first.got,
            'remove a socket at the path before bind where nobody answers on it: today only the host does that for you, and only when it starts you',
          )
    }),
  },
  {
    id: 'stdout-unread',
    title: 'it prints nothing on stdout, which nobody reads',
    levels: WARNING,
    after: ['many-connections'],
    needs: 'file',
    run: started(async (plugin, scene) => {
      const talk = scene.talk(plugin)
      let asked = 0
      let faults: ReadonlyArray<Fault> = NONE
      const deadline = performance.now() + LONG_ENOUGH
      while (asked < REQUESTS_UNREAD && performance.now() < deadline && faults.length === 0) {
        asked++
        faults = await talk.serves()
      }
      const [first] = faults
      const { first: printed, bytes } = await plugin.stdout()
      if (bytes === 0) return faults
      const advice =
        'log to stderr: the host reads no stdout, where what is printed fills the pipe and then blocks, or piles up in memory'
      const text = JSON.stringify(printed.slice(0, 80))
      return first === undefined
        ? fault(
            'nothing on stdout',
            `${bytes} bytes after ${asked} requests, beginning with ${text}`,
            advice,
          )
        : fault(
            'an answer to every request while nobody reads stdout',
            `after ${asked} requests ${first.got}; it had printed ${text} and more`,
            advice,
            'error',
          )
    }, true),
  },
  {
    id: 'connection-leak',
    title: 'it lets go of connections that are over',
    levels: WARNING,
    after: ['leaving'],
    needs: 'file',
    run: started(async (plugin, scene) => {
      const talk = scene.talk(plugin)
      await talk.serves()
      const before = descriptorsOf(plugin.pid)
      for (let count = 0; count < CONNECTIONS; count++)
        await talk.tell(frame(http(scene.dialect, `leave-${count}`)))
      // Connections are accepted in their order: once this one is answered, all of those have been.
      await talk.serves()
      for (
        let tries = 0;
        tries < 20 && descriptorsOf(plugin.pid) - before > CONNECTIONS / 4;
        tries++
      )
        await pause(50)
      const more = descriptorsOf(plugin.pid) - before
      return more <= CONNECTIONS / 4
        ? talk.serves()
        : fault(
            'as many open files as before',
            `${more} more after ${CONNECTIONS} connections that were closed`,
            'close your half of a connection when the other end has closed its',
          )
    }),
  },
]

/** How many files a process has open; 0 where the system does not tell. */
const descriptorsOf = (pid: number | undefined): number =>
  E.getOrElse(() => 0)(E.tryCatch(() => readdirSync(`/proc/${pid}/fd`).length, String))
