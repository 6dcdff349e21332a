/** Somebody who waits for answers and may leave: one end of a connection. */
export interface Peer {
  /** Whether it has left. */
  readonly lost: boolean
  /**
   * Calls `f` when it leaves, unless the function that it returns is called first. Not called if it
   * has left already.
   */
  readonly onLost: (f: () => void) => () => void
}
