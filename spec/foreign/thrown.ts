import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'

// What people throw, reject with and return on the left side, from the reports of others. The specs
// and the fixture plugin `thrower` take them from here.

/** Something that is thrown, and what the log says of it. */
export interface Thrown {
  readonly source: string
  readonly what: string
  readonly make: () => unknown
  /** The end of the message of the entry. */
  readonly message: string
  /** What the field `error` has. */
  readonly has: ReadonlyArray<string>
  /** What no part of the entry may have. */
  readonly hides?: string
}

const withFields = (error: Error, fields: object): Error => Object.assign(error, fields)

const circular = (): object => {
  const request: Record<string, unknown> = { method: 'GET' }
  request.response = { request }
  return { code: 'ECONNRESET', request }
}

const selfCaused = (): Error => {
  const error = new Error('in a circle')
  return withFields(error, {
    cause: new Error('around', { cause: error }),
    self: error,
    code: 'EROUND',
  })
}

const revoked = (): object => {
  const { proxy, revoke } = Proxy.revocable({}, {})
  revoke()
  return proxy
}

const refused = (address: string): Error =>
  withFields(new Error(`connect ECONNREFUSED ${address}`), {
    errno: -111,
    code: 'ECONNREFUSED',
    syscall: 'connect',
  })

class RequestFailed extends Error {
  override readonly name = 'RequestFailed'
  constructor(readonly request: object) {
    super('Request failed with status code 403')
  }
}

/** As clients for HTTP make them: with the request, its headers, its socket, its head as text. */
const requestFailed = (): Error => {
  const head = 'GET / HTTP/1.1\r\nAuthorization: Basic s3cret\r\nHost: h\r\n\r\n'
  return withFields(new RequestFailed({ _header: head, socket: { buffer: 'x'.repeat(5_000) } }), {
    config: { headers: { Authorization: 'Bearer s3cret', 'X-Api-Key': 's3cret' }, timeout: 0 },
    response: { status: 403, request: { _header: head } },
    code: 'ERR_BAD_REQUEST',
  })
}

const missingFile = (): unknown => {
  try {
    return readFileSync('/nowhere/notes.json')
  } catch (error) {
    return error
  }
}

export const THROWN: ReadonlyArray<Thrown> = [
  {
    source: 'https://github.com/fastify/fastify/issues/2932',
    what: 'an object that looks like an answer',
    make: () => ({ secret: 'db-password', status: 403 }),
    message: 'an object with secret, status',
    has: ['{"secret":"db-password","status":403}'],
  },
  {
    source: 'https://github.com/fastify/fastify/issues/2932',
    what: 'a number',
    make: () => 1337,
    message: '1337',
    has: ['1337'],
  },
  {
    source: 'https://github.com/pinojs/pino/issues/1669',
    what: 'a cause with fields',
    make: () =>
      withFields(
        new Error('outer', { cause: withFields(new Error('inner'), { data: { type: 1 } }) }),
        {
          data: { type: 2 },
        },
      ),
    message: 'outer',
    has: ['Error: outer', '{"data":{"type":2}}', 'Caused by: Error: inner', '{"data":{"type":1}}'],
  },
  {
    source: 'https://github.com/KyleRoss/node-lambda-log/issues/61',
    what: 'an error that makes its own JSON',
    make: () =>
      Object.freeze(
        withFields(new Error('of a model'), {
          toJSON: () => ({ message: 'short' }),
          code: 'EMODEL',
        }),
      ),
    message: 'of a model',
    has: ['Error: of a model', '"code":"EMODEL"'],
  },
  {
    source: 'https://github.com/brianc/node-postgres/issues/2156',
    what: 'a plain object of a database',
    make: () => ({ code: '42P01', hint: 'create it', message: 'relation "notes" does not exist' }),
    message: 'relation "notes" does not exist',
    has: ['relation "notes" does not exist', '"code":"42P01"', '"hint":"create it"'],
  },
  {
    source: 'https://github.com/vitaly-t/pg-promise/issues/607',
    what: 'an error of a database',
    make: () =>
      withFields(new Error('duplicate key'), {
        severity: 'ERROR',
        code: '23505',
        detail: 'Key (id)=(1) already exists.',
        position: undefined,
      }),
    message: 'duplicate key',
    has: [
      'Error: duplicate key\n    at ',
      '{"severity":"ERROR","code":"23505","detail":"Key (id)=(1) already exists."}',
    ],
  },
  {
    source: 'https://github.com/elastic/apm-agent-rum-js/pull/857',
    what: 'an object with an error in it',
    make: () => ({ error: { message: 'JWT expired', code: 'PGRST301' }, data: null }),
    message: 'an object with error, data',
    has: ['{"error":{"message":"JWT expired","code":"PGRST301"},"data":null}'],
  },
  {
    source: 'https://github.com/sagemathinc/cocalc/pull/3260',
    what: 'an object without a message',
    make: () => ({ status: 'failed', password: 's3cret' }),
    message: 'an object with status, password',
    has: ['{"status":"failed","password":"[redacted]"}'],
    hides: 's3cret',
  },
  {
    source: 'https://github.com/db-migrate/node-db-migrate/pull/500',
    what: 'a text',
    make: () => 'connection refused',
    message: 'connection refused',
    has: ['connection refused'],
  },
  {
    source: 'https://github.com/h3js/h3/pull/1485',
    what: 'null',
    make: () => null,
    message: 'null',
    has: [],
  },
  {
    source: 'https://github.com/h3js/h3/issues/1479',
    what: 'nothing',
    make: () => undefined,
    message: 'undefined',
    has: [],
  },
  {
    source: 'https://github.com/TimelordUK/jspurefix/pull/182',
    what: 'an AggregateError without a message',
    make: () =>
      withFields(new AggregateError([refused('::1:80'), refused('127.0.0.1:80')]), {
        code: 'ECONNREFUSED',
      }),
    message: 'connect ECONNREFUSED ::1:80; connect ECONNREFUSED 127.0.0.1:80',
    has: [
      'AggregateError',
      '{"code":"ECONNREFUSED"}',
      'Error: connect ECONNREFUSED ::1:80 {"errno":-111,"code":"ECONNREFUSED","syscall":"connect"}',
      'Error: connect ECONNREFUSED 127.0.0.1:80',
    ],
  },
  {
    source: 'https://github.com/ccxt/ccxt/pull/30316',
    what: 'an AggregateError of fetches',
    make: () =>
      new AggregateError(
        [
          new TypeError('fetch failed', { cause: refused('::1:80') }),
          new AggregateError([refused('::1:81')]),
        ],
        'All promises were rejected',
      ),
    message: 'All promises were rejected',
    has: [
      'TypeError: fetch failed, caused by Error: connect ECONNREFUSED ::1:80 {"errno":-111',
      'AggregateError: connect ECONNREFUSED ::1:81',
    ],
  },
  {
    source: 'https://github.com/Automattic/mongoose/issues/11740',
    what: 'an error with errors by name',
    make: () =>
      withFields(new Error('Note validation failed'), {
        errors: { title: withFields(new Error('Path `title` is required.'), { kind: 'required' }) },
      }),
    message: 'Note validation failed',
    has: ['{"errors":{"title":"Error: Path `title` is required. {\\"kind\\":\\"required\\"}"}}'],
  },
  {
    source: 'https://github.com/promptfoo/promptfoo/pull/3145',
    what: 'a fetch that failed',
    make: () => new TypeError('fetch failed', { cause: refused('127.0.0.1:80') }),
    message: 'fetch failed',
    has: [
      'TypeError: fetch failed',
      'Caused by: Error: connect ECONNREFUSED 127.0.0.1:80',
      '"syscall":"connect"',
    ],
  },
  {
    source: 'https://github.com/getsentry/sentry-javascript/issues/22925',
    what: 'an error of another realm',
    make: () => runInNewContext('Object.assign(new TypeError("elsewhere"), { code: "EREALM" })'),
    message: 'elsewhere',
    has: ['TypeError: elsewhere', '{"code":"EREALM"}'],
  },
  {
    source: 'https://github.com/aws/aws-durable-execution-sdk-js/issues/306',
    what: 'an error of another realm as a cause, without a message',
    make: () => new Error('here', { cause: runInNewContext('new RangeError()') }),
    message: 'here',
    has: ['Error: here', 'Caused by: RangeError'],
  },
  {
    source: 'https://github.com/medplum/medplum/pull/9759',
    what: 'an error in a circle',
    make: selfCaused,
    message: 'in a circle',
    has: [
      'Error: in a circle',
      '"code":"EROUND"',
      '"self":"[circular]"',
      'Caused by: Error: around',
    ],
  },
  {
    source: 'https://github.com/effector/logger/issues/108',
    what: 'a plain object in a circle',
    make: circular,
    message: 'an object with code, request',
    has: ['"code":"ECONNRESET"', '[circular]'],
  },
  {
    source: 'https://github.com/axios/axios/issues/6919',
    what: 'an error with the request and its credentials',
    make: requestFailed,
    message: 'Request failed with status code 403',
    has: ['"code":"ERR_BAD_REQUEST"', '"Authorization":"[redacted]"', '"response":{"status":403'],
    hides: 's3cret',
  },
  {
    source: 'https://github.com/kodustech/kodus-ai/issues/1958',
    what: 'an error with the head of a request as text',
    make: () =>
      withFields(new Error('refused'), {
        head: 'GET / HTTP/1.1\r\nauthorization: Basic s3cret\r\n',
      }),
    message: 'refused',
    has: ['GET / HTTP/1.1', 'authorization: [redacted]'],
    hides: 's3cret',
  },
  {
    source: 'https://github.com/pinojs/pino/issues/579',
    what: 'an error with errors in its fields',
    make: () =>
      withFields(new Error('outer'), { nativeError: withFields(new Error('native'), { code: 7 }) }),
    message: 'outer',
    has: ['Error: outer', '{"nativeError":"Error: native {\\"code\\":7}"}'],
  },
  {
    source: 'https://github.com/fullstack-build/tslog/issues/217',
    what: 'a frozen error',
    make: () => Object.freeze(withFields(new Error('frozen'), { code: 'EICE' })),
    message: 'frozen',
    has: ['Error: frozen', '{"code":"EICE"}'],
  },
  {
    source: 'https://github.com/pinojs/pino/issues/1875',
    what: 'an error whose fields cannot be read',
    make: () =>
      Object.defineProperty(withFields(new Error('careful'), { code: 'EREAD' }), 'detail', {
        enumerable: true,
        get: () => JSON.parse('{'),
      }),
    message: 'careful',
    has: ['Error: careful', '"code":"EREAD"', '"detail":"[cannot be shown: '],
  },
  {
    source: 'https://github.com/pinojs/pino/issues/1875',
    what: 'an object whose message cannot be read',
    make: () => ({
      code: 'EREAD',
      get message() {
        return JSON.parse('{')
      },
    }),
    message: 'an object with code, message',
    has: ['"code":"EREAD"'],
  },
  {
    source: 'https://github.com/tc39/proposal-is-error/issues/1',
    what: 'a proxy that was revoked',
    make: revoked,
    message: 'a value that cannot be shown',
    has: [],
  },
  {
    source: 'https://github.com/pinojs/pino-std-serializers/issues/76',
    what: 'an error whose cause is a function',
    make: () => withFields(new Error('of VError'), { cause: () => new Error('inner') }),
    message: 'of VError',
    has: ['Error: of VError', 'Caused by: Error: inner'],
  },
  {
    source: 'https://github.com/colinhacks/zod/issues/300',
    what: 'an error with a list',
    make: () => withFields(new Error('[]'), { issues: [{ path: ['a'], message: 'Required' }] }),
    message: '[]',
    has: ['"issues":[{"path":["a"],"message":"Required"}]'],
  },
  {
    source: 'https://github.com/porsager/postgres/issues/600',
    what: 'an error of the system',
    make: missingFile,
    message: "ENOENT: no such file or directory, open '/nowhere/notes.json'",
    has: ['"code":"ENOENT"', '"syscall":"open"', '"path":"/nowhere/notes.json"'],
  },
  {
    source: 'https://github.com/mswjs/msw/issues/1690',
    what: 'a response',
    make: () => new Response('no', { status: 404 }),
    message: 'an object of the class Response without properties',
    has: ['an object of the class Response without properties'],
  },
  {
    source: 'https://github.com/fastify/fastify/pull/3162',
    what: 'a program that nobody ran',
    make: () => () => Promise.resolve(1),
    message: 'a function',
    has: ['[function]'],
  },
  {
    source: 'https://github.com/sindresorhus/serialize-error/issues/55',
    what: 'an object with a bigint and without a prototype',
    make: () => Object.assign(Object.create(null), { id: 10n, reason: 'gone' }),
    message: 'an object with id, reason',
    has: ['{"id":"10","reason":"gone"}'],
  },
  {
    source: 'https://github.com/sindresorhus/serialize-error/issues/4',
    what: 'an error with a megabyte',
    make: () =>
      withFields(new Error('large'), {
        data: Buffer.alloc(1_000_000),
        text: 'x'.repeat(600),
        code: 'EBIG',
      }),
    message: 'large',
    has: ['"code":"EBIG"', '"data":"[1000000 bytes]"', '"text":"[609 characters]"'],
  },
  {
    source: 'https://github.com/guigrpa/docx-templates/pull/355',
    what: 'an error whose message was changed',
    make: () => {
      const error = new Error('before')
      // It is made when it is first asked for.
      void error.stack
      error.message = 'after'
      return error
    },
    message: 'after',
    has: ['Error: after\nError: before\n'],
  },
  {
    source: 'https://github.com/whatwg/dom/issues/1090',
    what: 'a DOMException',
    make: () => new DOMException('The operation was aborted due to timeout', 'TimeoutError'),
    message: 'The operation was aborted due to timeout',
    has: ['TimeoutError: The operation was aborted due to timeout'],
  },
]
