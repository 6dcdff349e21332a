import { type Field, generic, mapParts, plain, type Type, union } from './type-script.js'

const SCALAR = plain('Scalar')

/**
 * What a client passes where the plugin's codec reads text: anything that becomes text, unless the
 * codec takes only certain texts.
 */
export const asText = (type: Type | undefined): Type => {
  if (type === undefined || type._tag === 'Reference') return SCALAR
  if (type._tag === 'Plain')
    return /^['"]/.test(type.text)
      ? type
      : type.text === 'unknown'
        ? union([SCALAR, SCALARS])
        : SCALAR
  if (type._tag === 'Generic' && type.name === 'Array')
    return generic('ReadonlyArray', ...type.of.map(asText))
  if (type._tag === 'Generic')
    return { ...type, of: type.of.map((each, index) => (index === 0 ? each : asText(each))) }
  return type._tag === 'Union' ? union(type.of.map(asText)) : mapParts(type, asText)
}

/** As `asText`, where there cannot be a list. */
export const oneText = (type: Type | undefined): Type =>
  type?._tag === 'Plain' && type.text === 'unknown' ? SCALAR : asText(type)

const SCALARS = generic('ReadonlyArray', SCALAR)

/** The properties of an object type, or of all parts of an intersection. */
export const fieldsOf = (type: Type | undefined): ReadonlyArray<Field> =>
  type?._tag === 'Fields'
    ? type.fields
    : type?._tag === 'Intersection'
      ? type.of.flatMap(fieldsOf)
      : []
