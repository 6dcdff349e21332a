import { pipe } from 'fp-ts/lib/function.js'
import * as O from 'fp-ts/lib/Option.js'
import * as t from 'io-ts'
import type { JsonSchema } from '../../protocol.js'

/** A property of an object, and whether it must be there. */
export interface Property {
  readonly name: string
  readonly schema: JsonSchema
  readonly required: boolean
}

const Plain = t.intersection([
  t.type({ type: t.literal('object') }),
  t.partial({ properties: t.record(t.string, t.UnknownRecord), required: t.array(t.string) }),
])
/** The keywords of a plain list of properties, and those that decide nothing. */
const KNOWN = new Set(['type', 'properties', 'required', 'title', 'description', 'writeOnly'])
const All = t.type({ allOf: t.array(t.UnknownRecord) })

/**
 * The properties that an object schema names; none for one that is not a plain list of properties,
 * such as a union or a dictionary.
 */
export const propertiesOf = (schema: JsonSchema): O.Option<ReadonlyArray<Property>> => {
  if (All.is(schema) && Object.keys(schema).every(key => key === 'allOf')) {
    return pipe(
      O.traverseArray(propertiesOf)(schema.allOf),
      O.map(parts => merged(parts.flat())),
    )
  }
  if (!Plain.is(schema) || Object.keys(schema).some(key => !KNOWN.has(key))) return O.none
  const { properties = {}, required = [] } = schema
  return O.some(
    Object.entries(properties).map(([name, property]) => ({
      name,
      schema: property,
      required: required.includes(name),
    })),
  )
}

/** A property that several parts of an intersection name must fit all of them. */
const merged = (properties: ReadonlyArray<Property>): ReadonlyArray<Property> =>
  [...new Set(properties.map(({ name }) => name))].map(name => {
    const same = properties.filter(property => property.name === name)
    const [first, ...others] = same.map(({ schema }) => schema)
    return {
      name,
      schema:
        first === undefined || others.length > 0
          ? { allOf: same.map(({ schema }) => schema) }
          : first,
      required: same.some(({ required }) => required),
    }
  })
