import { randomUUID } from 'node:crypto'
import type { Either, URI as EitherURI } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import * as TE from 'fp-ts/lib/TaskEither.js'
import type { ClosableKvStore } from '../../domain/kv-provider.js'
import type { PluginError } from '../../domain/plugin-error.js'
import { keyedQueue } from '../keyed-queue.js'
import { withLimits } from '../limits.js'
import { isWrite, storeOf } from '../store.js'
import { detailOf, errorOf, fault, type SqliteFault } from './driver/fault.js'
import { type Operation, reconnectingSession, type Session } from './reconnecting-session.js'
import { retryBusy } from './retry-busy.js'

/** The database of a store. */
export interface SqliteSource {
  /** The path, for error messages. */
  readonly file: () => string
  /** Milliseconds that an operation may wait for a lock or for the file to open. */
  readonly deadlineMs: number
  /** Opens the file. A failure is not remembered: the next operation opens it again. */
  readonly open: TaskEither<SqliteFault, Session>
  /**
   * Does what comes before opening. Yields whether there is a file to open; where there is none,
   * one can be created.
   */
  readonly prepare: TaskEither<SqliteFault, boolean>
}

/**
 * A store over a table in a SQLite file that is opened by the first operation.
 *
 * A read runs at once; writes run in the order in which they were begun. An operation waits for the
 * lock of another process without blocking the event loop, until the deadline (`Timeout`). Every
 * other fault is an error value at once (`Io`).
 */
export const sqliteStore = ({ file, deadlineMs, open, prepare }: SqliteSource): ClosableKvStore => {
  const session = reconnectingSession(open)
  const writes = keyedQueue()

  const retry = <A>(operation: Operation<A>, deadline: number): TaskEither<SqliteFault, A> =>
    retryBusy(deadline, session.run(operation, deadline))
  const answer = E.mapLeft((reason: SqliteFault) => errorOf(file(), deadlineMs, reason))

  const read = async <A>(operation: Operation<A>): Promise<Either<PluginError, A>> => {
    const deadline = performance.now() + deadlineMs
    const result = session.runNow(operation)
    return answer(isFinal(result) ? result : await retry(operation, deadline)())
  }

  const write = async <A>(operation: Operation<A>): Promise<Either<PluginError, A>> => {
    const deadline = performance.now() + deadlineMs
    const result = writes.now(() => session.runNow(operation))
    if (isFinal(result)) return answer(result)
    // A write must not happen after its caller was told that it was too late.
    const later = await writes.next(async () =>
      performance.now() < deadline ? retry(operation, deadline)() : TOO_LATE,
    )
    return answer(later)
  }

  const store = storeOf<EitherURI, SqliteFault>((call, run) =>
    isWrite(call) ? () => write({ writes: true, run }) : () => read({ writes: false, run }),
  )
  return {
    ...withLimits(store),
    close: () => writes.next(async () => E.right(await session.close())),
    check: pipe(
      prepare,
      TE.chain(isThere =>
        isThere ? () => retry(NO_CHANGE, performance.now() + deadlineMs)() : TE.right(undefined),
      ),
      TE.bimap(
        reason => detailOf(file(), reason),
        () => undefined,
      ),
    ),
  }
}

/**
 * Deletes a key that nobody has. That takes the lock for writing, and changes nothing. A database
 * that is read-only lets a transaction begin, and refuses this.
 */
const NO_CHANGE: Operation<void> = { writes: true, run: table => table.delete(randomUUID()) }

const TOO_LATE = E.left(fault('locked', 'earlier writes were in the way'))

const isFinal = <A>(result: Either<SqliteFault, A> | undefined): result is Either<SqliteFault, A> =>
  result !== undefined && (E.isRight(result) || result.left.kind !== 'locked')
