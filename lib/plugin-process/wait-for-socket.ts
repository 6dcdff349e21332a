import { lstatSync } from 'node:fs'
import { connect } from 'node:net'
import { setTimeout as pause } from 'node:timers/promises'

/** How to wait for a plugin that was started. Times are in milliseconds. */
export interface WaitOptions {
  readonly timeout: number
  /** Whether the process has ended: then there is nothing to wait for any more. */
  readonly isOver: () => boolean
  /** How often to look; 2 unless said. */
  readonly interval?: number
}

/**
 * Waits for something at the path of a plugin's socket, as the host does; `undefined` where nothing
 * comes.
 */
export const waitForSocket = (
  path: string,
  options: WaitOptions,
): Promise<'socket' | 'file' | undefined> =>
  poll(options, async () => {
    const found = lstatSync(path, { throwIfNoEntry: false })
    return found === undefined ? undefined : found.isSocket() ? 'socket' : 'file'
  })

/**
 * Waits until a plugin accepts a connection; whether it does. Of some languages the name of the
 * socket is there before that.
 */
export const waitForConnection = async (path: string, options: WaitOptions): Promise<boolean> =>
  (await poll(options, async () => ((await accepts(path)) ? true : undefined))) === true

const poll = async <A>(
  { timeout, isOver, interval = 2 }: WaitOptions,
  look: () => Promise<A | undefined>,
): Promise<A | undefined> => {
  const deadline = performance.now() + timeout
  for (;;) {
    const found = await look()
    const left = deadline - performance.now()
    if (found !== undefined || left <= 0 || isOver()) return found
    await pause(Math.min(left, interval))
  }
}

const accepts = (path: string): Promise<boolean> =>
  new Promise(resolve => {
    const socket = connect(path, () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
