import { isDeepStrictEqual } from 'node:util'
import type { Kind, URIS } from 'fp-ts/HKT.js'
import * as E from 'fp-ts/lib/Either.js'
import type { FromEither1 } from 'fp-ts/lib/FromEither.js'
import { identity } from 'fp-ts/lib/function.js'
import type { Monad1 } from 'fp-ts/lib/Monad.js'
import type { Outcome } from '../../lib/domain/outcome.js'
import { conflict, type PluginError } from '../../lib/domain/plugin-error.js'
import fc from '../support/properties.js'

const error = fc.string().map(message => conflict(message))
const either: fc.Arbitrary<E.Either<PluginError, number>> = fc.oneof(
  { arbitrary: fc.integer().map(E.right<PluginError, number>), weight: 3 },
  error.map(E.left<PluginError, number>),
)

/** Outcomes that are there at once, that come in the same turn of the event loop, and later. */
export const outcome: fc.Arbitrary<Outcome<number>> = fc.oneof(
  either,
  either.map(result => Promise.resolve(result)),
  either.map(
    result =>
      new Promise<E.Either<PluginError, number>>(resolve => setImmediate(() => resolve(result))),
  ),
)

/** An `Either` whose left side may be anything. */
export const unknownEither: fc.Arbitrary<E.Either<unknown, number>> = fc.oneof(
  fc.integer().map(E.right<unknown, number>),
  fc.anything().map(E.left<unknown, number>),
)

/** Whether two outcomes come to the same. */
export const sameOutcome = async <A>(a: Outcome<A>, b: Outcome<A>): Promise<boolean> =>
  isDeepStrictEqual(await a, await b)

/** A type constructor whose laws are looked at, with values of it. */
export interface Subject<F extends URIS> {
  readonly Monad: Monad1<F>
  readonly FromEither: FromEither1<F>
  readonly value: fc.Arbitrary<Kind<F, number>>
  readonly same: <A>(a: Kind<F, A>, b: Kind<F, A>) => Promise<boolean>
}

type Law = readonly [name: string, property: fc.IAsyncProperty<unknown>]

/** The laws of Functor, Apply, Applicative, Chain and Monad, and what FromEither has to keep. */
export const laws = <F extends URIS>({
  Monad: M,
  FromEither: { fromEither },
  value,
  same,
}: Subject<F>): ReadonlyArray<Law> => {
  const f = fc.func(fc.integer())
  const arrow = fc.func(value)
  const lifted = fc.tuple(value, f).map(([fa, g]) => M.map(fa, n => (a: number) => g(n, a)))
  const law = <Args extends [unknown, ...unknown[]]>(
    name: string,
    arbitraries: { [K in keyof Args]: fc.Arbitrary<Args[K]> },
    holds: (...args: Args) => Promise<boolean>,
  ): Law => [name, fc.asyncProperty(...arbitraries, holds)]

  return [
    law('Functor: identity', [value], fa => same(M.map(fa, identity), fa)),
    law('Functor: composition', [value, f, f], (fa, ab, bc) =>
      same(
        M.map(fa, a => bc(ab(a))),
        M.map(M.map(fa, ab), bc),
      ),
    ),
    law('Apply: associative composition', [lifted, lifted, value], (fbc, fab, fa) =>
      same(
        M.ap(
          M.ap(
            M.map(fbc, bc => (ab: (a: number) => number) => (a: number) => bc(ab(a))),
            fab,
          ),
          fa,
        ),
        M.ap(fbc, M.ap(fab, fa)),
      ),
    ),
    law('Applicative: identity', [value], fa =>
      same(M.ap(M.of<(a: number) => number>(identity), fa), fa),
    ),
    law('Applicative: homomorphism', [fc.integer(), f], (a, ab) =>
      same(M.ap(M.of(ab), M.of(a)), M.of(ab(a))),
    ),
    law('Applicative: interchange', [fc.integer(), lifted], (a, fab) =>
      same(
        M.ap(fab, M.of(a)),
        M.ap(
          M.of((ab: (a: number) => number) => ab(a)),
          fab,
        ),
      ),
    ),
    law('Chain: associativity', [value, arrow, arrow], (fa, afb, bfc) =>
      same(
        M.chain(M.chain(fa, afb), bfc),
        M.chain(fa, a => M.chain(afb(a), bfc)),
      ),
    ),
    law('Chain: its ap is that of Apply', [lifted, value], (fab, fa) =>
      same(
        M.ap(fab, fa),
        M.chain(fab, ab => M.map(fa, ab)),
      ),
    ),
    law('Monad: left identity', [fc.integer(), arrow], (a, afb) =>
      same(M.chain(M.of(a), afb), afb(a)),
    ),
    law('Monad: right identity', [value], fa => same(M.chain(fa, M.of), fa)),
    law('Monad: its map is that of Functor', [value, f], (fa, ab) =>
      same(
        M.map(fa, ab),
        M.chain(fa, a => M.of(ab(a))),
      ),
    ),
    law('FromEither: of', [fc.integer()], a => same(fromEither(E.of(a)), M.of(a))),
    law('FromEither: map', [unknownEither, f], (fa, ab) =>
      same(fromEither(E.map(ab)(fa)), M.map(fromEither(fa), ab)),
    ),
    law('FromEither: chain', [unknownEither, fc.func(unknownEither)], (fa, afb) =>
      same(
        fromEither(E.chain(afb)(fa)),
        M.chain(fromEither(fa), a => fromEither(afb(a))),
      ),
    ),
  ]
}
