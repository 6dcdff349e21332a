/** A type of TypeScript, before it is text. */
export type Type =
  | { readonly _tag: 'Plain'; readonly text: string; readonly comment?: string }
  /** A type that is declared under its name, and may refer to itself. */
  | { readonly _tag: 'Reference'; readonly name: string }
  | { readonly _tag: 'Fields'; readonly fields: ReadonlyArray<Field> }
  | { readonly _tag: 'Generic'; readonly name: string; readonly of: ReadonlyArray<Type> }
  | {
      readonly _tag: 'Tuple'
      readonly items: ReadonlyArray<Type>
      readonly required: number
      readonly rest: Type | undefined
    }
  | { readonly _tag: 'Union' | 'Intersection'; readonly of: ReadonlyArray<Type> }

/** A property of an object type, or, as its index, all properties. */
export interface Field {
  readonly name: string
  readonly isIndex?: true
  readonly optional: boolean
  readonly type: Type
}

/** A type by its name or as it is written. */
export const plain = (text: string): Type => ({ _tag: 'Plain', text })

/** Anything, and why nothing more is known of it. */
export const unknown = (comment?: string): Type => ({
  ...plain('unknown'),
  ...(comment === undefined
    ? {}
    : { comment: comment.replace(/\s+/g, ' ').replaceAll('*/', '* /') }),
})

/** An object type. */
export const fields = (of: ReadonlyArray<Field>): Type => ({ _tag: 'Fields', fields: of })

/** A generic type: `Array`, `Record`. */
export const generic = (name: string, ...of: ReadonlyArray<Type>): Type => ({
  _tag: 'Generic',
  name,
  of,
})

/** One of these types, each named once: nothing of none, the type itself of one. */
export const union = (of: ReadonlyArray<Type>): Type => several('Union', of, 'never')

/** All of these types at once. */
export const intersection = (of: ReadonlyArray<Type>): Type =>
  several('Intersection', of, 'unknown')

const several = (tag: 'Union' | 'Intersection', of: ReadonlyArray<Type>, none: string): Type => {
  const different = [...new Map(of.map(type => [oneLine(type), type])).values()]
  return different.length > 1 ? { _tag: tag, of: different } : (different[0] ?? plain(none))
}

/** The same type with other parts. */
export const mapParts = (type: Type, f: (part: Type) => Type): Type => {
  switch (type._tag) {
    case 'Plain':
    case 'Reference':
      return type
    case 'Fields':
      return { ...type, fields: type.fields.map(field => ({ ...field, type: f(field.type) })) }
    case 'Tuple':
      return { ...type, items: type.items.map(f), rest: type.rest && f(type.rest) }
    default:
      return { ...type, of: type.of.map(f) }
  }
}

/** Whether a type has a reference in it. */
const refers = (type: Type): boolean => {
  switch (type._tag) {
    case 'Plain':
      return false
    case 'Reference':
      return true
    case 'Fields':
      return type.fields.some(field => refers(field.type))
    case 'Tuple':
      return [...type.items, ...(type.rest === undefined ? [] : [type.rest])].some(refers)
    default:
      return type.of.some(refers)
  }
}

/** A declared type may refer to itself below an index, but not in a `Record`. */
const indexed = (type: Type): Type => {
  const [, value] = type._tag === 'Generic' && type.name === 'Record' ? type.of : []
  return value !== undefined && refers(value)
    ? fields([{ name: 'key', isIndex: true, optional: false, type: value }])
    : type
}

/** How long a line may be. */
const WIDTH = 100

/**
 * A type as text: in one line where that fits after `column` characters, else its objects and
 * unions in several, `indent` blanks further in.
 */
export const typeText = (given: Type, indent = 0, column = indent): string => {
  const type = indexed(given)
  const line = oneLine(type)
  if (column + line.length <= WIDTH) return line
  const inner = ' '.repeat(indent + 2)
  switch (type._tag) {
    case 'Plain':
    case 'Reference':
      return line
    case 'Fields':
      return `{\n${type.fields.map(field => `${inner}${label(field)}${typeText(field.type, indent + 2, indent + 2 + label(field).length)}\n`.replace(': \n', ':\n')).join('')}${' '.repeat(indent)}}`
    case 'Generic':
      return `${type.name}<${type.of.map(each => typeText(each, indent, column + type.name.length)).join(', ')}>`
    case 'Tuple':
      return `[\n${elements(type, each => typeText(each, indent + 2))
        .map(each => `${inner}${each},\n`)
        .join('')}${' '.repeat(indent)}]`
    case 'Union':
      return type.of.map(each => `\n${inner}| ${typeText(each, indent + 4, indent + 4)}`).join('')
    case 'Intersection':
      return type.of.map(each => grouped(each, typeText(each, indent, indent))).join(' & ')
  }
}

/** A type in one line, which tells it from every other. */
export const oneLine = (given: Type): string => {
  const type = indexed(given)
  switch (type._tag) {
    case 'Plain':
      return type.comment === undefined ? type.text : `${type.text} /* ${type.comment} */`
    case 'Reference':
      return type.name
    case 'Fields':
      return type.fields.length === 0
        ? '{}'
        : `{ ${type.fields.map(field => `${label(field)}${oneLine(field.type)}`).join('; ')} }`
    case 'Generic':
      return `${type.name}<${type.of.map(oneLine).join(', ')}>`
    case 'Tuple':
      return `[${elements(type, oneLine).join(', ')}]`
    case 'Union':
      return type.of.map(oneLine).join(' | ')
    case 'Intersection':
      return type.of.map(each => grouped(each, oneLine(each))).join(' & ')
  }
}

const elements = (
  { items, required, rest }: Type & { readonly _tag: 'Tuple' },
  text: (type: Type) => string,
): ReadonlyArray<string> => [
  ...items.map((item, index) => (index < required ? text(item) : `(${text(item)})?`)),
  ...(rest === undefined ? [] : [`...Array<${text(rest)}>`]),
]

const grouped = (type: Type, text: string): string => (type._tag === 'Union' ? `(${text})` : text)

const label = ({ name, isIndex, optional }: Field): string =>
  isIndex
    ? `[${name}: string]: `
    : `${/^[A-Za-z_$][\w$]*$/.test(name) ? name : quoted(name)}${optional ? '?' : ''}: `

/** A text as a literal. */
export const quoted = (text: string): string => {
  const double = JSON.stringify(text).replace(
    /[\u2028\u2029]/g,
    found => `\\u${found.charCodeAt(0).toString(16)}`,
  )
  return text.includes("'") && !text.includes('"')
    ? double
    : `'${double.slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`
}
