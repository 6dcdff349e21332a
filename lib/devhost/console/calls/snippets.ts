import { parseJson } from '../components/text.js'
import type { RouteRequest } from './call.js'

/** A request as a `curl` command for a POSIX shell. `base` is the URL of the plugin's route. */
export const curlOf = (base: string, { method, path, headers, body }: RouteRequest): string =>
  [
    `curl -i${method === 'HEAD' ? 'I' : ` -X ${method}`} ${quoted(base + path)}`,
    ...headers.map(([name, value]) => `-H ${quoted(`${name}: ${value}`)}`),
    ...(body === null ? [] : [`--data-raw ${quoted(body)}`]),
  ].join(' \\\n  ')

/** The parts of an answer that a test compares. */
export interface Expected {
  readonly status: number
  readonly body: string
}

/**
 * A request as a test with `toru-plugin-api/testing`. The class is taken from the handler's name,
 * such as `Notes.read`; without one it is `MyPlugin`. A JSON body becomes a literal.
 */
export const testOf = (
  handler: string,
  request: RouteRequest,
  expected: Expected | null,
): string => {
  const name = /^([A-Za-z_$][\w$]*)\./.exec(handler)?.[1] ?? 'MyPlugin'
  const status = expected?.status ?? 200
  const json = expected === null || expected.body === '' ? undefined : parseJson(expected.body)
  return `${[
    `import assert from 'node:assert/strict'`,
    `import test from 'node:test'`,
    `import { testPlugin } from 'toru-plugin-api/testing'`,
    `import { ${name} } from './plugin.js'`,
    '',
    `test(${literal(`${request.method} ${request.path} answers ${status}`)}, async () => {`,
    `  const plugin = testPlugin(new ${name}())`,
    `  const answer = await plugin.${requestCode(request)}`,
    `  assert.equal(answer.status, ${status})`,
    ...(json === undefined
      ? []
      : [`  assert.deepEqual(answer.json, ${indented(valueCode(json))})`]),
    '})',
  ].join('\n')}\n`
}

const BARE = ['GET', 'HEAD', 'OPTIONS', 'DELETE']
const WITH_BODY = ['POST', 'PUT', 'PATCH']

const requestCode = ({ method, path, headers, body }: RouteRequest): string => {
  const value = body === null ? undefined : (parseJson(body) ?? body)
  // `testPlugin` adds this header to a JSON body.
  const own = headers.filter(
    ([name, type]) =>
      !(name === 'content-type' && type === 'application/json' && typeof value === 'object'),
  )
  const options = own.length === 0 ? [] : [`{ headers: ${objectCode(own)} }`]
  const bodyCode = typeof value === 'object' ? indented(valueCode(value)) : literal(body ?? '')
  if (BARE.includes(method) && body === null)
    return `${method.toLowerCase()}(${[literal(path), ...options].join(', ')})`
  if (WITH_BODY.includes(method)) {
    const given = body !== null ? [bodyCode] : options.length > 0 ? ['undefined'] : []
    return `${method.toLowerCase()}(${[literal(path), ...given, ...options].join(', ')})`
  }
  const parts = [
    `method: ${literal(method)}`,
    `path: ${literal(path)}`,
    ...(own.length === 0 ? [] : [`headers: ${objectCode(own)}`]),
    ...(body === null ? [] : [`body: ${bodyCode}`]),
  ]
  return `request({ ${parts.join(', ')} })`
}

const objectCode = (pairs: ReadonlyArray<readonly [string, string]>): string =>
  `{ ${pairs.map(([name, value]) => `${literal(name)}: ${literal(value)}`).join(', ')} }`

/** JSON is TypeScript, except that `__proto__` would set the prototype. */
const valueCode = (value: unknown): string => {
  const json = JSON.stringify(value, null, 2)
  return json.includes('"__proto__"') ? `JSON.parse(${literal(JSON.stringify(value))})` : json
}

const indented = (code: string): string => code.replaceAll('\n', '\n  ')

const literal = (text: string): string =>
  `'${JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`

const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`
