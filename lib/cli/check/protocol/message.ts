/** The dialects that a host may speak. */
export type Dialect = 'documented' | 'nested' | 'tagged'

/** A request's id. `undefined`: the message has no such property. */
export type RequestId = string | null | undefined

/** An HTTP request. */
export interface Request {
  readonly method?: string
  readonly path?: string
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | null
}

const envelope = (type: string, id: RequestId, payload: object): object => ({
  type,
  timestamp: new Date().toISOString(),
  ...(id === undefined ? {} : { request_id: id }),
  payload,
})

/** An HTTP request in a dialect. */
export const http = (
  dialect: Dialect,
  id: RequestId,
  { method = 'GET', path = '/', headers = {}, body = null }: Request = {},
): object => {
  const plain = { method, path, headers, body }
  if (dialect === 'documented') return envelope('http', id, plain)
  if (dialect === 'nested') return envelope('http', id, { payload: plain })
  return envelope('http', id, { type: 'http', request_id: id ?? '', payload: plain })
}

/** A key-value request in a dialect. */
export const kv = (
  dialect: Dialect,
  id: RequestId,
  action: 'get' | 'set' | 'delete',
  key: string,
  value?: string,
): object => {
  const operands = value === undefined ? { key } : { key, value }
  if (dialect !== 'tagged') return envelope('kv', id, { action, ...operands })
  const name = `${action.slice(0, 1).toUpperCase()}${action.slice(1)}`
  return envelope('kv', id, { type: 'kv', request_id: id ?? '', action: name, ...operands })
}

/** A lifecycle message in a dialect. */
export const lifecycle = (
  dialect: Dialect,
  action: string,
  fields: Readonly<Record<string, string>> = {},
): object =>
  envelope('lifecycle', null, {
    ...(dialect === 'tagged' ? { type: 'lifecycle' } : {}),
    action,
    ...fields,
  })

/** The init that the host sends once, when it starts. */
export const init = (dialect: Dialect, socket: string, logPath: string): object =>
  lifecycle(dialect, 'init', {
    instance_id: 'b1b6f4d0-5f0e-4a53-9a43-0c6a1f2d7c11',
    plugin_socket: socket,
    log_path: logPath,
  })

/** A request id in the host's form. */
export const ID = '550e8400-e29b-41d4-a716-446655440000'
