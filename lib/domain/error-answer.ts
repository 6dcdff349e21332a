import type { HttpAnswer } from './message.js'
import { type PluginError, statusOf } from './plugin-error.js'

/** The answer to a request that failed. Total: every error has one. An `Internal` error keeps its message for the log. */
export const errorAnswer = (error: PluginError): HttpAnswer => ({
  _tag: 'HttpAnswer',
  status: statusOf(error),
  headers: { 'Content-Type': 'application/json', ...(error._tag === 'InvalidRequest' ? error.headers : {}) },
  body: JSON.stringify({
    error: error._tag,
    message: error._tag === 'Internal' ? 'the plugin failed to answer; its log has the reason' : error.message,
    ...(error._tag === 'InvalidRequest' && error.details !== undefined ? { details: error.details } : {}),
  }),
})
