import { existsSync } from 'node:fs'
import type { PluginState } from '../console-api.js'
import type { PluginProcess } from '../process/plugin-process.js'

/** Where a plugin is in its life. */
export interface PluginStatus {
  readonly state: PluginState
  readonly reason: string | null
  readonly enabled: boolean
  /**
   * By the real host's own measure in faithful mode, where a plugin that died runs until somebody
   * disables it.
   */
  readonly running: boolean
  readonly health: 'healthy' | 'unhealthy' | 'disabled'
  readonly pid: number | null
  readonly path: string
  readonly restarts: number
  readonly startedAt: number | null
  readonly socketAfter: number | null
}

/** What there is to know of a plugin. */
export interface Life {
  readonly state: PluginState
  readonly reason: string | null
  readonly restarts: number
  readonly current: PluginProcess | undefined
  /** Of the socket that was the last one. */
  readonly path: string
}

/**
 * A plugin's status. In faithful mode it runs until somebody disables it, whatever has become of
 * its process.
 */
export const statusOf = (
  faithful: boolean,
  { state, reason, restarts, current, path }: Life,
): PluginStatus => {
  const enabled = state !== 'disabled'
  const running = current !== undefined && (faithful || current.end() === undefined)
  return {
    state,
    reason,
    enabled,
    running,
    health: !enabled ? 'disabled' : running && existsSync(current.path) ? 'healthy' : 'unhealthy',
    pid: running ? current.pid : null,
    path,
    restarts,
    startedAt: running ? current.startedAt : null,
    socketAfter: current?.socketAfter() ?? null,
  }
}
