import { readFileSync } from 'node:fs'
import type { DialectName } from '../../lib/wire/dialect.js'

/** One message of a dialect as hosts and plugins write it. */
export interface Example {
  readonly name: string
  readonly message: Record<string, unknown>
  /** The message as JSON text, as it came but for the white space between tokens. */
  readonly text: string
}

const isExample = (value: unknown): value is Example =>
  typeof value === 'object' &&
  value !== null &&
  'name' in value &&
  'message' in value &&
  typeof value.message === 'object'

/** The examples of a dialect, from `spec/fixtures/wire/`. */
export const examplesOf = (dialect: DialectName): ReadonlyArray<Example> =>
  readFileSync(new URL(`../../../spec/fixtures/wire/${dialect}.jsonl`, import.meta.url), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): unknown => JSON.parse(line))
    .filter(isExample)
    .map(example => ({ ...example, text: JSON.stringify(example.message) }))
