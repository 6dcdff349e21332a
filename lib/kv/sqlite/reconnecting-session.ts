import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { TaskEither } from 'fp-ts/lib/TaskEither.js'
import { fault, type SqliteFault } from './driver/fault.js'
import type { KvTable } from './kv-table.js'

/** An open database. */
export interface Session {
  readonly table: KvTable
  /**
   * Whether the path still names the file that was opened, which can be replaced, moved or removed
   * meanwhile. It costs one system call.
   */
  readonly isCurrent: () => boolean
  /** Why the file is open for reading only, if it is. */
  readonly readOnly?: SqliteFault
  /** Closes the file. It must not throw. */
  readonly close: () => void
}

/** What is done with an open database. One that `writes` needs a database open for writing. */
export interface Operation<A> {
  readonly writes: boolean
  readonly run: (table: KvTable) => Either<SqliteFault, A>
}

/** A session that is opened by its first operation, and again after whatever made it useless. */
export interface ReconnectingSession {
  /** Runs an operation at once; `undefined` if the database has to be opened first. */
  readonly runNow: <A>(operation: Operation<A>) => Either<SqliteFault, A> | undefined
  /**
   * Opens the database if necessary and runs an operation. It waits for the opening until
   * `deadline` (by `performance.now`); the opening itself goes on.
   */
  readonly run: <A>(operation: Operation<A>, deadline: number) => TaskEither<SqliteFault, A>
  readonly close: () => Promise<void>
}

type State =
  | { readonly _tag: 'Closed' }
  | { readonly _tag: 'Opening'; readonly opened: Promise<Either<SqliteFault, Session>> }
  | { readonly _tag: 'Open'; readonly session: Session }

const CLOSED: State = { _tag: 'Closed' }

/**
 * A session over what `open` opens. A failure to open is not remembered, because the disk may be
 * mounted later.
 */
export const reconnectingSession = (
  open: TaskEither<SqliteFault, Session>,
): ReconnectingSession => {
  let state: State = CLOSED

  const close = (): void => {
    if (state._tag === 'Open') state.session.close()
    state = CLOSED
  }

  const opened = (): Promise<Either<SqliteFault, Session>> => {
    if (state._tag === 'Opening') return state.opened
    const opening = open()
      .catch(thrown => E.left(fault('failed', thrown)))
      .then(result => {
        state = E.isRight(result) ? { _tag: 'Open', session: result.right } : CLOSED
        return result
      })
    state = { _tag: 'Opening', opened: opening }
    return opening
  }

  /** The open session, unless it has become useless for an operation; then it is closed. */
  const usable = (writes: boolean): Session | undefined => {
    if (state._tag !== 'Open') return undefined
    const { session } = state
    if (session.isCurrent() && !(writes && session.readOnly !== undefined)) return session
    close()
    return undefined
  }

  const perform = <A>(session: Session, operation: Operation<A>): Either<SqliteFault, A> => {
    const result = operation.run(session.table)
    if (E.isLeft(result) && endsSession(result.left, operation.writes)) close()
    return result
  }

  return {
    runNow: operation => {
      const session = usable(operation.writes)
      return session === undefined ? undefined : perform(session, operation)
    },
    run: (operation, deadline) => async () => {
      const session = usable(operation.writes)
      if (session !== undefined) return perform(session, operation)
      const result = await before(deadline, opened(), STILL_OPENING)
      if (E.isLeft(result)) return result
      // Another operation that waited may have met a fault that closed it again.
      if (state._tag !== 'Open' || state.session !== result.right) return CLOSED_AGAIN
      return operation.writes && result.right.readOnly !== undefined
        ? E.left(result.right.readOnly)
        : perform(result.right, operation)
    },
    close: async () => {
      if (state._tag === 'Opening') await state.opened
      close()
    },
  }
}

const STILL_OPENING = E.left(fault('locked', 'it is still being opened'))
const CLOSED_AGAIN = E.left(fault('locked', 'it was closed while it was opened'))

/**
 * Whether a session cannot or should not be used after a fault. A full disk still serves reads
 * through what is open. After the other faults a new session can be better, and is no worse.
 */
const endsSession = ({ kind, broken }: SqliteFault, writes: boolean): boolean =>
  broken === true || kind === 'damaged' || kind === 'read-only' || (kind === 'failed' && !writes)

/** What a promise yields before the deadline, otherwise `late`. The promise goes on. */
const before = <A>(deadline: number, promise: Promise<A>, late: A): Promise<A> =>
  new Promise(resolve => {
    const timer = setTimeout(resolve, Math.max(0, deadline - performance.now()), late)
    void promise.then(value => {
      clearTimeout(timer)
      resolve(value)
    })
  })
