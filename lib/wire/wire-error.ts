/**
 * What can go wrong between the bytes and the message. It closes the connection on which it
 * happened, is logged with its message, and touches no other connection
 * (docs/protocol.md#failures).
 */
export interface WireError {
  readonly _tag: 'FrameTooLong' | 'FrameCut' | 'InvalidUtf8' | 'InvalidJson' | 'InvalidMessage'
  /** One sentence: what was expected, what came. It quotes at most a short piece of what came. */
  readonly message: string
}

/** Makes a {@link WireError}. */
export const wireError = (_tag: WireError['_tag'], message: string): WireError => ({
  _tag,
  message,
})
