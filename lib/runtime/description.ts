import { describe } from '../dispatch/describe.js'
import { tableFrom } from '../dispatch/explore.js'
import type { Declaration } from '../reflect/declare.js'

/** What `--describe` prints: a plugin's routes, keys and codecs as JSON, with a line feed. */
export const descriptionOf = (declaration: Declaration): string =>
  `${JSON.stringify(describe(tableFrom(declaration)), null, 2)}\n`
