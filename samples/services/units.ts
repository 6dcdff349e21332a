import type { AvailableService, Service, Status } from './service.js'
import type { ServiceName } from './service-name.js'

/** The properties that {@link serviceFrom} reads. */
export const PROPERTIES = [
  'Description',
  'LoadState',
  'ActiveState',
  'SubState',
  'ActiveEnterTimestampMonotonic',
] as const

/** What `systemctl show` says about one unit. */
export type Properties = ReadonlyMap<string, string>

/**
 * The output of `systemctl show`: lines of `Name=value`, an empty line between two units, in the
 * order of the arguments.
 */
export const parseShow = (text: string): ReadonlyArray<Properties> =>
  text
    .split(/\n\n+/)
    .map(block => block.split('\n').filter(line => line.includes('=')))
    .filter(lines => lines.length > 0)
    .map(
      lines =>
        new Map(
          lines.map(line => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]),
        ),
    )

/**
 * A service at a moment of systemd's clock, in microseconds. It keeps the name that was asked for,
 * which may be an alias.
 */
export const serviceFrom = (name: ServiceName, properties: Properties, now: number): Service => {
  const of = (property: (typeof PROPERTIES)[number]): string => properties.get(property) ?? ''
  const status = statusFrom(of('LoadState'), of('ActiveState'))
  const since = Number(of('ActiveEnterTimestampMonotonic'))
  return {
    name,
    description: of('Description'),
    status,
    active_state: of('ActiveState'),
    sub_state: of('SubState'),
    uptime_seconds:
      status === 'running' && since > 0 ? Math.max(0, Math.floor((now - since) / 1_000_000)) : null,
  }
}

const statusFrom = (loadState: string, activeState: string): Status => {
  if (activeState === 'active') return 'running'
  if (activeState === 'failed') return 'failed'
  if (activeState === 'inactive')
    return loadState === 'loaded' || loadState === 'masked' ? 'stopped' : 'unknown'
  return activeState === '' ? 'unknown' : 'changing'
}

/**
 * All services, from `systemctl list-units --plain --no-legend` (what systemd has loaded) and
 * `systemctl list-unit-files --no-legend` (what has a file), without templates, aliases, and units
 * that others only mention.
 */
export const availableFrom = (units: string, files: string): ReadonlyArray<AvailableService> => {
  const fileStates = new Map(columnsOf(files).map(([name = '', state = '']) => [name, state]))
  const loaded = columnsOf(units)
    .filter(([, load]) => load !== 'not-found')
    .map(([name = '', , active = '', , ...description]) => ({
      name,
      description: description.join(' '),
      active_state: active,
      file_state: fileStates.get(name) ?? null,
    }))
  const names = new Set(loaded.map(({ name }) => name))
  const others = [...fileStates]
    .filter(([name, state]) => !names.has(name) && state !== 'alias' && !name.endsWith('@.service'))
    .map(([name, state]) => ({
      name,
      description: '',
      active_state: 'inactive',
      file_state: state,
    }))
  return [...loaded, ...others].sort((a, b) => (a.name < b.name ? -1 : 1))
}

/** Only the last column has spaces: systemd writes one in a unit's name as `\x20`. */
const columnsOf = (text: string): ReadonlyArray<ReadonlyArray<string>> =>
  text
    .split('\n')
    .map(line => line.trim().split(/ +/))
    .filter(([name]) => name?.endsWith('.service'))
