// Starts the fixture plugin `crowded`, which makes the mistakes of a careless author, for the long
// runs.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { askingOn, DIST, frameOf, startAt } from './process.js'

export const MIB = 1024 * 1024

/** What the plugin says about itself. */
export interface PluginState {
  readonly rss: number
  readonly descriptors: number
  readonly timers: number
}

/** An HTTP message in the dialect of today's host, as a frame. */
export const http = (method: string, where: string, body: string | null = null): Buffer =>
  frameOf({
    type: 'http',
    timestamp: '2026-01-01T00:00:00Z',
    request_id: 'r',
    payload: { type: 'http', request_id: 'r', payload: { method, path: where, headers: {}, body } },
  })

/** A KV message in the dialect of today's host, as a frame. */
export const kv = (action: string, key: string, value?: string): Buffer =>
  frameOf({
    type: 'kv',
    timestamp: '2026-01-01T00:00:00Z',
    request_id: 'r',
    payload: { type: 'kv', request_id: 'r', action, key, value },
  })

/** The status and the body of an HTTP answer. */
export const responseOf = (answer: Buffer): { readonly status: number; readonly body: string } =>
  JSON.parse(JSON.parse(answer.toString()).payload.payload.body)

export const stateHeader = (first: string): string =>
  `| ${first} | resident memory, MiB | descriptors | timers |\n|---|---|---|---|`

export const showState = (first: number, { rss, descriptors, timers }: PluginState): string =>
  `| ${first} | ${(rss / MIB).toFixed(1)} | ${descriptors} | ${timers} |`

/** Starts it in a folder of its own. */
export const startCrowded = async (env: NodeJS.ProcessEnv) => {
  const folder = mkdtempSync(join(tmpdir(), 'toru-soak-'))
  const path = join(folder, 'plugin.sock')
  const child = await startAt(join(DIST, 'spec/fixtures/plugins/crowded.js'), path, {
    CROWDED_TOKEN: 'soaking',
    TORU_DATA_DIR: folder,
    TORU_LOG_LEVEL: 'error',
    ...env,
  })
  return {
    path,
    child,
    state: async (): Promise<PluginState> => {
      const { ask, socket } = askingOn(path)
      const { body } = responseOf(await ask(http('GET', '/state')))
      socket.destroy()
      return JSON.parse(body)
    },
    end: () => {
      child.kill('SIGKILL')
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
