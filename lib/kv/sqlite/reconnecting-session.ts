import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { fault, type SqliteFault } from './driver/fault.js'
import type { KvTable } from './kv-table.js'

/** An open database. */
export interface Session {
  readonly table: KvTable
  /**
   * Whether the file is still the one that was opened: it can be replaced, moved or removed under
   * us. One look at the file system.
   */
  readonly isCurrent: () => boolean
  /** Why the file is open for reading only, where it is. */
  readonly readOnly?: SqliteFault
  /** Lets go of the file. It must not throw. */
  readonly close: () => void
}

/**
 * What is done with an open database. An operation that `writes` needs one that can be written to.
 */
export interface Operation<A> {
  readonly writes: boolean
  readonly run: (table: KvTable) => Either<SqliteFault, A>
}

/**
 * Keeps one database open from its first use on, and opens it again after whatever made it useless.
 */
export interface SessionKeeper {
  /** Runs an operation at once; none where the database has to be opened first. */
  readonly runNow: <A>(operation: Operation<A>) => Either<SqliteFault, A> | undefined
  /**
   * Opens the database if need be and runs an operation. Waits for the opening no longer than the
   * deadline; the opening itself goes on.
   */
  readonly run: <A>(operation: Operation<A>, deadline: number) => Promise<Either<SqliteFault, A>>
  readonly close: () => Promise<void>
}

/**
 * A keeper of what `open` opens. A failure to open is not remembered: the disk may be mounted
 * later.
 */
export const sessionKeeper = (open: () => Promise<Either<SqliteFault, Session>>): SessionKeeper => {
  let session: Session | undefined
  let opening: Promise<Either<SqliteFault, Session>> | undefined

  const drop = (): void => {
    session?.close()
    session = undefined
  }

  const begin = async (): Promise<Either<SqliteFault, Session>> => {
    const opened = await open().catch(thrown => E.left(fault('failed', thrown)))
    if (E.isRight(opened)) session = opened.right
    opening = undefined
    return opened
  }

  const usable = (writes: boolean): Session | undefined => {
    if (
      session !== undefined &&
      (!session.isCurrent() || (writes && session.readOnly !== undefined))
    )
      drop()
    return session
  }

  const perform = <A>(kept: Session, operation: Operation<A>): Either<SqliteFault, A> => {
    const result = operation.run(kept.table)
    if (E.isLeft(result) && isUseless(result.left, operation.writes)) drop()
    return result
  }

  return {
    runNow: operation => {
      const kept = usable(operation.writes)
      return kept === undefined ? undefined : perform(kept, operation)
    },
    run: async (operation, deadline) => {
      const kept = usable(operation.writes)
      if (kept !== undefined) return perform(kept, operation)
      opening ??= begin()
      const opened = await before(deadline, opening, () =>
        E.left(fault('locked', 'it is still being opened; a large file is checked first')),
      )
      if (E.isLeft(opened)) return opened
      // Whoever waited beside us may have met a fault that closed it again.
      if (opened.right !== session)
        return E.left(fault('locked', 'it was closed while it was opened'))
      return operation.writes && session.readOnly !== undefined
        ? E.left(session.readOnly)
        : perform(session, operation)
    },
    close: async () => {
      await opening
      drop()
    },
  }
}

/**
 * A disk that is full still serves reads through what is open; after the other faults a fresh start
 * can be better, and is no worse.
 */
const isUseless = ({ kind, broken }: SqliteFault, writes: boolean): boolean =>
  broken === true || kind === 'damaged' || kind === 'read-only' || (kind === 'failed' && !writes)

/** What a promise yields before the deadline, otherwise `late()`. The promise goes on. */
const before = <A>(deadline: number, promise: Promise<A>, late: () => A): Promise<A> =>
  new Promise(resolve => {
    const timer = setTimeout(() => resolve(late()), Math.max(0, deadline - performance.now()))
    void promise.then(value => {
      clearTimeout(timer)
      resolve(value)
    })
  })
