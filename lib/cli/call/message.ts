import { randomUUID } from 'node:crypto'
import * as E from 'fp-ts/lib/Either.js'
import { type JsonFault, parseTrustedText } from '../../domain/text/parse-json.js'
import type { Headers, HostMessage, KvMessage } from '../../protocol.js'
import { type CliError, usageError } from '../cli-error.js'
import { didYouMean } from '../guess.js'
import { isUrl } from '../path-argument.js'

/** What to send. */
export interface Wanted {
  /** The arguments after the plugin: `GET /path`, `/path`, `kv get key`, `init`. */
  readonly words: ReadonlyArray<string>
  /** The method given with `-X`. */
  readonly method: string | undefined
  /** Lines of the form `Name: value`. */
  readonly headers: ReadonlyArray<string>
  readonly data: string | undefined
  /** Where the plugin listens, for `init`. */
  readonly socket: string
  /** Whether to percent-decode the path, as today's host does. */
  readonly decodePath: boolean
}

const METHODS = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS']

const FORMS =
  'Forms: [METHOD] /path, kv get KEY, kv set KEY VALUE, kv delete KEY, init, shutdown, ping.'

/** The message to send. A usage error where the arguments are no message. */
export const messageOf = (wanted: Wanted): E.Either<CliError, HostMessage> => {
  const [first = '', second = '', ...more] = wanted.words
  if (first.startsWith('/'))
    return wanted.words.length > 1 ? tooMany(second) : http(wanted, undefined, first)
  if (second.startsWith('/') && /^[A-Za-z]+$/.test(first) && first !== 'kv') {
    return more[0] === undefined ? http(wanted, first, second) : tooMany(more[0])
  }
  if (wanted.data !== undefined || wanted.headers.length > 0 || wanted.method !== undefined) {
    return E.left(usageError('-d, -H and -X need an HTTP request, and its path is missing', FORMS))
  }
  if (first === 'kv') return kv(second, more)
  if (first !== 'init' && first !== 'shutdown' && first !== 'ping')
    return E.left(
      usageError(`${JSON.stringify(wanted.words.join(' '))} is no message`, meant(first, second)),
    )
  return wanted.words.length > 1 ? tooMany(second) : E.right(lifecycle(first, wanted.socket))
}

/** What somebody may have meant by words that are no message. */
const meant = (first: string, second: string): string => {
  if (METHODS.includes(first.toUpperCase()))
    return `A path begins with a slash: ${first} /${second}`
  if (isUrl(first)) return 'Give only the path, which begins with a slash.'
  return didYouMean(first, ['init', 'shutdown', 'ping', 'kv'], FORMS)
}

const tooMany = (word: string): E.Either<CliError, never> =>
  E.left(usageError(`unexpected argument ${JSON.stringify(word)}`, FORMS))

/** A lifecycle message. */
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
    return E.left(
      usageError(
        `the method is given twice: ${word} and -X ${wanted.method}`,
        'Leave out one of the two.',
      ),
    )
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
 * Headers with names in lower case, as the host sends them. A name without a value removes the
 * header.
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
      return E.left(usageError(`${JSON.stringify(line)} is no header`, "Write -H 'Name: value'."))
    if (value === '') headers.delete(name.toLowerCase())
    else headers.set(name.toLowerCase(), value)
  }
  return E.right(Object.fromEntries(headers))
}

/** What a plugin refuses to parse is JSON, too: it gets what was written. */
const isJson = (text: string): boolean =>
  E.match(
    (fault: JsonFault) => fault._tag !== 'NotJson',
    () => true,
  )(parseTrustedText(text))

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
      usageError(
        action === ''
          ? 'kv needs to know what to do'
          : `a KV message is get, set or delete, not ${JSON.stringify(action)}`,
        KV_SYNONYMS[action] ?? didYouMean(`kv ${action}`, ['kv get', 'kv set', 'kv delete'], FORMS),
      ),
    )
  if (key === undefined) return E.left(usageError(`kv ${action} needs a key`, FORMS))
  if (action === 'set' && value === undefined)
    return E.left(usageError('kv set needs a value', FORMS))
  const extra = action === 'set' ? more : value
  if (extra !== undefined) return tooMany(extra)
  return E.right({ _tag: 'Kv', requestId: randomUUID(), action, key, value })
}

/** What other stores call the operations. */
const KV_SYNONYMS: Readonly<Record<string, string>> = {
  put: 'Did you mean kv set?',
  rm: 'Did you mean kv delete?',
  remove: 'Did you mean kv delete?',
}

const isAction = (text: string): text is KvMessage['action'] =>
  text === 'get' || text === 'set' || text === 'delete'
