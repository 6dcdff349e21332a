import type { IncomingHttpHeaders } from 'node:http'
import test from 'ava'
import { admission, forwardedHeaders, isLoopback } from '../../../lib/devhost/http/access.js'

const HOME = { address: '127.0.0.1', token: undefined }
const OPEN = { address: '0.0.0.0', token: 'geheim ü' }

const said = (
  binding: typeof HOME | typeof OPEN,
  headers: IncomingHttpHeaders,
  url = '/',
  method = 'GET',
): string => {
  const result = admission(binding, { method, url, headers })
  return result._tag === 'Refused' ? String(result.status) : result._tag
}

test('this machine’s own names may pass, any other is refused', t => {
  for (const host of ['localhost:4000', '127.0.0.1:4000', '127.0.0.1', '[::1]:4000', 'LOCALHOST'])
    t.is(said(HOME, { host }), 'Admitted', host)
  for (const host of [
    'evil.example',
    'localhost.evil.example:4000',
    '127.0.0.1.evil.example',
    '10.0.0.1',
    '',
  ])
    t.is(said(HOME, { host }), '403', host)
  t.is(said(HOME, {}), '403')
})

test('a page of another origin is refused, whatever it sends', t => {
  const host = 'localhost:4000'
  t.is(said(HOME, { host, origin: 'http://localhost:4000' }, '/', 'POST'), 'Admitted')
  for (const origin of [
    'http://localhost:3000',
    'https://localhost:4000',
    'http://evil.example',
    'null',
  ])
    t.is(said(HOME, { host, origin }), '403', origin)
  for (const site of ['cross-site', 'same-site']) {
    t.is(said(HOME, { host, 'sec-fetch-site': site, 'sec-fetch-mode': 'no-cors' }), '403')
    t.is(
      said(HOME, { host, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' }, '/', 'POST'),
      '403',
    )
    t.is(said(HOME, { host, 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' }), 'Admitted')
  }
  t.is(said(HOME, { host, 'sec-fetch-site': 'same-origin' }), 'Admitted')
})

test('with a token nobody passes without it: in the address once, as a cookie, or as Bearer', t => {
  const host = '10.0.0.1:4000'
  t.is(said(OPEN, { host }), '401')
  t.is(said(OPEN, { host, authorization: 'Bearer wrong' }), '401')
  t.is(said(OPEN, { host, authorization: 'Bearer geheim ü' }), 'Admitted')
  t.is(said(OPEN, { host, cookie: 'a=1; toru_dev=geheim%20%C3%BC' }), 'Admitted')
  t.is(said(OPEN, { host, cookie: 'toru_dev=geheim' }), '401')
  t.is(said(OPEN, { host, cookie: 'toru_dev=%zz' }), '401')
  t.is(said(OPEN, { host }, '/?token=wrong'), '401')
  t.deepEqual(
    admission(OPEN, {
      method: 'GET',
      url: '//evil.example/?a=1&token=geheim%20%C3%BC',
      headers: { host },
    }),
    {
      _tag: 'Welcome',
      location: '/evil.example/?a=1',
      cookie: 'toru_dev=geheim%20%C3%BC; Path=/; HttpOnly; SameSite=Strict',
    },
  )
})

test('the token is taken out of the address, and everything else in it stays as it came', t => {
  const locations = [
    '/?token=abc&q=a?b',
    '/?q=a?b&token=abc&r=%20+c&flag',
    '/a?token=abc&token=wrong&to%6Ben=x',
    '/a?token=abc',
  ].map(url => {
    const visitor = { method: 'GET', url, headers: { host: '10.0.0.1' } }
    const result = admission({ address: '0.0.0.0', token: 'abc' }, visitor)
    return result._tag === 'Welcome' ? result.location : result._tag
  })
  t.deepEqual(locations, ['/?q=a?b', '/?q=a?b&r=%20+c&flag', '/a', '/a'])
})

test('a plugin gets every header but this host’s own token', t => {
  const raw = [
    'Host',
    'x',
    'X-A',
    '1',
    'x-a',
    '2',
    'X-B',
    'ü',
    'Cookie',
    'toru_dev=abc; session_id=s',
    'Authorization',
    'Bearer abc',
  ]
  t.deepEqual(forwardedHeaders(raw, undefined), {
    host: 'x',
    'x-a': '2',
    cookie: 'toru_dev=abc; session_id=s',
    authorization: 'Bearer abc',
  })
  t.deepEqual(forwardedHeaders(raw, 'abc'), { host: 'x', 'x-a': '2', cookie: 'session_id=s' })
  t.deepEqual(forwardedHeaders(['Authorization', 'Basic abc'], 'other'), {
    authorization: 'Basic abc',
  })
})

test('loopback is what only this machine reaches', t => {
  t.deepEqual(
    [
      '127.0.0.1',
      '127.9.9.9',
      'localhost',
      '::1',
      '0.0.0.0',
      '::',
      '10.0.0.1',
      '127.0.0.1.evil.example',
    ].map(isLoopback),
    [true, true, true, true, false, false, false, false],
  )
})
