import { apFirst, sequenceS } from 'fp-ts/lib/Apply.js'
import type { Either } from 'fp-ts/lib/Either.js'
import * as E from 'fp-ts/lib/Either.js'
import type { Problem } from './problem.js'

/** A parsed value, or all the problems with it. */
export type Validation<A> = Either<ReadonlyArray<Problem>, A>

const Applicative = E.getApplicativeValidation<ReadonlyArray<Problem>>({
  concat: (first, second) => [...first, ...second],
})

/** A failed validation with one problem. */
export const invalid = (place: string, cause: string, fix: string): Validation<never> =>
  E.left([{ place, cause, fix }])

/** Keeps a value, with the problems of another validation added to its own. */
export const also = apFirst(Applicative)

/** A record of validations as a validation of a record, with all their problems. */
export const struct = sequenceS(Applicative)

/**
 * An array of validations as a validation of an array, with all their problems. By hand, because
 * the module `ReadonlyArray` takes milliseconds to load, before the plugin listens.
 */
export const sequence = <A>(
  validations: ReadonlyArray<Validation<A>>,
): Validation<ReadonlyArray<A>> => {
  const problems = validations.flatMap(each => (E.isLeft(each) ? each.left : []))
  return problems.length > 0 ? E.left(problems) : E.right(rights(validations))
}

/** Parses every element of an array, with all problems. */
export const traverse =
  <A, B>(parse: (a: A) => Validation<B>) =>
  (elements: ReadonlyArray<A>): Validation<ReadonlyArray<B>> =>
    sequence(elements.map(parse))

/** The values of those that could be parsed. */
export const rights = <A>(validations: ReadonlyArray<Validation<A>>): ReadonlyArray<A> =>
  validations.flatMap(each => (E.isRight(each) ? [each.right] : []))
