import { randomUUID } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { waitForSocket } from '../../../plugin-process/wait-for-socket.js'
import { talkTo } from '../protocol/client.js'
import { frame } from '../protocol/frame.js'
import { type Dialect, init } from '../protocol/message.js'
import { dial, pause } from '../protocol/raw-connection.js'
import type { Fault, Profile } from '../report/finding.js'
import type { FileScene, StartedPlugin, StartOptions } from './case.js'
import type { Tidy } from './cleanup.js'
import { type MetadataRun, runMetadata } from './metadata-run.js'
import { endInWords, launch, type PluginProcess } from './plugin-process.js'

/** Where a file is checked: what all cases share, and a scene for each. */
export interface Stage {
  /** The scene of one case, and what ends it. */
  readonly scene: () => { readonly scene: FileScene; readonly close: () => Promise<void> }
  /** A plugin that has got its init as the host sends it, for the cases that only talk. */
  readonly serving: () => Promise<E.Either<Fault, StartedPlugin>>
}

/** What a stage is for. */
export interface StageOptions {
  readonly file: string
  readonly profile: Profile
  readonly dialect: Dialect
  readonly patience: number
}

/** How long a socket is waited for: far longer than a host does, to know how late it is. */
const SOCKET_PATIENCE = 10_000
/** The name of a socket is there a moment before it accepts connections. */
const ACCEPT_PATIENCE = 250
/**
 * How long a plugin has for its init before it is asked anything: half the time of its start, and
 * so many milliseconds at least.
 */
const AFTER_INIT = 20

/** Sets the stage for a file. */
export const makeStage = (
  { file, profile, dialect, patience }: StageOptions,
  tidy: Tidy,
): Stage => {
  let metadata: Promise<MetadataRun> | undefined
  let fastest = Number.POSITIVE_INFINITY
  const metadataOnce = (): Promise<MetadataRun> => {
    metadata ??= runMetadata(file, tidy)
    return metadata
  }
  /** What the host's pages promise to plugins, and today's host does not set. */
  const promised = async (): Promise<Readonly<Record<string, string>>> => {
    const { metadata: printed } = await metadataOnce()
    const id = E.isRight(printed) ? printed.right.id : undefined
    return {
      TORU_INSTANCE_ID: randomUUID(),
      ...(typeof id === 'string' ? { TORU_PLUGIN_ID: id } : {}),
    }
  }
  const start = async ({
    path = join(tidy.folder(), 'plugin.sock'),
    unread = false,
  }: StartOptions): Promise<Started> => {
    const env = profile === 'documented' ? await promised() : {}
    const stale = lstatSync(path, { throwIfNoEntry: false }) !== undefined
    const plugin = launch({ file, path, unread, env }, tidy)
    const result = await listening(plugin, stale)
    if (E.isRight(result)) fastest = Math.min(fastest, result.right.socketAfter)
    return { plugin, result }
  }
  const scene: Stage['scene'] = () => {
    const closers: Array<() => Promise<void>> = []
    return {
      scene: {
        file,
        profile,
        dialect,
        patience,
        metadata: metadataOnce,
        fastestStart: () => fastest,
        start: async (options = {}) => {
          const { plugin, result } = await start(options)
          closers.push(plugin.stop)
          if (options.path === undefined)
            closers.push(async () => tidy.removeFolder(dirname(plugin.path)))
          return result
        },
        talk: plugin => {
          const talk = talkTo(plugin.path, dialect, patience)
          closers.unshift(async () => talk.closeAll())
          return talk
        },
      },
      close: async () => {
        // Processes before the folders that they write to.
        const folders = closers.splice(0)
        for (const close of folders) await close()
      },
    }
  }
  return {
    scene,
    serving: async () => {
      const { plugin, result } = await start({})
      const stop = async (): Promise<void> => {
        await plugin.stop()
        tidy.removeFolder(dirname(plugin.path))
      }
      if (E.isLeft(result)) {
        await stop()
        return result
      }
      await talkTo(plugin.path, dialect, patience).tell(
        frame(init(dialect, plugin.path, `${plugin.path}.log`)),
      )
      // What is sent on another connection may be read before it; a host's first request comes
      // later.
      await pause(Math.max(AFTER_INIT, result.right.socketAfter / 2))
      return E.right({ ...result.right, stop })
    },
  }
}

interface Started {
  readonly plugin: PluginProcess
  readonly result: E.Either<Fault, StartedPlugin>
}

const listening = async (
  plugin: PluginProcess,
  stale: boolean,
): Promise<E.Either<Fault, StartedPlugin>> => {
  const expected = 'a socket at the path in TORU_PLUGIN_SOCKET that accepts connections'
  const advice = 'when started without arguments bind and listen on that path, and keep running'
  const wrong = (got: string): E.Either<Fault, StartedPlugin> => E.left({ expected, got, advice })
  const begun = performance.now()
  const found = await waitForSocket(plugin.path, {
    timeout: SOCKET_PATIENCE,
    isOver: () => plugin.end() !== undefined,
  })
  const after = performance.now() - begun
  const end = plugin.end()
  if (found === undefined) {
    return wrong(
      end === undefined
        ? `nothing there within ${SOCKET_PATIENCE / 1000} s`
        : `${endInWords(end, plugin.stderr())}, and there was no socket`,
    )
  }
  if (found === 'file') return wrong('a file that is no socket')
  // A name that an earlier process left says nothing about this one.
  const patience = stale ? SOCKET_PATIENCE : ACCEPT_PATIENCE
  const deadline = performance.now() + patience
  for (;;) {
    const connection = await dial(plugin.path, patience)
    if (E.isRight(connection)) {
      connection.right.close()
      return E.right({ ...plugin, socketAfter: stale ? Number.POSITIVE_INFINITY : after })
    }
    const died = plugin.end()
    if (died !== undefined) return wrong(endInWords(died, plugin.stderr()))
    if (performance.now() > deadline) return wrong(`a socket, but ${connection.left.got}`)
    await pause(5)
  }
}
