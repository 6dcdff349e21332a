// The requests that every server gets, and the answers that it has to give.

/** The kinds of work. */
export const WORKS = ['hello', 'post', 'kv', 'large'] as const

/** A kind of work. */
export type WorkName = (typeof WORKS)[number]

/** The ways in which requests come. */
export const PATTERNS = ['fresh', 'keep', 'crowd', 'pipelined'] as const

/** A way in which requests come. */
export type PatternName = (typeof PATTERNS)[number]

/**
 * How many connections stay open, and how many requests are under way on each; none for a
 * connection a request.
 */
export const FLOWS: Readonly<
  Record<PatternName, { readonly connections: number; readonly depth: number } | undefined>
> = {
  fresh: undefined,
  keep: { connections: 1, depth: 1 },
  crowd: { connections: 64, depth: 1 },
  pipelined: { connections: 8, depth: 64 },
}

/** The titles of the patterns in the tables. */
export const PATTERN_TITLES: Readonly<Record<PatternName, string>> = {
  fresh: 'fresh: a connection a request',
  keep: 'keep: one connection',
  crowd: '64 connections',
  pipelined: 'pipelined: 8 connections, 64 deep',
}

/** The titles of the kinds of work in the tables. */
export const WORK_TITLES: Readonly<Record<WorkName, string>> = {
  hello: 'GET /',
  post: 'POST, 1 KiB of validated JSON',
  kv: 'KV set and get in turn',
  large: '1 MiB in, 1 MiB out',
}

/**
 * The patterns of each kind of work. Nobody sends hundreds of megabytes at once, so large bodies
 * come one at a time.
 */
export const patternsOf = (work: WorkName): ReadonlyArray<PatternName> =>
  work === 'large' ? ['fresh', 'keep'] : PATTERNS

/** A request, before it is written in a dialect. */
export type Request =
  | {
      readonly _tag: 'Http'
      readonly method: string
      readonly path: string
      readonly type?: string
      readonly body: string | null
    }
  | {
      readonly _tag: 'Kv'
      readonly action: 'Get' | 'Set'
      readonly key: string
      readonly value?: string
    }

/** The content of an answer: the status and the body's JSON for HTTP, the value for KV. */
export type Answer =
  | { readonly status: number; readonly body: unknown }
  | { readonly value: unknown }

/** A request and the answer that is right. */
export interface Exchange {
  readonly request: Request
  readonly answer: Answer
}

const disk = (mount: string, total: number, used: number) => ({ mount, total, used })
const service = (name: string, state: string, pid: number, memory: number) => ({
  name,
  state,
  pid,
  memory,
})

/**
 * A report of a monitored server: 1 KiB of JSON, with everything in it that a codec checks.
 */
export const REPORT = {
  host: 'web-01.example.org',
  at: '2026-01-01T00:00:00.000Z',
  uptime: 1_234_567.89,
  load: [0.42, 0.36, 0.31],
  disks: [
    disk('/', 107_374_182_400, 61_203_283_968),
    disk('/var', 214_748_364_800, 180_388_626_432),
    disk('/srv', 53_687_091_200, 1_024),
  ],
  services: [
    service('nginx.service', 'running', 812, 18_874_368),
    service('postgresql.service', 'running', 901, 268_435_456),
    service('redis-server.service', 'running', 955, 12_582_912),
    service('backup.service', 'stopped', 0, 0),
    service('mailer.service', 'failed', 0, 0),
    service('toru-steering-center.service', 'running', 1_004, 33_554_432),
  ],
  labels: { region: 'eu-central', rack: 'b-17', owner: 'platform', tier: 'production' },
  note: 'The backup of the night before was skipped: “disk full” — see the ticket for what was tried.',
}

const LINE = `${JSON.stringify({ at: REPORT.at, level: 'Info', message: 'a line of a log, "quoted" now and then', pid: 812 })}\n`

/** 1 MiB of the lines of a log. */
export const LARGE = LINE.repeat(Math.ceil(1_048_576 / LINE.length)).slice(0, 1_048_576)

const VALUE = 'v'.repeat(100)

/** The exchanges of each kind of work, which are sent in turn. */
export const EXCHANGES: Readonly<Record<WorkName, ReadonlyArray<Exchange>>> = {
  hello: [
    {
      request: { _tag: 'Http', method: 'GET', path: '/', body: null },
      answer: { status: 200, body: { status: 'ok', message: 'Hello from plugin!' } },
    },
  ],
  post: [
    {
      request: {
        _tag: 'Http',
        method: 'POST',
        path: '/reports',
        type: 'application/json',
        body: JSON.stringify(REPORT),
      },
      answer: { status: 201, body: { host: REPORT.host, services: REPORT.services.length } },
    },
  ],
  kv: [
    { request: { _tag: 'Kv', action: 'Set', key: 'theme', value: VALUE }, answer: { value: null } },
    { request: { _tag: 'Kv', action: 'Get', key: 'theme' }, answer: { value: VALUE } },
  ],
  large: [
    {
      request: { _tag: 'Http', method: 'POST', path: '/large', type: 'text/plain', body: LARGE },
      answer: { status: 200, body: LARGE },
    },
  ],
}
