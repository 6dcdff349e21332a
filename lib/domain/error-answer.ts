import type { Headers } from './http.js'
import type { HttpAnswer } from './message.js'
import { type PluginError, statusOf } from './plugin-error.js'

/** The answer to a request that failed. The message of an `Internal` error stays in the log. */
export const errorAnswer = (error: PluginError): HttpAnswer => ({
  _tag: 'HttpAnswer',
  status: statusOf(error),
  headers: {
    ...headersOf(error),
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

const headersOf = (error: PluginError): Headers => {
  switch (error._tag) {
    case 'InvalidRequest':
      return withoutType(error.headers)
    case 'NotInitialized':
      return error.retryAfter === undefined ? {} : { 'Retry-After': String(error.retryAfter) }
    default:
      return {}
  }
}

/** The body is JSON, so an author's `Content-Type` does not count. */
const withoutType = (headers: Headers = {}): Headers =>
  Object.fromEntries(
    Object.entries(headers).filter(([name]) => name.toLowerCase() !== 'content-type'),
  )
