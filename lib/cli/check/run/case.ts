import * as E from 'fp-ts/lib/Either.js'
import type { Talk } from '../protocol/client.js'
import type { Dialect } from '../protocol/message.js'
import type { Fault, Level, Profile } from '../report/finding.js'
import type { MetadataRun } from './metadata-run.js'
import type { PluginProcess } from './plugin-process.js'

/**
 * How much the faults of a case matter in each profile; a case without a level is no part of that
 * profile.
 */
export type Levels = Readonly<Record<Profile, Level | undefined>>

/** The plugin's file and what can be done with it. What it starts is gone when the case is over. */
export interface FileScene {
  readonly file: string
  readonly profile: Profile
  readonly dialect: Dialect
  /** How long an answer may take, in milliseconds. */
  readonly patience: number
  /** What the file did when it was run with `--metadata`: once for all cases. */
  readonly metadata: () => Promise<MetadataRun>
  /**
   * Starts the file as the host does, and waits for its socket. A fault where there is none. At a
   * path where one was before, if that is given.
   */
  readonly start: (options?: StartOptions) => Promise<E.Either<Fault, StartedPlugin>>
  /** The milliseconds until the socket was there in the fastest start so far. */
  readonly fastestStart: () => number
  /** Talks to a plugin that was started. */
  readonly talk: (plugin: PluginProcess) => Talk
}

/** A plugin whose socket is there. */
export interface StartedPlugin extends PluginProcess {
  /** Milliseconds from the start of the process until the socket was there. */
  readonly socketAfter: number
}

/** How a case wants the plugin started. */
export interface StartOptions {
  /** The socket of an earlier process, in the place of a new one. */
  readonly path?: string
  /** Whether stdout is left unread, as the host leaves it. */
  readonly unread?: boolean
}

interface CaseBase {
  readonly id: string
  /** What is expected, as a sentence without an end. */
  readonly title: string
  readonly levels: Levels
  /** The cases that must not have failed, or this one says nothing. */
  readonly after: ReadonlyArray<string>
}

/**
 * A case. `file` runs the plugin's file and starts processes of its own; `shared` talks to a
 * process that other cases talked to before; `own` talks to one that nobody talked to. The last two
 * also run against the socket of a live plugin.
 */
export type Case =
  | (CaseBase & {
      readonly needs: 'file'
      readonly run: (scene: FileScene) => Promise<ReadonlyArray<Fault>>
    })
  | (CaseBase & {
      readonly needs: 'shared' | 'own'
      readonly run: (talk: Talk) => Promise<ReadonlyArray<Fault>>
    })

/** Any plugin that breaks it fails. */
export const ERROR: Levels = { host: 'error', documented: 'error' }
/** Works today. */
export const WARNING: Levels = { host: 'warning', documented: 'warning' }
/** Today's host does not need it, and its pages promise it. */
export const PROMISED: Levels = { host: 'warning', documented: 'error' }
/** Today's host never does it, and its pages promise it. */
export const FUTURE: Levels = { host: 'note', documented: 'error' }
/** Worth knowing. */
export const NOTE: Levels = { host: 'note', documented: 'note' }

/** A case about a process of its own: where it does not start, that is the fault. */
export const started =
  (
    use: (plugin: StartedPlugin, scene: FileScene) => Promise<ReadonlyArray<Fault>>,
    unread = false,
  ) =>
  async (scene: FileScene): Promise<ReadonlyArray<Fault>> => {
    const plugin = await scene.start({ unread })
    return E.isLeft(plugin) ? [plugin.left] : use(plugin.right, scene)
  }
