import type { ServerResponse } from 'node:http'
import type { Context } from '../context.js'
import type { ConsoleEvent } from '../event-hub.js'

/**
 * Past so many bytes that a client has not taken it gets no more events, until it has taken them:
 * then it gets the whole state.
 */
const MOST_UNREAD = 1_048_576

/** A comment keeps proxies and browsers from giving up on a stream where nothing happens. */
const COMMENT_EVERY = 15_000

/**
 * A stream of events for a console: the whole state first, then every event. It lasts until the
 * client leaves or the host stops.
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
    isBehind = response.writableLength > MOST_UNREAD
  })
  response.on('drain', () => {
    if (!isBehind) return
    isBehind = false
    state()
  })
  const comments = setInterval(() => {
    if (!isBehind) response.write(': still here\n\n')
  }, COMMENT_EVERY)
  comments.unref()
  response.once('close', () => {
    clearInterval(comments)
    unsubscribe()
  })
}
