import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import type { Headers, HostMessage, KvMessage } from '../../protocol.js'
import { type CliError, usageError } from '../cli-error.js'

/** What the words and options of a call say. */
export interface Wanted {
  /** The words after the plugin: `GET /path`, `/path`, `kv get key`, `init`. */
  readonly words: ReadonlyArray<string>
  /** The method of `-X`. */
  readonly method: string | undefined
  /** `Name: value` each. */
  readonly headers: ReadonlyArray<string>
  readonly data: string | undefined
  /** Where the plugin listens; `init` says so. */
  readonly socket: string
  /** Whether to send the path percent-decoded, as today's host does. */
  readonly decodePath: boolean
}

const FORMS =
  'Forms: [METHOD] /path, kv get KEY, kv set KEY VALUE, kv delete KEY, init, shutdown, ping.'

/** The message that a call wants to send; a usage error where the words are none. */
export const messageOf = (wanted: Wanted): E.Either<CliError, HostMessage> => {
  const [first = '', second = '', ...more] = wanted.words
  if (first.startsWith('/'))
    return wanted.words.length > 1 ? tooMany(second) : http(wanted, undefined, first)
  if (second.startsWith('/') && /^[A-Za-z]+$/.test(first) && first !== 'kv') {
    return more[0] === undefined ? http(wanted, first, second) : tooMany(more[0])
  }
  if (wanted.data !== undefined || wanted.headers.length > 0 || wanted.method !== undefined) {
    return E.left(
      usageError('-d, -H and -X belong to an HTTP request, and its path is missing', FORMS),
    )
  }
  if (first === 'kv') return kv(second, more)
  if (first !== 'init' && first !== 'shutdown' && first !== 'ping') {
    return E.left(
      usageError(
        first === ''
          ? 'it is not said what to send'
          : `${JSON.stringify(wanted.words.join(' '))} is nothing to send`,
        FORMS,
      ),
    )
  }
  return wanted.words.length > 1 ? tooMany(second) : E.right(lifecycle(first, wanted.socket))
}

const tooMany = (word: string): E.Either<CliError, never> =>
  E.left(usageError(`${JSON.stringify(word)} is one word too many`, FORMS))

/** A lifecycle message by its action. */
export const lifecycle = (action: 'init' | 'shutdown' | 'ping', socket: string): HostMessage => {
  if (action === 'shutdown') return { _tag: 'Shutdown' }
  if (action === 'ping') return { _tag: 'UnknownLifecycle', action }
  return { _tag: 'Init', instanceId: randomUUID(), pluginSocket: socket, logPath: '/dev/null' }
}

const http = (
  wanted: Wanted,
  word: string | undefined,
  path: string,
): E.Either<CliError, HostMessage> => {
  if (word !== undefined && wanted.method !== undefined)
    return E.left(usageError(`the method is said twice: ${word} and -X ${wanted.method}`))
  const method = word ?? wanted.method ?? (wanted.data === undefined ? 'GET' : 'POST')
  const headers = headersOf(wanted.headers, wanted.data)
  if (E.isLeft(headers)) return headers
  return E.right({
    _tag: 'Http',
    requestId: randomUUID(),
    method: method.toUpperCase(),
    path: wanted.decodePath ? decoded(path) : path,
    pathDecoded: wanted.decodePath,
    headers: headers.right,
    body: wanted.data ?? null,
  })
}

/**
 * Names in lower case, as the host sends them. A name without a value takes a header away, the one
 * that is there by itself.
 */
const headersOf = (
  lines: ReadonlyArray<string>,
  data: string | undefined,
): E.Either<CliError, Headers> => {
  const headers = new Map<string, string>(
    data === undefined ? [] : [['content-type', isJson(data) ? 'application/json' : 'text/plain']],
  )
  for (const line of lines) {
    const [, name, value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+):\s*(.*?)\s*$/s.exec(line) ?? []
    if (name === undefined)
      return E.left(
        usageError(`${JSON.stringify(line)} is no header`, "Write it as -H 'Name: value'."),
      )
    if (value === '') headers.delete(name.toLowerCase())
    else headers.set(name.toLowerCase(), value)
  }
  return E.right(Object.fromEntries(headers))
}

const isJson = (text: string): boolean => E.isRight(E.tryCatch(() => JSON.parse(text), E.toError))

const decoded = (path: string): string => {
  const end = path.indexOf('?')
  const [before, query] = end === -1 ? [path, ''] : [path.slice(0, end), path.slice(end)]
  return E.getOrElse(() => before)(E.tryCatch(() => decodeURIComponent(before), E.toError)) + query
}

const kv = (
  action: string,
  [key, value, more]: ReadonlyArray<string>,
): E.Either<CliError, HostMessage> => {
  if (!isAction(action))
    return E.left(
      usageError(`a KV message is get, set or delete, not ${JSON.stringify(action)}`, FORMS),
    )
  if (key === undefined) return E.left(usageError(`kv ${action} needs a key`, FORMS))
  if (action === 'set' && value === undefined)
    return E.left(usageError('kv set needs a value', FORMS))
  const extra = action === 'set' ? more : value
  if (extra !== undefined) return tooMany(extra)
  return E.right({ _tag: 'Kv', requestId: randomUUID(), action, key, value })
}

const isAction = (text: string): text is KvMessage['action'] =>
  text === 'get' || text === 'set' || text === 'delete'
