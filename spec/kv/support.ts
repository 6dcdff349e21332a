import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type ExecutionContext } from 'ava'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { isPluginError, type PluginError } from '../../lib/domain/plugin-error.js'
import type { SqliteDriver, SqliteDriverName } from '../../lib/kv/sqlite/driver/driver.js'
import { loadDriver } from '../../lib/kv/sqlite/driver/load-driver.js'
import { placeOf } from './place.js'

/** A directory that is gone after the test. */
export const temporaryDirectory = (t: ExecutionContext): string => {
  const directory = mkdtempSync(join(tmpdir(), 'toru-kv-'))
  t.teardown(() => rmSync(directory, { recursive: true, force: true }))
  return directory
}

/** The right side of an answer; the test fails where there is none. */
export const right = async <A>(task: TaskEither<PluginError, A>): Promise<A> => {
  const answer = await task()
  return E.isRight(answer)
    ? answer.right
    : Promise.reject(new Error(`${answer.left._tag}: ${answer.left.message}`))
}

/** The left side of an answer; the test fails where there is none. */
export const left = async (task: TaskEither<PluginError, unknown>): Promise<PluginError> => {
  const answer = await task()
  return E.isLeft(answer)
    ? answer.left
    : Promise.reject(new Error(`it succeeded with ${JSON.stringify(answer.right)}`))
}

/**
 * What an error of a store says to clients, and what it says in the log, which may hold paths.
 */
export const saidIn = ({ message, cause }: PluginError): readonly [string, string] => [
  message,
  isPluginError(cause) ? cause.message : String(cause),
]

/**
 * Counts the turns of the event loop from now on, in which it is free for others, until the
 * function that is returned is called. A turn takes longer on a busy machine, but a wait for a lock
 * that blocks is a single one.
 */
export const countTurns = (): (() => number) => {
  let turns = 0
  const timer = setInterval(() => {
    turns++
  }, 5)
  return () => {
    clearInterval(timer)
    return turns
  }
}

/**
 * A test that needs something this machine may lack. It is skipped where it is missing, and fails
 * there under CI. The stores work synchronously, so the tests of a file run one by one: none holds
 * up another's deadline.
 */
export const testWith =
  (missing: string | undefined) =>
  (title: string, body: (t: ExecutionContext) => Promise<void> | void): void => {
    if (missing === undefined) test.serial(title, body)
    else if (process.env.CI) test(title, t => t.fail(missing))
    else test.skip(`${title} (skipped: ${missing})`, body)
  }

const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)

/** Whether this Node.js is at least of a version. */
export const nodeIs = (wantedMajor: number, wantedMinor: number): boolean =>
  major > wantedMajor || (major === wantedMajor && minor >= wantedMinor)

/**
 * The drivers that this Node.js should have, with the driver or, where the machine lacks it, the
 * reason.
 */
export const drivers: ReadonlyArray<{
  readonly name: SqliteDriverName
  readonly driver?: SqliteDriver
  readonly missing?: string
}> = await Promise.all(
  (nodeIs(22, 13) ? (['node:sqlite', 'libsql'] as const) : (['libsql'] as const)).map(
    async name => {
      const loaded = await loadDriver(placeOf(), name)()
      return E.isRight(loaded)
        ? { name, driver: loaded.right }
        : { name, missing: loaded.left.message }
    },
  ),
)
