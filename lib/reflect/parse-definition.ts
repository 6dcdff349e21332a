import * as E from 'fp-ts/lib/Either.js'
import { pipe } from 'fp-ts/lib/function.js'
import * as t from 'io-ts'
import { explain } from '../codec/explain.js'
import { PluginMetadata } from '../domain/metadata.js'
import {
  BOUNDS,
  DEFAULTS,
  type NumericOption,
  type PluginDefinition,
  type ResolvedOptions,
} from '../domain/plugin-definition.js'
import { show } from '../domain/text/show.js'
import type { Declaration } from './declaration.js'
import type { ClassNote } from './note-kinds.js'
import { classNotes } from './notes.js'
import { also, invalid, struct, traverse, type Validation } from './validation.js'

/** The arguments of `@Plugin`: the metadata, and the options with their defaults. */
export const parseDefinition = (
  place: string,
  plugin: object,
): Validation<Pick<Declaration, 'metadata' | 'options'>> => {
  const [nearest] = definitionsIn(classNotes(plugin).flat())
  return nearest === undefined
    ? withoutDefinition(place, plugin)
    : pipe(
        struct({
          metadata: parseMetadata(place, nearest.metadata),
          options: parseOptions(place, nearest.options),
        }),
        also(definedOnce(place, plugin)),
      )
}

/** JavaScript may pass anything. */
const withoutDefinition = (place: string, plugin: unknown): Validation<never> => {
  const expected = 'expected an object of a class with @Plugin, got'
  if (typeof plugin === 'function') {
    const name = plugin.name === '' ? 'MyPlugin' : plugin.name
    const fix = `Pass an object: registerPlugin(new ${name}())`
    return invalid(place, `${expected} the class or function ${name} itself`, fix)
  }
  if (plugin instanceof Promise)
    return invalid(place, `${expected} a promise`, 'Wait for it: registerPlugin(await …)')
  const write = 'Write @Plugin({ id, name, version, icon, route }) above the class'
  return typeof plugin === 'object' && plugin !== null
    ? invalid(
        place,
        'it has no @Plugin',
        `${write}, and pass an object of it: registerPlugin(new MyPlugin())`,
      )
    : invalid(
        place,
        `${expected} ${show(plugin)}`,
        'Pass an object: registerPlugin(new MyPlugin())',
      )
}

const definitionsIn = (notes: ReadonlyArray<ClassNote>): ReadonlyArray<PluginDefinition> =>
  notes.flatMap(note => (note._tag === 'Plugin' ? [note.definition] : []))

/** A class may extend another plugin, but has only one `@Plugin` itself. */
const definedOnce = (place: string, plugin: object): Validation<unknown> =>
  classNotes(plugin).every(notes => definitionsIn(notes).length <= 1)
    ? E.right(undefined)
    : invalid(place, 'it has @Plugin twice', 'Keep one of them')

const parseMetadata = (place: string, metadata: unknown): Validation<PluginMetadata> =>
  pipe(
    PluginMetadata.decode(metadata),
    E.mapLeft(errors =>
      explain(errors).map(({ path, expected, got }) => ({
        place: `${place} @Plugin${path === '' ? '' : ` ${path}`}`,
        cause: `expected ${expected}, got ${got}`,
        fix: 'The host skips a plugin whose metadata breaks a rule, and never reaches a route of several segments',
      })),
    ),
  )

const NUMERIC = Object.keys(BOUNDS).filter(t.keyof(BOUNDS).is)

const parseOptions = (
  place: string,
  options: PluginDefinition['options'],
): Validation<ResolvedOptions> =>
  pipe(
    NUMERIC,
    traverse(name =>
      pipe(
        parseNumber(place, name, options[name]),
        E.map(value => [name, value] as const),
      ),
    ),
    E.map(numbers => ({
      ...DEFAULTS,
      ...Object.fromEntries(numbers),
      forwardSessionCookie: options.forwardSessionCookie ?? DEFAULTS.forwardSessionCookie,
      config: options.config,
      kv: options.kv,
    })),
  )

/** The bounds of a number, and a value outside of them that is allowed, too. */
interface Bounds {
  readonly least: number
  readonly most: number
  readonly unit: string
  readonly or?: number
}

const parseNumber = (
  place: string,
  name: NumericOption,
  value: number = DEFAULTS[name],
): Validation<number> => {
  const { least, most, unit, or }: Bounds = BOUNDS[name]
  return value === or || (Number.isInteger(value) && value >= least && value <= most)
    ? E.right(value)
    : invalid(
        `${place} @Plugin ${name}`,
        `expected an integer from ${least} to ${most} (${unit}), got ${value}`,
        `Leave it out for the default of ${DEFAULTS[name]}`,
      )
}
