import { createHash, timingSafeEqual } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { targetOf } from './paths.js'

/** Where the host listens, and what it asks of those who come. */
export interface Binding {
  /** An address of this machine; only the loopback addresses may be without a token. */
  readonly address: string
  readonly token: string | undefined
}

/** What is done about a request before anybody looks at it. */
export type Admission =
  | { readonly _tag: 'Admitted' }
  | { readonly _tag: 'Refused'; readonly status: 401 | 403; readonly reason: string }
  /**
   * The token came in the address: it becomes a cookie, and the address is used again without it.
   */
  | { readonly _tag: 'Welcome'; readonly location: string; readonly cookie: string }

/** What of a request matters here. */
export interface Visitor {
  readonly method: string
  /** As it stands in the request line. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

const COOKIE = 'toru_dev'

/**
 * Whether a request may pass. Web pages of others can send requests to this machine: their browsers
 * say so in `Origin` and `Sec-Fetch-Site`, and where a name of theirs was made to lead here (DNS
 * rebinding), in `Host`.
 */
export const admission = (binding: Binding, visitor: Visitor): Admission => {
  const { headers, method, url } = visitor
  const { host, origin } = headers
  if (host === undefined) return refused('the request has no Host header')
  if (!isOurName(binding, hostName(host)))
    return refused(
      `the Host header names ${JSON.stringify(host)}, which is not this host: a web page of somebody else may be behind it`,
    )
  if (origin !== undefined && origin !== `http://${host}`)
    return refused(
      `the Origin header names ${JSON.stringify(origin)}: pages of other origins may not use this host`,
    )
  const site = headers['sec-fetch-site']
  const isVisit = headers['sec-fetch-mode'] === 'navigate' && method === 'GET'
  if ((site === 'cross-site' || site === 'same-site') && !isVisit)
    return refused('a page of another origin sent this request (Sec-Fetch-Site)')
  return binding.token === undefined ? { _tag: 'Admitted' } : withToken(binding.token, url, headers)
}

/** Whether an address can be reached from this machine only. */
export const isLoopback = (address: string): boolean =>
  address === 'localhost' || address === '::1' || /^127(?:\.\d{1,3}){3}$/.test(address)

const refused = (reason: string): Admission => ({ _tag: 'Refused', status: 403, reason })

const hostName = (host: string): string =>
  host
    .replace(/:\d*$/, '')
    .replace(/^\[|\]$/g, '')
    .toLowerCase()

/**
 * A host for all addresses may be reached under any name; then the token alone protects it, and no
 * other site's pages have it.
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
    // Two slashes at the beginning would lead to another host.
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
          'this host wants its token: open the address that it printed, or send Authorization: Bearer',
      }
}

/** In constant time, whatever the lengths. */
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
 * A request's headers as the real host forwards them: the last of each name, text only. What
 * belongs to this host alone, its token, is not the plugin's business.
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

/** The host drops what is not visible ASCII. */
const VISIBLE = /^[\t\x20-\x7e]*$/
