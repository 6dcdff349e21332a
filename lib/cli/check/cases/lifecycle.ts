import * as E from 'fp-ts/lib/Either.js'
import { type Client, withConnection } from '../protocol/client.js'
import { frame } from '../protocol/frame.js'
import { show } from '../protocol/json.js'
import { init, lifecycle } from '../protocol/message.js'
import { pause } from '../protocol/raw-connection.js'
import { type Fault, fault, NONE } from '../report/finding.js'
import { type Case, ERROR, type FileContext, PROMISED, started, WARNING } from '../run/case.js'
import { endInWords, type PluginProcess } from '../run/launch.js'

/** How long a plugin may take to end, in milliseconds. Ours take 8 s at most. */
const END_TIMEOUT = 10_000
/** The least time that a process is given to die of an init, in milliseconds. */
const AFTER_INIT = 100
/** How long to see whether a plugin that does not serve has died, in milliseconds. */
const LATE_END = 3_000
/** How long to wait for an answer that must not come, in milliseconds. */
const SILENCE = 250

const initTo = ({ path, dialect }: Client): object => init(dialect, path, `${path}.log`)

const ends = async (plugin: PluginProcess, asked: string): Promise<ReadonlyArray<Fault>> => {
  const end = await plugin.endWithin(END_TIMEOUT)
  if (end === undefined) {
    return fault(
      `its end within ${END_TIMEOUT / 1_000} s of ${asked}`,
      'it still runs',
      `end on ${asked}: finish what runs, remove the socket, exit with 0`,
    )
  }
  return end.code === 0 || end.signal === 'SIGTERM'
    ? NONE
    : fault('exit code 0', endInWords(end, plugin.stderr()), `end in order on ${asked}`, 'note')
}

const unanswered = (client: Client, message: object): Promise<ReadonlyArray<Fault>> =>
  withConnection(client, async connection => {
    await connection.write(frame(message))
    const came = await connection.bytes(SILENCE, bytes => bytes.length > 0)
    connection.close()
    return came.length === 0
      ? client.expectAnswer()
      : fault(
          'no answer',
          `${came.length} bytes: ${show(came.subarray(4).toString())}`,
          'do not answer a lifecycle message: the host does not read the answer, or takes ' +
            'it for that to its next request',
        )
  })

const servesWithoutInit = async (context: FileContext): Promise<boolean> => {
  const plugin = await context.start()
  return E.isRight(plugin) && (await context.client(plugin.right).expectAnswer()).length === 0
}

/** Asks again for a while: a plugin may read an init after a request that was sent later. */
const servesWithin = async (client: Client, ms: number): Promise<boolean> => {
  const deadline = performance.now() + ms
  for (;;) {
    if ((await client.expectAnswer()).length === 0) return true
    if (performance.now() > deadline) return false
    await pause(AFTER_INIT)
  }
}

/** Lifecycle messages, and signals. */
export const lifecycleCases: ReadonlyArray<Case> = [
  {
    id: 'init-lost',
    title: 'it serves after an init whose sender closes without reading',
    levels: ERROR,
    after: ['start-socket'],
    needs: 'file',
    run: started(async (plugin, context) => {
      const client = context.client(plugin)
      const advice = 'do not answer an init, and let a lost connection end nothing else'
      await client.sendAndClose(frame(initTo(client)))
      const end = await plugin.endWithin(Math.max(AFTER_INIT, plugin.socketAfter))
      if (end !== undefined)
        return fault('a plugin that runs after the init', endInWords(end, plugin.stderr()), advice)
      const [first] = await client.expectAnswer()
      if (first === undefined) return NONE
      // On a busy machine it may die late.
      const late = await plugin.endWithin(LATE_END)
      if (late !== undefined)
        return fault('a plugin that runs after the init', endInWords(late, plugin.stderr()), advice)
      // That it does not serve without an init either is the fault of another case.
      return !(await servesWithoutInit(context))
        ? NONE
        : fault('an answer after an init', `${first.got}; without an init it answers`, advice)
    }),
  },
  {
    id: 'init-never',
    title: 'it serves without an init',
    levels: ERROR,
    after: ['start-socket'],
    needs: 'file',
    run: started(async (plugin, context) => {
      const client = context.client(plugin)
      const [first] = await client.expectAnswer()
      if (first === undefined) return NONE
      await client.sendAndClose(frame(initTo(client)))
      return !(await servesWithin(client, LATE_END))
        ? NONE
        : fault(
            'an answer without an init',
            `${first.got}; after an init it answers`,
            'serve from the start: the host sends an init when it starts, and none when it ' +
              'enables a plugin',
          )
    }),
  },
  {
    id: 'init-answer',
    title: 'an init is not answered',
    levels: PROMISED,
    after: ['request-id'],
    needs: 'file',
    run: started(async (plugin, context) =>
      unanswered(context.client(plugin), initTo(context.client(plugin))),
    ),
  },
  {
    id: 'lifecycle-unknown',
    title: 'an unknown lifecycle action (ping) is ignored',
    levels: PROMISED,
    after: ['init-answer'],
    needs: 'shared',
    run: client => unanswered(client, lifecycle(client.dialect, 'ping')),
  },
  {
    id: 'shutdown-message',
    title: 'it ends on a shutdown message',
    levels: PROMISED,
    after: ['request-id'],
    needs: 'file',
    run: started(async (plugin, context) => {
      await context.client(plugin).sendAndClose(frame(lifecycle(context.dialect, 'shutdown')))
      return ends(plugin, 'a shutdown message')
    }),
  },
  {
    id: 'sigterm',
    title: 'it ends on SIGTERM',
    levels: WARNING,
    after: ['request-id'],
    needs: 'file',
    run: started(async (plugin, context) => {
      const before = await context.client(plugin).expectAnswer()
      plugin.signal('SIGTERM')
      return [...before, ...(await ends(plugin, 'SIGTERM'))]
    }),
  },
]
