import test from 'ava'
import { type NpmEnd, npmFailure } from '../../../lib/cli/new/npm-failure.js'

const failed = (stderr: string, end: Partial<NpmEnd> = {}): string =>
  npmFailure({ code: 1, signal: null, stdout: '', stderr, ...end }).reason

// What npm 10 and 11 print.

test('a registry that does not answer', t => {
  t.is(
    failed(`npm error code ECONNREFUSED
npm error syscall connect
npm error errno ECONNREFUSED
npm error FetchError: request to http://127.0.0.1:9/fp-ts failed, reason: connect ECONNREFUSED 127.0.0.1:9
npm error     at ClientRequest.<anonymous> (/usr/lib/node_modules/npm/node_modules/minipass-fetch/lib/index.js:130:14)
npm error   code: 'ECONNREFUSED',
npm error }
npm error A complete log of this run can be found in: /root/.npm/_logs/2026-debug-0.log
`),
    'the registry cannot be reached: FetchError: request to http://127.0.0.1:9/fp-ts failed, reason: connect ECONNREFUSED 127.0.0.1:9',
  )
  t.is(
    failed(`npm error code ENOTFOUND
npm error syscall getaddrinfo
npm error errno ENOTFOUND
npm error network request to https://no.such.host/fp-ts failed, reason: getaddrinfo ENOTFOUND no.such.host
npm error network This is a problem related to network connectivity.
`),
    'the registry cannot be reached: request to https://no.such.host/fp-ts failed, reason: getaddrinfo ENOTFOUND no.such.host',
  )
})

test('a package or a version that the registry does not have', t => {
  t.is(
    failed(`npm error code E404
npm error 404 Not Found - GET https://registry.npmjs.org/toru-plugin-api - Not found
npm error 404
npm error 404  'toru-plugin-api@^1.0.0' is not in this registry.
`),
    'the registry does not have a package: Not Found - GET https://registry.npmjs.org/toru-plugin-api - Not found',
  )
  t.is(
    failed(`npm ERR! code ETARGET
npm ERR! notarget No matching version found for fp-ts@^99.
`),
    'the registry does not have a package: No matching version found for fp-ts@^99.',
  )
})

test('a full disk', t => {
  t.is(
    failed(`npm error code ENOSPC
npm error syscall write
npm error errno -28
npm error nospc ENOSPC: no space left on device, write
npm error nospc There appears to be insufficient space on your system to finish.
`),
    'the disk is full: ENOSPC: no space left on device, write',
  )
})

test('no npm', t => {
  const error = Object.assign(new Error('spawn npm ENOENT'), { code: 'ENOENT' })
  t.is(failed('', { code: null, error }), 'there is no npm in the PATH')
})

test('anything else is what npm printed', t => {
  t.is(failed('no network\n', { code: 7 }), 'npm failed: it ended with exit code 7\nno network')
  t.is(failed('', { code: null, signal: 'SIGKILL' }), 'npm failed: it ended with SIGKILL')
  t.is(
    failed('npm error code EOTHER\nnpm error A new one.\n'),
    'npm failed: it ended with exit code 1\nA new one.',
  )
})
