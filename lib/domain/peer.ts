/** The other end of a connection, which waits for answers and may leave. */
export interface Peer {
  /** Whether it has left. */
  readonly lost: boolean
  /**
   * Calls `f` when it leaves, unless the returned function is called first. Not if it has left
   * already.
   */
  readonly onLost: (f: () => void) => () => void
}
