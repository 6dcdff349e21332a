import test from 'ava'
import { errorAnswer } from '../../lib/domain/error-answer.js'
import * as errors from '../../lib/domain/plugin-error.js'
import { jsonAnswer } from '../dispatch/harness.js'

const { invalidRequest, isPluginError, statusOf, toPluginError } = errors

const PLAIN = [
  [errors.ioError, 'Io', 500],
  [errors.serializationError, 'Serialization', 500],
  [errors.protocolError, 'Protocol', 500],
  [errors.notInitialized, 'NotInitialized', 503],
  [errors.socketError, 'Socket', 500],
  [errors.timeoutError, 'Timeout', 504],
] as const

for (const [make, tag, status] of PLAIN) {
  test(`${tag} has status ${status}, and the client learns its message and not its cause`, t => {
    const error = make('what went wrong', new Error('inside'))
    t.deepEqual(error, {
      _tag: tag,
      message: 'what went wrong',
      cause: new Error('inside'),
    } as never)
    t.deepEqual(make('alone'), { _tag: tag, message: 'alone' } as never)
    t.is(statusOf(error), status)
    t.deepEqual(errorAnswer(error), jsonAnswer(status, { error: tag, message: 'what went wrong' }))
  })
}

test('of an Internal error the client learns nothing', t => {
  t.deepEqual(
    errorAnswer(errors.internalError('the password is x', new Error('y'))),
    jsonAnswer(500, {
      error: 'Internal',
      message: 'the plugin failed to answer; its log has the reason',
    }),
  )
})

const CLIENT = [
  [errors.unauthorized, 401],
  [errors.forbidden, 403],
  [errors.notFound, 404],
  [errors.methodNotAllowed, 405],
  [errors.conflict, 409],
  [errors.gone, 410],
  [errors.payloadTooLarge, 413],
  [errors.unsupportedMediaType, 415],
  [errors.unprocessable, 422],
  [errors.tooManyRequests, 429],
] as const

for (const [make, status] of CLIENT) {
  test(`${status} is an InvalidRequest with its message, its details and its headers`, t => {
    const details = [{ path: 'body.a', expected: 'string', got: '5' }]
    t.deepEqual(make('no'), { _tag: 'InvalidRequest', message: 'no', status })
    t.deepEqual(
      errorAnswer(make('no', { details, headers: { 'Retry-After': '5' }, cause: 'hidden' })),
      jsonAnswer(
        status,
        { error: 'InvalidRequest', message: 'no', details },
        { 'Retry-After': '5' },
      ),
    )
  })
}

test('the status of an InvalidRequest is an integer from 400 to 499, else 400', t => {
  const statuses = [
    undefined,
    400,
    418,
    499,
    399,
    500,
    200,
    404.5,
    Number.NaN,
    Number.POSITIVE_INFINITY,
    -404,
  ]
  t.deepEqual(
    statuses.map(status => statusOf(invalidRequest('no', status === undefined ? {} : { status }))),
    [400, 400, 418, 499, 400, 400, 400, 400, 400, 400, 400],
  )
})

test('what was thrown is an error of its kind if it is one, else Internal with its cause', t => {
  const thrown = errors.conflict('taken')
  t.is(toPluginError(thrown), thrown)
  const failed = new TypeError('x is not a function')
  t.deepEqual(toPluginError(failed), {
    _tag: 'Internal',
    message: 'x is not a function',
    cause: failed,
  })
  t.deepEqual(toPluginError('text'), { _tag: 'Internal', message: 'text', cause: 'text' })
  t.deepEqual(toPluginError(null), { _tag: 'Internal', message: 'null', cause: null })
  t.deepEqual(toPluginError(undefined), { _tag: 'Internal', message: 'undefined' })
})

test('what was made by hand is the error of its tag, with its defaults', t => {
  const made = (u: object) => toPluginError(u)
  t.deepEqual(made({ _tag: 'InvalidRequest', message: 'no' }), invalidRequest('no'))
  t.deepEqual(
    made({ _tag: 'InvalidRequest', message: 'no', status: 500, headers: { a: 'b' }, cause: 1 }),
    invalidRequest('no', { headers: { a: 'b' }, cause: 1 }),
  )
  const coded = { _tag: 'Io', message: 'no', code: 'ENOSPC' }
  t.deepEqual(made(coded), errors.ioError('no', coded))
  const soon = { _tag: 'NotInitialized', message: 'no', retryAfter: 3 }
  t.is(made(soon), soon as never)
  const vague = { _tag: 'InvalidRequest', message: 'no', status: 404, details: 'wrong' }
  t.deepEqual(made(vague), invalidRequest('no', { status: 404, cause: vague }))
  const hostile = Object.defineProperty({ message: 'no' }, '_tag', { get: () => JSON.parse('{') })
  t.deepEqual(made(hostile), errors.internalError('no', hostile))
})

test('an error class keeps its stack as a cause', t => {
  class Missing extends Error {
    readonly _tag = 'InvalidRequest'
    readonly status = 404
  }
  const missing = new Missing('no such note')
  t.deepEqual(
    toPluginError(missing),
    invalidRequest('no such note', { status: 404, cause: missing }),
  )
})

test('an instance of an author’s own error class is a PluginError if it has the fields of one', t => {
  class Missing extends Error {
    readonly _tag = 'InvalidRequest'
    readonly status = 404
  }
  t.true(isPluginError(new Missing('gone')))
  const others = [
    {},
    null,
    { _tag: 'Io' },
    { _tag: 'Other', message: 'x' },
    { _tag: 'toString', message: 'x' },
  ]
  const wrong = [
    { _tag: 'InvalidRequest', message: 'x' },
    { _tag: 'InvalidRequest', message: 'x', status: 500 },
    { _tag: 'Io', message: 5 },
  ]
  t.deepEqual([...others, ...wrong].filter(isPluginError), [])
})
