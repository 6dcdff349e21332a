import type { Declaration } from '../reflect/declaration.js'
import { describe } from '../reflect/describe.js'

/** What `--describe` prints: a plugin's routes, keys and codecs as JSON, with a line feed. */
export const descriptionOf = (declaration: Declaration): string =>
  `${JSON.stringify(describe(declaration), null, 2)}\n`
