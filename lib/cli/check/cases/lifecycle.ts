import * as E from 'fp-ts/lib/Either.js'
import { type Talk, withConnection } from '../protocol/client.js'
import { frame } from '../protocol/frame.js'
import { show } from '../protocol/json.js'
import { init, lifecycle } from '../protocol/message.js'
import { pause } from '../protocol/raw-connection.js'
import { type Fault, fault, NONE } from '../report/finding.js'
import { type Case, ERROR, type FileScene, PROMISED, started, WARNING } from '../run/case.js'
import { endInWords, type PluginProcess } from '../run/plugin-process.js'

/** What a plugin may take to end in order. Ours takes 8 s at most. */
const END_PATIENCE = 10_000
/**
 * An init may bring death, a moment later: the time that the process took to start, which is longer
 * on a busy machine, and so many milliseconds at least.
 */
const AFTER_INIT = 100
/**
 * A plugin that does not serve is watched for so much longer before something else is said of it
 * than that it has died.
 */
const LATE_END = 3_000
/** How long is listened for an answer that must not come. */
const QUIET = 250

const initTo = ({ path, dialect }: Talk): object => init(dialect, path, `${path}.log`)

const ends = async (plugin: PluginProcess, asked: string): Promise<ReadonlyArray<Fault>> => {
  const end = await plugin.endWithin(END_PATIENCE)
  if (end === undefined) {
    return fault(
      `its end within ${END_PATIENCE / 1000} s of ${asked}`,
      'it still runs',
      `end on ${asked}: finish what runs, remove the socket, exit with 0`,
    )
  }
  return end.code === 0 || end.signal === 'SIGTERM'
    ? NONE
    : fault('exit code 0', endInWords(end, plugin.stderr()), `end in order on ${asked}`, 'note')
}

const unanswered = (talk: Talk, message: object): Promise<ReadonlyArray<Fault>> =>
  withConnection(talk, async connection => {
    await connection.write(frame(message))
    const came = await connection.bytes(QUIET, bytes => bytes.length > 0)
    connection.close()
    return came.length === 0
      ? talk.serves()
      : fault(
          'no answer',
          `${came.length} bytes: ${show(came.subarray(4).toString())}`,
          'write nothing to a lifecycle message: the host does not read it, and would take it for the answer to what it asks next',
        )
  })

const servesWithoutInit = async (scene: FileScene): Promise<boolean> => {
  const plugin = await scene.start()
  return E.isRight(plugin) && (await scene.talk(plugin.right).serves()).length === 0
}

/**
 * Messages on different connections overtake each other: an init may be read after what was sent
 * later.
 */
const servesWithin = async (talk: Talk, ms: number): Promise<boolean> => {
  const deadline = performance.now() + ms
  for (;;) {
    if ((await talk.serves()).length === 0) return true
    if (performance.now() > deadline) return false
    await pause(AFTER_INIT)
  }
}

/** Messages about the life of the plugin. */
export const lifecycleCases: ReadonlyArray<Case> = [
  {
    id: 'init-lost',
    title: 'it survives an init whose sender leaves without reading, and serves',
    levels: ERROR,
    after: ['start-socket'],
    needs: 'file',
    run: started(async (plugin, scene) => {
      const talk = scene.talk(plugin)
      const advice = 'an init has no answer: write none, and let a lost connection end nothing else'
      await talk.tell(frame(initTo(talk)))
      const end = await plugin.endWithin(Math.max(AFTER_INIT, plugin.socketAfter))
      if (end !== undefined)
        return fault('a plugin that runs after the init', endInWords(end, plugin.stderr()), advice)
      const [first] = await talk.serves()
      if (first === undefined) return NONE
      // On a busy machine it may take its time to die.
      const late = await plugin.endWithin(LATE_END)
      if (late !== undefined)
        return fault('a plugin that runs after the init', endInWords(late, plugin.stderr()), advice)
      // Where it does not serve without an init either, the case that asks for an answer says so.
      return !(await servesWithoutInit(scene))
        ? NONE
        : fault('an answer after an init', `${first.got}; without an init it answers`, advice)
    }),
  },
  {
    id: 'init-never',
    title: 'it serves without having got an init',
    levels: ERROR,
    after: ['start-socket'],
    needs: 'file',
    run: started(async (plugin, scene) => {
      const talk = scene.talk(plugin)
      const [first] = await talk.serves()
      if (first === undefined) return NONE
      await talk.tell(frame(initTo(talk)))
      return !(await servesWithin(talk, LATE_END))
        ? NONE
        : fault(
            'an answer without an init',
            `${first.got}; after an init it answers`,
            'serve from the start: the host sends init when it starts, and none when it enables a plugin',
          )
    }),
  },
  {
    id: 'init-answer',
    title: 'an init is not answered',
    levels: PROMISED,
    after: ['request-id'],
    needs: 'file',
    run: started(async (plugin, scene) =>
      unanswered(scene.talk(plugin), initTo(scene.talk(plugin))),
    ),
  },
  {
    id: 'lifecycle-unknown',
    title: 'an unknown lifecycle action (ping) is ignored',
    levels: PROMISED,
    after: ['init-answer'],
    needs: 'shared',
    run: talk => unanswered(talk, lifecycle(talk.dialect, 'ping')),
  },
  {
    id: 'shutdown-message',
    title: 'it ends on a shutdown message',
    levels: PROMISED,
    after: ['request-id'],
    needs: 'file',
    run: started(async (plugin, scene) => {
      await scene.talk(plugin).tell(frame(lifecycle(scene.dialect, 'shutdown')))
      return ends(plugin, 'a shutdown message')
    }),
  },
  {
    id: 'sigterm',
    title: 'it ends on SIGTERM',
    levels: WARNING,
    after: ['request-id'],
    needs: 'file',
    run: started(async (plugin, scene) => {
      const before = await scene.talk(plugin).serves()
      plugin.signal('SIGTERM')
      return [...before, ...(await ends(plugin, 'SIGTERM'))]
    }),
  },
]
