/**
 * What authors need of fp-ts and io-ts, under the names that everybody uses: in ES modules
 * `fp-ts/Either` does not resolve on every Node.js, and `fp-ts/lib/Either.js` is a mouthful.
 *
 * @example
 * import { E, O, pipe, RTE, t, TE } from 'toru-plugin-api/fp'
 */
export * as E from 'fp-ts/lib/Either.js'
export { flow, pipe } from 'fp-ts/lib/function.js'
export * as O from 'fp-ts/lib/Option.js'
export * as RTE from 'fp-ts/lib/ReaderTaskEither.js'
export * as TE from 'fp-ts/lib/TaskEither.js'
export * as t from 'io-ts'
