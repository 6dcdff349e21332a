import * as E from 'fp-ts/lib/Either.js'
import type { Client } from '../protocol/client.js'
import type { Dialect } from '../protocol/message.js'
import type { Fault, Level, Profile } from '../report/finding.js'
import type { PluginProcess } from './launch.js'
import type { MetadataRun } from './metadata-run.js'

/** The level of a case's faults in each profile. A profile without a level leaves the case out. */
export type Levels = Readonly<Record<Profile, Level | undefined>>

/** What a case about a file is given. Whatever it starts is stopped when the case is over. */
export interface FileContext {
  readonly file: string
  readonly profile: Profile
  readonly dialect: Dialect
  /** How long an answer may take, in milliseconds. */
  readonly timeout: number
  /** Runs the file with `--metadata`, once for all cases. */
  readonly metadata: () => Promise<MetadataRun>
  /** Starts the file as the host does, and waits for its socket. Left where there is none. */
  readonly start: (options?: StartOptions) => Promise<E.Either<Fault, StartedPlugin>>
  /** How long the socket took in the fastest start so far, in milliseconds. */
  readonly fastestStart: () => number
  /** Talks to a plugin that was started. */
  readonly client: (plugin: PluginProcess) => Client
}

/** A plugin whose socket is there. */
export interface StartedPlugin extends PluginProcess {
  /** How long that took after the start of the process, in milliseconds. */
  readonly socketAfter: number
}

/** How a case starts the plugin. */
export interface StartOptions {
  /** Where an earlier process listened; a new path unless given. */
  readonly path?: string
  /** Whether to leave stdout unread, as the host does. */
  readonly unread?: boolean
}

interface CaseBase {
  readonly id: string
  /** What is expected, as a sentence without a full stop. */
  readonly title: string
  readonly levels: Levels
  /** The cases that must pass first: where one has failed, this one is skipped. */
  readonly after: ReadonlyArray<string>
}

/**
 * A case. `file` runs the plugin's file and starts processes of its own. `shared` uses a process
 * that other cases have used, `own` a new one; these two also run against the socket of a live
 * plugin.
 */
export type Case =
  | (CaseBase & {
      readonly needs: 'file'
      readonly run: (context: FileContext) => Promise<ReadonlyArray<Fault>>
    })
  | (CaseBase & {
      readonly needs: 'shared' | 'own'
      readonly run: (client: Client) => Promise<ReadonlyArray<Fault>>
    })

/** A plugin that breaks it fails. */
export const ERROR: Levels = { host: 'error', documented: 'error' }
/** It works today. */
export const WARNING: Levels = { host: 'warning', documented: 'warning' }
/** Today's host does not need it, and its documentation promises it. */
export const PROMISED: Levels = { host: 'warning', documented: 'error' }
/** Today's host never does it, and its documentation promises it. */
export const FUTURE: Levels = { host: 'note', documented: 'error' }
/** Worth knowing. */
export const NOTE: Levels = { host: 'note', documented: 'note' }

/** Runs a case on a new process. That the process does not start is a fault. */
export const started =
  (
    use: (plugin: StartedPlugin, context: FileContext) => Promise<ReadonlyArray<Fault>>,
    unread = false,
  ) =>
  async (context: FileContext): Promise<ReadonlyArray<Fault>> => {
    const plugin = await context.start({ unread })
    return E.isLeft(plugin) ? [plugin.left] : use(plugin.right, context)
  }
