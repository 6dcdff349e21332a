import { existsSync } from 'node:fs'
import type { PluginState } from '../console-api.js'
import type { PluginProcess } from '../process/plugin-process.js'
import { hasProcess } from './step.js'
import type { Service, State } from './supervision.js'

/** The status of a plugin, for the host's interface and the console. */
export interface PluginStatus {
  readonly state: PluginState
  readonly reason: string | null
  readonly enabled: boolean
  /** Whether the host takes it for running. */
  readonly running: boolean
  readonly health: 'healthy' | 'unhealthy' | 'disabled'
  readonly pid: number | null
  /** The path of the latest socket. */
  readonly path: string
  readonly restarts: number
  readonly startedAt: number | null
  readonly socketAfter: number | null
}

/** The status of a plugin. `latest` is the process that serves, or the last that did. */
export const statusOf = (
  { service, restarts }: State,
  latest: PluginProcess | undefined,
): PluginStatus => {
  const current = hasProcess(service) ? latest : undefined
  const enabled = service._tag !== 'Disabled'
  return {
    state: STATES[service._tag],
    reason: reasonOf(service),
    enabled,
    running: current !== undefined,
    health: !enabled
      ? 'disabled'
      : current !== undefined && existsSync(current.path)
        ? 'healthy'
        : 'unhealthy',
    pid: current?.pid ?? null,
    path: latest?.path ?? '',
    restarts,
    startedAt: current?.startedAt ?? null,
    socketAfter: current?.socketAfter() ?? null,
  }
}

const STATES: Readonly<Record<Service['_tag'], PluginState>> = {
  Idle: 'starting',
  Starting: 'starting',
  Running: 'running',
  Restarting: 'restarting',
  Failed: 'failed',
  Unnoticed: 'failed',
  Disabled: 'disabled',
}

const reasonOf = (service: Service): string | null =>
  'reason' in service ? service.reason : service._tag === 'Starting' ? service.late : null
