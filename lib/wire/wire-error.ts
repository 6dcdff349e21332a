import { type PluginError, protocolError } from '../domain/plugin-error.js'

/**
 * What can be wrong with the bytes of a message. It is logged and closes its connection, and no
 * other one (docs/protocol.md#failures).
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

/** The error of something that has `length` bytes or more, where at most `limit` are allowed. */
export const tooLong = (what: string, length: number, limit: number, hint = ''): WireError =>
  wireError(
    'FrameTooLong',
    `a ${what} of ${length} bytes: at most ${limit} bytes are allowed${hint}`,
  )

/** The same for those who read and write messages themselves: a `Protocol` error with its cause. */
export const toProtocolError = (error: WireError): PluginError =>
  protocolError(error.message, error)
