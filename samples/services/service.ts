import { t } from 'toru-plugin-api/fp'

// What the plugin answers with. The frontend takes its types from here.

/** Of what systemd says about a service, as much as a coloured dot can say. */
export const Status = t.keyof(
  {
    /** It is active: a process runs, or a `oneshot` service has done its work. */
    running: null,
    stopped: null,
    failed: null,
    /** It is being started, stopped or reloaded. */
    changing: null,
    /** There is no such service, or systemd cannot read its file. */
    unknown: null,
  },
  'Status',
)
export type Status = t.TypeOf<typeof Status>

/** A service that is watched. */
export const Service = t.type(
  {
    name: t.string,
    description: t.string,
    status: Status,
    /** systemd's own words: `active`, `inactive`, `failed`, `activating`, … */
    active_state: t.string,
    /** `running`, `exited`, `dead`, `auto-restart`, … */
    sub_state: t.string,
    /** Since it became active; `null` where it is not. */
    uptime_seconds: t.union([t.number, t.null]),
  },
  'Service',
)
export type Service = t.TypeOf<typeof Service>

/** A service that could be watched. */
export const AvailableService = t.type(
  {
    name: t.string,
    /** Empty where systemd has not loaded the service: only its file is known. */
    description: t.string,
    active_state: t.string,
    /** `enabled`, `disabled`, `static`, `masked`, …; `null` for one without a file of its own. */
    file_state: t.union([t.string, t.null]),
  },
  'AvailableService',
)
export type AvailableService = t.TypeOf<typeof AvailableService>

/** An entry of the journal. */
export const LogEntry = t.type(
  {
    /** RFC 3339, UTC. */
    time: t.string,
    /** From 0 (`emerg`) to 7 (`debug`), as in syslog. */
    priority: t.number,
    /** What the process calls itself. */
    identifier: t.union([t.string, t.null]),
    pid: t.union([t.string, t.null]),
    message: t.string,
  },
  'LogEntry',
)
export type LogEntry = t.TypeOf<typeof LogEntry>

/** What can be done to a service. */
export type Action = 'start' | 'stop' | 'restart'
