import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import { sentence } from '../codec/explain.js'
import type { Query } from '../domain/http.js'
import { type Detail, invalidRequest, type PluginError } from '../domain/plugin-error.js'

/** 400, with each place that does not fit. */
export const badRequest = (details: ReadonlyArray<Detail>): PluginError =>
  invalidRequest(sentence(details), { details })

/** 400 for one place. */
export const badPlace = (path: string, expected: string, got: string): PluginError =>
  badRequest([{ path, expected, got }])

/** 400 for a key that no data from outside may have: see `ForbiddenKey`. */
export const forbiddenKey = (path: string, key: string): PluginError =>
  badPlace(path, `no key "${key}"`, 'one')

/**
 * 400 for the field `__proto__` of a query or a form; `undefined` without it. As in JSON: its list
 * would become the prototype of a copy.
 */
export const forbiddenField = (
  part: 'query' | 'body',
  fields: Query,
): Either<PluginError, never> | undefined =>
  Object.hasOwn(fields, '__proto__')
    ? E.left(forbiddenKey(`${part}.__proto__`, '__proto__'))
    : undefined

/** Several errors as one. If one of them is more than a 400 with details, it alone is told. */
export const combine = (errors: ReadonlyArray<PluginError>): PluginError => {
  const special = errors.find(
    error => error._tag !== 'InvalidRequest' || error.status !== 400 || error.details === undefined,
  )
  return (
    special ??
    badRequest(
      errors.flatMap(error => (error._tag === 'InvalidRequest' ? (error.details ?? []) : [])),
    )
  )
}
