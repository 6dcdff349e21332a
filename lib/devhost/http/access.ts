import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { targetOf } from './paths.js'

/** Where the host listens, and who may use it. */
export interface Binding {
  /** An address of this machine. Only a loopback address may have no token. */
  readonly address: string
  readonly token: string | undefined
}

/** Whether a request is admitted. */
export type Admission =
  | { readonly _tag: 'Admitted' }
  | { readonly _tag: 'Refused'; readonly status: 401 | 403; readonly reason: string }
  /**
   * The URL has the token. It becomes a cookie, and the browser is redirected to the URL without
   * it.
   */
  | { readonly _tag: 'Welcome'; readonly location: string; readonly cookie: string }

/** The parts of a request that matter for admission. */
export interface Visitor {
  readonly method: string
  /** As it is in the request line. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

const COOKIE = 'toru_dev'

/**
 * Decides whether a request is admitted. Foreign web pages can send requests to this machine;
 * `Origin` and `Sec-Fetch-Site` tell, and with DNS rebinding `Host`.
 */
export const admission = (binding: Binding, visitor: Visitor): Admission => {
  const { headers, method, url } = visitor
  const { host, origin } = headers
  if (host === undefined) return refused('the request has no Host header')
  if (!isOurName(binding, hostName(host)))
    return refused(
      `the Host header names ${JSON.stringify(host)}, which is not this host: a foreign web page may have sent it`,
    )
  if (origin !== undefined && origin !== `http://${host}`)
    return refused(
      `the Origin header names ${JSON.stringify(origin)}: pages of other origins cannot use this host`,
    )
  const site = headers['sec-fetch-site']
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && method === 'GET'
  if ((site === 'cross-site' || site === 'same-site') && !isVisit)
    return refused('a page of another origin sent this request (Sec-Fetch-Site)')
  return binding.token === undefined ? { _tag: 'Admitted' } : withToken(binding.token, url, headers)
}

/** Whether an address is reachable from this machine only. */
export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^127(?:\.\d{1,3}){3}$/.test(address)

const refused = (reason: string): Admission => ({ _tag: 'Refused', status: 403, reason })

const hostName = (host: string): string =>
  host
    .replace(/:\d*$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()

/**
 * A host that listens on all addresses is reachable under any name. Then only the token protects
 * it, which foreign pages do not have.
 */
const isOurName = ({ address, token }: Binding, name: string): boolean =>
  isLoopback(name) ||
  name === address.toLowerCase() ||
  (token !== undefined && !isLoopback(address) && (address === '0.0.0.0' || address === '::'))

const withToken = (token: string, url: string, headers: IncomingHttpHeaders): Admission => {
  const { path, query } = targetOf(url)
  const given = new URLSearchParams(query).get('token')
  if (given !== null && isSame(given, token)) {
    // The other parameters stay as they came.
    const rest = query?.split('&').filter(pair => !new URLSearchParams(pair).has('token')) ?? []
    // Two slashes at the start would lead to another host.
    return {
      _tag: 'Welcome',
      location: `${path.replace(/^\/+/, '/')}${rest.length === 0 ? '' : `?${rest.join('&')}`}`,
      cookie: `${COOKIE}=${encodeURIComponent(token)}; Path=/; HttpOnly; SameSite=Strict`,
    }
  }
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  const cookie = cookiesOf(headers).find(([name]) => name === COOKIE)?.[1]
  const isKnown =
    (bearer !== undefined && isSame(bearer, token)) ||
    (cookie !== undefined && isSame(cookie, encodeURIComponent(token)))
  return isKnown
    ? { _tag: 'Admitted' }
    : {
        _tag: 'Refused',
        status: 401,
        reason:
          'this host needs its token: open the URL that it printed, or send Authorization: Bearer <token>',
      }
}

/** In constant time, also for different lengths. */
const isSame = (given: string, token: string): boolean =>
  timingSafeEqual(digest(given), digest(token))

const digest = (text: string): Buffer => createHash('sha256').update(text).digest()

const cookiesOf = ({
  cookie = '',
}: IncomingHttpHeaders): ReadonlyArray<readonly [string, string]> =>
  cookie
    .split(/; */)
    .map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)] as const)

/**
 * A request's headers as the real host forwards them: the last of each name, and only text. This
 * host's own token is removed.
 */
export const forwardedHeaders = (
  raw: ReadonlyArray<string>,
  token: string | undefined,
): Readonly<Record<string, string>> => {
  const headers: Record<string, string> = Object.create(null)
  for (let at = 0; at + 1 < raw.length; at += 2) {
    const name = (raw[at] ?? '').toLowerCase()
    const value = raw[at + 1] ?? ''
    if (VISIBLE.test(value)) headers[name] = value
  }
  if (token === undefined) return { ...headers }
  const { cookie, authorization, ...others } = headers
  const left = cookie
    ?.split(/; */)
    .filter(pair => !pair.startsWith(`${COOKIE}=`))
    .join('; ')
  const isOurs =
    authorization !== undefined && isSame(authorization.replace(/^Bearer /i, ''), token)
  return {
    ...others,
    ...(left ? { cookie: left } : {}),
    ...(authorization !== undefined && !isOurs ? { authorization } : {}),
  }
}

/** The host drops values with other characters. */
const VISIBLE = /^[\t\x20-\x7e]*$/
