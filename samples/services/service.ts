import { t } from 'toru-plugin-api/fp'

// The codecs of the plugin's answers, and the types of the frontend.

/** The state of a service, as the coloured dot of the page shows it. */
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
    /** Since it became active; `null` if it is not active. */
    uptime_seconds: t.union([t.number, t.null]),
  },
  'Service',
)
export type Service = t.TypeOf<typeof Service>

/** A service that could be watched. */
export const AvailableService = t.type(
  {
    name: t.string,
    /** Empty if systemd has not loaded the service, but only knows its file. */
    description: t.string,
    active_state: t.string,
    /** `enabled`, `disabled`, `static`, `masked`, …; `null` if it has no file of its own. */
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
    /** The name that the process gives itself. */
    identifier: t.union([t.string, t.null]),
    pid: t.union([t.string, t.null]),
    message: t.string,
  },
  'LogEntry',
)
export type LogEntry = t.TypeOf<typeof LogEntry>

/** What can be done to a service. */
export type Action = 'start' | 'stop' | 'restart'
