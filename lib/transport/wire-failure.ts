import { type PluginError, protocolError } from '../domain/plugin-error.js'
import type { WireError } from '../wire/wire-error.js'

/**
 * What went wrong on the wire as a `Protocol` error, for those who read and write messages
 * themselves. Its cause is the {@link WireError}.
 */
export const wireFailure = (error: WireError): PluginError => protocolError(error.message, error)
