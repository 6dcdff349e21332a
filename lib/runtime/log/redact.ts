/** Replaces what must not be shown in a text. */
export type Redact = (text: string) => string

/**
 * Replaces each of the secrets by `[secret]`, as it is and as it appears inside JSON. A secret of
 * less than 4 characters is ignored, because it would match everywhere.
 */
export const redactorOf = (secrets: Iterable<string>): Redact => {
  const forms = [...secrets]
    .filter(secret => secret.length >= 4)
    .flatMap(secret => [secret, JSON.stringify(secret).slice(1, -1)])
  if (forms.length === 0) return withoutCredentials
  // The longest first, because one secret may be the beginning of another.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length)
  const any = new RegExp(
    longestFirst.map(form => form.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')).join('|'),
    'g',
  )
  return text => withoutCredentials(text).replace(any, '[secret]')
}

/**
 * The head of an HTTP request or answer without the values of its credentials. An error of a
 * client for HTTP holds the request, and that its head as text.
 */
const withoutCredentials: Redact = text =>
  text.includes('\r\n')
    ? text.replace(/^([\w-]+):[^\r\n]*/gm, (line, name: string) =>
        isCredential(name) ? `${name}: [redacted]` : line,
      )
    : text

/** Whether a header or a field of this name holds a credential. */
export const isCredential = (name: string): boolean =>
  CREDENTIALS.has(name.toLowerCase().replace(/[-_]/g, ''))

/** Names of credentials, without dashes and underscores. */
const CREDENTIALS: ReadonlySet<string> = new Set([
  'authorization',
  'proxyauthorization',
  'cookie',
  'cookies',
  'setcookie',
  'apikey',
  'xapikey',
  'authtoken',
  'xauthtoken',
  'accesstoken',
  'xaccesstoken',
  'refreshtoken',
  'csrftoken',
  'xcsrftoken',
  'xxsrftoken',
  'sessionid',
  'clientsecret',
  'password',
  'passwd',
])
