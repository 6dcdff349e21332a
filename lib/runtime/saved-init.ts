import { readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import { ioError, type PluginError } from '../domain/plugin-error.js'
import { parseJsonText } from '../domain/text/parse-json.js'
import { dataDirectory } from '../kv/data-directory.js'
import type { Parents } from './supervision/parent-watch.js'
import { statOf } from './supervision/process-stat.js'

/** What an `init` tells the plugin. */
export const Init = t.readonly(t.type({ instanceId: t.string, logPath: t.string }))

/** What an `init` tells the plugin. */
export type Init = t.TypeOf<typeof Init>

/** The content of the file: an init, and the guardian for which it holds. */
const Saved = t.type({ init: Init, guardian: t.type({ pid: t.number, startTime: t.string }) })

/** The last `init` of a plugin, kept for the processes that its guardian starts later. */
export interface SavedInit {
  /** The init that an earlier process under the same guardian got. */
  load(): O.Option<Init>
  /** Saves an init. Yields an `Io` error if that fails. Does nothing without a guardian. */
  save(init: Init): E.Either<PluginError, void>
}

/**
 * Lets a plugin that its guardian restarts know what the host told it, because the host sends
 * `init` once, to the first process (docs/protocol.md#process-contract).
 *
 * The init is kept in `init.json` in the plugin's data directory, for this user only (0600). It
 * belongs to one guardian, by process id and start time; a file from an earlier run of the plugin
 * is ignored.
 */
export const savedInit = (
  pluginId: string,
  env: Readonly<Record<string, string | undefined>>,
  { parent, guarded }: Parents,
): SavedInit => {
  const guardian =
    guarded && parent !== undefined && parent === process.ppid ? guardianOf(parent) : O.none
  if (O.isNone(guardian)) return { load: () => O.none, save: () => E.right(undefined) }
  const { pid, startTime } = guardian.value
  const file = (): E.Either<PluginError, string> =>
    pipe(
      dataDirectory(pluginId, env),
      E.map(directory => join(directory, 'init.json')),
    )
  return {
    load: () =>
      pipe(
        O.fromEither(file()),
        O.chain(path => O.tryCatch(() => readFileSync(path, 'utf8'))),
        O.chain(text => O.fromEither(parseJsonText(text))),
        O.chain(read => O.fromEither(Saved.decode(read))),
        O.filter(saved => saved.guardian.pid === pid && saved.guardian.startTime === startTime),
        O.map(({ init }) => init),
      ),
    save: init =>
      pipe(
        file(),
        E.chain(path => replaceFile(path, JSON.stringify({ init, guardian: { pid, startTime } }))),
      ),
  }
}

const guardianOf = (pid: number): O.Option<{ readonly pid: number; readonly startTime: string }> =>
  pipe(
    statOf(pid),
    O.map(({ startTime }) => ({ pid, startTime })),
  )

/**
 * Readers find the old text or the new one. The text need not survive a loss of power, because the
 * guardian does not either.
 */
const replaceFile = (path: string, text: string): E.Either<PluginError, void> =>
  E.tryCatch(
    () => {
      const next = `${path}.${process.pid}`
      writeFileSync(next, text, { mode: 0o600 })
      renameSync(next, path)
    },
    cause => ioError(`${path} cannot be written`, cause),
  )
