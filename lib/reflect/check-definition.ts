import * as E from 'fp-ts/lib/Either.js'
import * as t from 'io-ts'
import { explain } from '../codec/explain.js'
import { PluginMetadata } from '../domain/metadata.js'
import type { ResolvedOptions } from '../domain/plugin-definition.js'
import { BOUNDS, DEFAULTS, type PluginDefinition } from '../domain/plugin-definition.js'
import type { Problem } from './problem.js'

/** What is wrong with the arguments of `@Plugin`, or with its absence. */
export const checkDefinition = (
  className: string,
  definition: PluginDefinition | undefined,
): ReadonlyArray<Problem> =>
  definition === undefined
    ? [
        {
          place: className,
          cause: 'it has no @Plugin',
          fix: 'Write @Plugin({ id, name, version, icon, route }) above the class, and pass an object of it: registerPlugin(new MyPlugin())',
        },
      ]
    : [
        ...metadataProblems(className, definition.metadata),
        ...optionProblems(className, definition.options),
      ]

/** The options with their defaults. */
export const resolveOptions = (options: PluginDefinition['options']): ResolvedOptions => ({
  ...DEFAULTS,
  ...given(options),
  config: options.config,
  kv: options.kv,
})

/** Without those that were given as `undefined`. */
const given = (options: PluginDefinition['options']): Partial<ResolvedOptions> =>
  Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined))

/** The bounds of a number, and one value out of them that is taken too. */
interface Bounds {
  readonly least: number
  readonly most: number
  readonly unit: string
  readonly or?: number
}

/** The names of the options that are numbers. */
const NUMERIC = t.keyof(BOUNDS)

const metadataProblems = (place: string, metadata: unknown): ReadonlyArray<Problem> => {
  const decoded = PluginMetadata.decode(metadata)
  return E.isRight(decoded)
    ? []
    : explain(decoded.left).map(({ path, expected, got }) => ({
        place: `${place} @Plugin${path === '' ? '' : ` ${path}`}`,
        cause: `expected ${expected}, got ${got}`,
        fix: 'The host skips a plugin whose metadata breaks a rule, and never reaches a route of several segments',
      }))
}

const optionProblems = (
  place: string,
  options: PluginDefinition['options'],
): ReadonlyArray<Problem> => [
  ...Object.keys(BOUNDS)
    .filter(NUMERIC.is)
    .flatMap(name => {
      const { least, most, unit, or }: Bounds = BOUNDS[name]
      const value = options[name]
      return value === undefined ||
        value === or ||
        (Number.isInteger(value) && value >= least && value <= most)
        ? []
        : [
            {
              place: `${place} @Plugin ${name}`,
              cause: `expected an integer from ${least} to ${most} (${unit}), got ${value}`,
              fix: `Leave it out for the default of ${DEFAULTS[name]}`,
            },
          ]
    }),
]
