import type { ServerResponse } from 'node:http'
import type { Context } from '../context.js'
import type { ConsoleEvent } from '../event-hub.js'

/**
 * A client with more unread bytes than this gets no events until it has read them, and then the
 * whole state.
 */
const MAX_UNREAD = 1_048_576

/** A comment keeps proxies and browsers from closing an idle stream. In milliseconds. */
const COMMENT_INTERVAL = 15_000

/**
 * Streams events to a console: the whole state first, then every event, until the client leaves or
 * the host stops.
 */
export const sendEvents = (context: Context, response: ServerResponse): void => {
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store',
    'x-accel-buffering': 'no',
  })
  let isBehind = false
  const write = (event: ConsoleEvent): void =>
    void response.write(`event: ${event.name}\ndata: ${JSON.stringify(event.data)}\n\n`)
  const state = (): void => write({ name: 'state', data: context.state() })
  state()
  const unsubscribe = context.hub.subscribe(event => {
    if (isBehind) return
    write(event)
    isBehind = response.writableLength > MAX_UNREAD
  })
  response.on('drain', () => {
    if (!isBehind) return
    isBehind = false
    state()
  })
  const comments = setInterval(() => {
    if (!isBehind) response.write(': still here\n\n')
  }, COMMENT_INTERVAL)
  comments.unref()
  response.once('close', () => {
    clearInterval(comments)
    unsubscribe()
  })
}
