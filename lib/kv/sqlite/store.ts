import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import type { PluginError } from '../../domain/plugin-error.js'
import { withLimits } from '../limits.js'
import type { ClosableKvStore } from '../provider.js'
import { type TurnQueue, turnQueue } from '../turn-queue.js'
import { errorOf, fault, type SqliteFault } from './driver/fault.js'
import type { KvTable } from './kv-table.js'
import { type Operation, type Session, sessionKeeper } from './reconnecting-session.js'
import { retryBusy } from './retry-busy.js'

/** Where a store has its database from. */
export interface SqliteSource {
  /** The file, for error messages. */
  readonly file: () => string
  /** Milliseconds that an operation may wait for a lock or for the file to open. */
  readonly deadlineMs: number
  /** Opens the file. What it yields is not remembered: the next operation tries again. */
  readonly open: () => Promise<Either<SqliteFault, Session>>
}

/**
 * A store over a table in a SQLite file that is opened on first use. Reads are tried at once;
 * writes happen in the order in which they were begun. The lock of another process is waited for
 * without holding up the event loop, until the deadline (`Timeout`); every other fault is an error
 * value at once (`Io`).
 */
export const sqliteStore = (source: SqliteSource): ClosableKvStore => {
  const keeper = sessionKeeper(source.open)
  const turns: TurnQueue = turnQueue()
  const toAnswer = <A>(result: Either<SqliteFault, A>): Either<PluginError, A> =>
    E.isRight(result) ? result : E.left(errorOf(source.file(), source.deadlineMs, result.left))

  const patient = async <A>(
    operation: Operation<A>,
    deadline: number,
  ): Promise<Either<PluginError, A>> =>
    toAnswer(await retryBusy(deadline, () => keeper.run(operation, deadline))())

  const read = <A>(run: (table: KvTable) => Either<SqliteFault, A>): TaskEither<PluginError, A> => {
    const operation: Operation<A> = { writes: false, run }
    return async () => {
      const deadline = performance.now() + source.deadlineMs
      const once = keeper.runNow(operation)
      return isFinal(once) ? toAnswer(once) : patient(operation, deadline)
    }
  }

  const write = <A>(
    run: (table: KvTable) => Either<SqliteFault, A>,
  ): TaskEither<PluginError, A> => {
    const operation: Operation<A> = { writes: true, run }
    return async () => {
      const deadline = performance.now() + source.deadlineMs
      const once = turns.now(() => keeper.runNow(operation))
      if (isFinal(once)) return toAnswer(once)
      // A write that is late must not happen after its caller was told that it did not.
      return turns.next(async () =>
        performance.now() < deadline ? patient(operation, deadline) : toAnswer(E.left(IN_THE_WAY)),
      )
    }
  }

  return {
    ...withLimits({
      get: key => read(table => table.get(key)),
      keys: (prefix = '') => read(table => table.keys(prefix)),
      entries: (prefix = '') => read(table => table.entries(prefix)),
      set: (key, value) => write(table => table.set(key, value)),
      delete: key => write(table => table.delete(key)),
      update: (key, f) => write(table => table.update(key, f)),
      clear: () => write(table => table.clear()),
    }),
    close: () => turns.next(async () => E.right(await keeper.close())),
  }
}

const IN_THE_WAY = fault('locked', 'earlier writes were in the way')

const isFinal = <A>(result: Either<SqliteFault, A> | undefined): result is Either<SqliteFault, A> =>
  result !== undefined && (E.isRight(result) || result.left.kind !== 'locked')
