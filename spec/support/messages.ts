// The messages of the three dialects, as docs/protocol.md#messages has them.

/** The ways in which a host speaks. */
export const DIALECTS = ['documented', 'nested', 'tagged'] as const
export type Dialect = (typeof DIALECTS)[number]

export const STAMP = '2026-01-15T10:00:00.123456789Z'

export interface Request {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | null
}

const requestOf = ({ method = 'GET', path = '/', headers = {}, body = null }: Request) => ({
  method,
  path,
  headers,
  body,
})

/** An HTTP request. */
export const http = (dialect: Dialect, id: string | null, request: Request = {}): object => {
  const plain = requestOf(request)
  const payload = {
    documented: plain,
    nested: { payload: plain },
    tagged: { type: 'http', request_id: id ?? '', payload: plain },
  }[dialect]
  return { type: 'http', timestamp: STAMP, request_id: id, payload }
}

/**
 * An HTTP request without the name `request_id`, which only the two untagged dialects can do
 * without.
 */
export const namelessHttp = (request: Request = {}): object => ({
  type: 'http',
  timestamp: STAMP,
  payload: requestOf(request),
})

export interface Response {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string | null
}

/** The answer to `http(dialect, id)`, whole; its time is {@link timeless}'s. */
export const httpAnswer = (
  dialect: Dialect,
  id: string | null,
  { status, headers, body }: Response,
): object => {
  const response = { status, headers, body }
  const wrapper = { method: 'RESPONSE', path: '', headers: {}, body: JSON.stringify(response) }
  const payload =
    dialect === 'tagged' ? { type: 'http', request_id: id ?? '', payload: wrapper } : response
  return { type: 'http', timestamp: 'NOW', request_id: id, payload }
}

/** A response of a JSON value. */
export const jsonResponse = (
  value: unknown,
  status = 200,
  headers: Readonly<Record<string, string>> = {},
): Response => ({
  status,
  headers: { 'Content-Type': 'application/json', ...headers },
  body: JSON.stringify(value),
})

export type KvAction = 'get' | 'set' | 'delete'

/** A key-value request. */
export const kv = (
  dialect: Dialect,
  id: string | null,
  action: KvAction,
  key: string,
  value?: string,
): object => {
  const operands = value === undefined ? { key } : { key, value }
  const tagged = {
    type: 'kv',
    request_id: id ?? '',
    action: `${action[0]?.toUpperCase()}${action.slice(1)}`,
    ...operands,
  }
  const payload = dialect === 'tagged' ? tagged : { action, ...operands }
  return { type: 'kv', timestamp: STAMP, request_id: id, payload }
}

/** The answer to a key-value request, whole. */
export const kvAnswer = (dialect: Dialect, id: string | null, value: string | null): object => ({
  type: 'kv',
  timestamp: 'NOW',
  request_id: id,
  payload: dialect === 'tagged' ? { type: 'kv', request_id: id ?? '', value } : { value },
})

/** A lifecycle message. */
export const lifecycle = (dialect: Dialect, fields: Readonly<Record<string, string>>): object => ({
  type: 'lifecycle',
  timestamp: STAMP,
  request_id: null,
  payload: dialect === 'tagged' ? { type: 'lifecycle', ...fields } : fields,
})

/** An `init`. */
export const init = (
  instanceId: string,
  logPath = '/nowhere/plugin.log',
  dialect: Dialect = 'tagged',
): object =>
  lifecycle(dialect, {
    action: 'init',
    instance_id: instanceId,
    plugin_socket: '/nowhere/plugin.sock',
    log_path: logPath,
  })

/** A `shutdown`. */
export const shutdown: object = lifecycle('tagged', { action: 'shutdown' })

const RFC_3339_UTC = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

/** An answer with its time replaced by `NOW`, if it has the shape that the protocol asks for. */
export const timeless = (answer: unknown): unknown =>
  isObject(answer) && typeof answer.timestamp === 'string' && RFC_3339_UTC.test(answer.timestamp)
    ? { ...answer, timestamp: 'NOW' }
    : answer

/** The response in an answer of any dialect. */
export const responseIn = (answer: unknown): unknown => {
  const payload = isObject(answer) ? answer.payload : undefined
  const wrapper = isObject(payload) ? payload.payload : undefined
  return isObject(wrapper) && typeof wrapper.body === 'string' ? JSON.parse(wrapper.body) : payload
}

/** The JSON value in the body of the response in an answer. */
export const bodyIn = (answer: unknown): unknown => {
  const response = responseIn(answer)
  return isObject(response) && typeof response.body === 'string'
    ? JSON.parse(response.body)
    : undefined
}

/** The `request_id` of an answer. */
export const idIn = (answer: unknown): unknown => (isObject(answer) ? answer.request_id : undefined)

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null
