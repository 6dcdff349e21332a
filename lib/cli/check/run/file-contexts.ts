import { randomUUID } from 'node:crypto'
import { lstatSync } from 'node:fs'
import { dirname, join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { waitForSocket } from '../../../plugin-process/wait-for-socket.js'
import type { Cleanup } from '../../cleanup.js'
import { clientAt } from '../protocol/client.js'
import { frame } from '../protocol/frame.js'
import { type Dialect, init } from '../protocol/message.js'
import { dial, pause } from '../protocol/raw-connection.js'
import type { Fault, Profile } from '../report/finding.js'
import type { FileContext, StartedPlugin, StartOptions } from './case.js'
import { endInWords, launch, type PluginProcess } from './launch.js'
import { type MetadataRun, runMetadata } from './metadata-run.js'

/** Gives each case about a plugin's file its context. */
export interface FileContexts {
  /** The context of one case, and what closes it. */
  readonly open: () => { readonly context: FileContext; readonly close: () => Promise<void> }
  /** Starts a plugin and sends it an init as the host does, for cases that only need a client. */
  readonly startServing: () => Promise<E.Either<Fault, StartedPlugin>>
}

/** What the contexts have in common. */
export interface FileContextOptions {
  readonly file: string
  readonly profile: Profile
  readonly dialect: Dialect
  readonly timeout: number
}

/** How long to wait for a socket: far longer than a host does, to tell how late it is. */
const SOCKET_TIMEOUT = 10_000
/** How long a socket's name may be there before it accepts connections. */
const ACCEPT_TIMEOUT = 250
/** The least time between an init and the first request, in milliseconds. */
const AFTER_INIT = 20

/** Contexts for the cases about a file. */
export const fileContexts = (
  { file, profile, dialect, timeout }: FileContextOptions,
  cleanup: Cleanup,
): FileContexts => {
  let metadata: Promise<MetadataRun> | undefined
  let fastest = Number.POSITIVE_INFINITY
  const metadataOnce = (): Promise<MetadataRun> => {
    metadata ??= runMetadata(file, cleanup)
    return metadata
  }
  /** The variables that the host's documentation promises, and today's host does not set. */
  const promised = async (): Promise<Readonly<Record<string, string>>> => {
    const { metadata: printed } = await metadataOnce()
    const id = E.isRight(printed) ? printed.right.id : undefined
    return {
      TORU_INSTANCE_ID: randomUUID(),
      ...(typeof id === 'string' ? { TORU_PLUGIN_ID: id } : {}),
    }
  }
  const start = async ({
    path = join(cleanup.folder(), 'plugin.sock'),
    unread = false,
  }: StartOptions): Promise<Started> => {
    const env = profile === 'documented' ? await promised() : {}
    const stale = lstatSync(path, { throwIfNoEntry: false }) !== undefined
    const plugin = launch({ file, path, unread, env }, cleanup)
    const result = await listening(plugin, stale)
    if (E.isRight(result)) fastest = Math.min(fastest, result.right.socketAfter)
    return { plugin, result }
  }
  const open: FileContexts['open'] = () => {
    const closers: Array<() => Promise<void>> = []
    return {
      context: {
        file,
        profile,
        dialect,
        timeout,
        metadata: metadataOnce,
        fastestStart: () => fastest,
        start: async (options = {}) => {
          const { plugin, result } = await start(options)
          closers.push(plugin.stop)
          if (options.path === undefined)
            closers.push(async () => cleanup.removeFolder(dirname(plugin.path)))
          return result
        },
        client: plugin => {
          const client = clientAt(plugin.path, dialect, timeout)
          closers.unshift(async () => client.closeAll())
          return client
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
    open,
    startServing: async () => {
      const { plugin, result } = await start({})
      const stop = async (): Promise<void> => {
        await plugin.stop()
        cleanup.removeFolder(dirname(plugin.path))
      }
      if (E.isLeft(result)) {
        await stop()
        return result
      }
      await clientAt(plugin.path, dialect, timeout).sendAndClose(
        frame(init(dialect, plugin.path, `${plugin.path}.log`)),
      )
      // A plugin may read the first request before the init: they come on two connections. The
      // host's first request comes later.
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
    timeout: SOCKET_TIMEOUT,
    isOver: () => plugin.end() !== undefined,
  })
  const after = performance.now() - begun
  const end = plugin.end()
  if (found === undefined) {
    return wrong(
      end === undefined
        ? `nothing there within ${SOCKET_TIMEOUT / 1_000} s`
        : `${endInWords(end, plugin.stderr())}, and there was no socket`,
    )
  }
  if (found === 'file') return wrong('a file that is no socket')
  // A name that an earlier process left says nothing about this one.
  const timeout = stale ? SOCKET_TIMEOUT : ACCEPT_TIMEOUT
  const deadline = performance.now() + timeout
  for (;;) {
    const connection = await dial(plugin.path, timeout)
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
