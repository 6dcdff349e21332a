import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { ioError, type PluginError } from '../domain/plugin-error.js'
import { dataDirectory } from '../kv/data-directory.js'
import type { Parents } from './supervision/parent-watch.js'
import { statOf } from './supervision/process-stat.js'

/** What an `init` told the plugin. */
export const Init = t.readonly(t.type({ instanceId: t.string, logPath: t.string }))

/** What an `init` told the plugin. */
export type Init = t.TypeOf<typeof Init>

/** The file: an init, and the guardian under which it holds. */
const Remembered = t.type({ init: Init, guardian: t.type({ pid: t.number, startTime: t.string }) })

/** The memory of the last `init`. */
export interface InitMemory {
  /** The init that an earlier process under the same guardian was told. */
  recall(): O.Option<Init>
  /**
   * Keeps an init for later processes. Yields an `Io` error if it cannot be kept; without a
   * guardian nothing is.
   */
  remember(init: Init): E.Either<PluginError, void>
}

/**
 * Lets a plugin that its guardian starts again know what the host told it: the host sends `init`
 * once, to the first process (docs/protocol.md#process-contract).
 *
 * It is kept in `init.json` in the plugin's data directory, for this user only (0600), and belongs
 * to one guardian by its process id and start time: a file from an earlier life of the plugin is as
 * good as none.
 */
export const initMemory = (
  pluginId: string,
  env: Readonly<Record<string, string | undefined>>,
  { parent, guarded }: Parents,
): InitMemory => {
  const guardian =
    guarded && parent !== undefined && parent === process.ppid ? guardianOf(parent) : O.none
  if (O.isNone(guardian)) return { recall: () => O.none, remember: () => E.right(undefined) }
  const { pid, startTime } = guardian.value
  const file = E.map((directory: string) => join(directory, 'init.json'))
  return {
    recall: () =>
      pipe(
        O.fromEither(file(dataDirectory(pluginId, env))),
        O.chain(path => O.tryCatch((): unknown => JSON.parse(readFileSync(path, 'utf8')))),
        O.chain(read => O.fromEither(Remembered.decode(read))),
        O.filter(({ guardian: its }) => its.pid === pid && its.startTime === startTime),
        O.map(({ init }) => init),
      ),
    remember: init =>
      pipe(
        file(dataDirectory(pluginId, env)),
        E.chain(path => replace(path, JSON.stringify({ init, guardian: { pid, startTime } }))),
      ),
  }
}

const guardianOf = (pid: number): O.Option<{ readonly pid: number; readonly startTime: string }> =>
  O.map(({ startTime }: { readonly startTime: string }) => ({ pid, startTime }))(statOf(pid))

/**
 * Readers find the old text or the new one. That the disk may not have it yet does no harm: the
 * guardian does not outlive a loss of power.
 */
const replace = (path: string, text: string): E.Either<PluginError, void> =>
  E.tryCatch(
    () => {
      const next = `${path}.${process.pid}`
      writeFileSync(next, text, { mode: 0o600 })
      renameSync(next, path)
    },
    cause => ioError(`${path} cannot be written`, cause),
  )
