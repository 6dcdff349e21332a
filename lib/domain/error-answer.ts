import type { Headers } from './http.js'
import type { HttpAnswer } from './message.js'
import { type PluginError, statusOf } from './plugin-error.js'

/** The answer to a request that failed. The message of an `Internal` error stays in the log. */
export const errorAnswer = (error: PluginError): HttpAnswer => ({
  _tag: 'HttpAnswer',
  status: statusOf(error),
  headers: {
    ...(error._tag === 'InvalidRequest' ? withoutType(error.headers) : {}),
    'Content-Type': 'application/json',
  },
  body: JSON.stringify({
    error: error._tag,
    message:
      error._tag === 'Internal'
        ? 'the plugin failed to answer; its log has the reason'
        : error.message,
    ...(error._tag === 'InvalidRequest' && error.details !== undefined
      ? { details: error.details }
      : {}),
  }),
})

/** The body is JSON, so an author's `Content-Type` does not count. */
const withoutType = (headers: Headers = {}): Headers =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type'),
  )
