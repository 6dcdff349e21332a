import * as E from 'fp-ts/lib/Either.js'
import type { ParsedNote } from './note-kinds.js'
import { shapeOfPath } from './route-path.js'
import { invalid, sequence, type Validation } from './validation.js'

/** A note and the method that it stands on. */
interface Placed {
  readonly place: string
  readonly parsed: ParsedNote
}

/** The messages that a handler answers, and no other handler may answer. */
interface Claim {
  readonly place: string
  /** For people: `GET /:id`. */
  readonly what: string
  /** Equal for two handlers that answer the same messages. */
  readonly same: string
  /** What the author has to change: `key`. */
  readonly other: string
}

/** Checks that no two handlers answer the same messages. */
export const unique = (notes: ReadonlyArray<Placed>): Validation<unknown> => {
  const claims = notes.flatMap(claimsOf)
  return sequence(
    claims.map((claim, index) => {
      const first = claims.slice(0, index).find(earlier => earlier.same === claim.same)
      return first === undefined ? E.right(claim) : claimedTwice(first, claim)
    }),
  )
}

const claimsOf = ({ place, parsed }: Placed): ReadonlyArray<Claim> => {
  switch (parsed._tag) {
    case 'Route': {
      const { method, path, segments } = parsed
      const same = `${method} ${shapeOfPath(segments)}`
      return [{ place, what: `${method} ${path}`, same, other: 'method or path' }]
    }
    case 'Kv': {
      const what = `@Kv('${parsed.pattern}')`
      return [{ place, what, same: what, other: 'key' }]
    }
    default:
      return []
  }
}

const claimedTwice = (first: Claim, { place, what, other }: Claim): Validation<never> => {
  const also = first.what === what ? 'answers it' : `answers the same requests as ${first.what}`
  return invalid(
    place,
    `${what} is declared twice: ${first.place} ${also} already`,
    `Give one of them another ${other}`,
  )
}
