/** Why JSON cannot carry a value. */
export interface Loss {
  /** What the value is: `a Promise`. */
  readonly found: string
  /** What to do: `await it`. */
  readonly advice: string
  /** What was thrown, or the `Error` that the value is. */
  readonly cause?: unknown
}

/** Whether `JSON.stringify` asks a value what to write instead of it. */
export const hasToJson = (value: unknown): value is { readonly toJSON: (key: string) => unknown } =>
  value !== null && value !== undefined && typeof Object(value).toJSON === 'function'

/**
 * Whether an object is one that `{}` makes, as most answers are. It is several times faster than to
 * ask for the prototype, but an object that inherits from such an object passes, too.
 */
export const isPlain = (value: object): boolean => value.constructor === Object

/**
 * Why JSON cannot carry a value, whatever its members are; `undefined` if it can. A value that JSON
 * asks for its `toJSON` is carried, unless nobody wants what that gives.
 */
export const lossOf = (value: unknown): Loss | undefined => {
  switch (typeof value) {
    case 'number':
      return Number.isFinite(value)
        ? undefined
        : { found: String(value), advice: 'send null or a text' }
    case 'bigint':
      return hasToJson(value) ? undefined : { found: 'a bigint', advice: 'send a text' }
    case 'symbol':
      return { found: 'a symbol', advice: 'send a text' }
    case 'function':
      return hasToJson(value) ? undefined : FUNCTION
    case 'object':
      return value === null || isOrdinary(value) ? undefined : lossOfInstance(value)
    default:
      return undefined
  }
}

const FUNCTION: Loss = {
  found: 'a function',
  advice: 'call it, or run it first if it is a TaskEither',
}

const isOrdinary = (value: object): boolean => {
  if (Array.isArray(value)) return true
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** The same for an object that is neither an array nor made by `{}`. */
const lossOfInstance = (value: object): Loss | undefined => {
  const name = nameOf(value)
  const found = `${/^[AEIO]/.test(name) ? 'an' : 'a'} ${name}`
  if (isFunctionAt(value, 'then')) return { found, advice: 'await it' }
  if (isBytes(value)) return { found: `bytes (${name})`, advice: 'send text, such as base64' }
  if (value instanceof Date && Number.isNaN(value.getTime()))
    return { found: 'an invalid Date', advice: 'send null' }
  if (hasToJson(value)) return undefined
  // JSON writes a boxed value as what is in it.
  if (BOXED.test(tagOf(value))) return lossOf(value.valueOf())
  const advice = adviceFor(value)
  if (advice === undefined) return lossOfClass(value, found)
  return { found, advice, ...(advice === ERROR ? { cause: value } : {}) }
}

const BOXED = /^(?:Number|String|Boolean|BigInt|Symbol)$/

const ERROR = 'send its message, or yield it as the error of the answer'

/** What to do with an object that has other content than its properties. */
const adviceFor = (value: object): string | undefined => {
  const tag = tagOf(value)
  if (value instanceof Error || tag === 'Error') return ERROR
  switch (tag) {
    case 'Response':
      return 'return it as the answer, or read it first'
    case 'Blob':
    case 'File':
      return 'read it first, with text()'
    case 'Map':
      return 'send Object.fromEntries(map)'
    case 'Set':
      return 'send an array, [...set]'
  }
  if (Symbol.asyncIterator in value || isFunctionAt(value, 'getReader')) return 'read it first'
  return Symbol.iterator in value ? 'send an array of its items' : undefined
}

/** The bytes of a `Buffer` have a `toJSON`, but its numbers are not what anybody wants to send. */
const isBytes = (value: object): boolean =>
  ArrayBuffer.isView(value) || /^(?:Shared)?ArrayBuffer$/.test(tagOf(value))
    ? !hasToJson(value) || value.toJSON === Buffer.prototype.toJSON
    : false

/** An object of a class that keeps something where JSON does not look for it. */
const lossOfClass = (value: object, found: string): Loss | undefined => {
  const { hidden, hasMembers } = inheritedBy(Object.getPrototypeOf(value))
  const advice = 'send a plain object, or give the class a toJSON()'
  const lost = hidden.find(name => !Object.hasOwn(value, name))
  if (lost !== undefined)
    return { found: `${found} with a property "${lost}" that it inherits`, advice }
  return hasMembers && Object.keys(value).length === 0
    ? { found: `${found} without properties of its own`, advice }
    : undefined
}

/** What objects have from their prototypes. */
interface Inherited {
  /** The names of getters and of data, which JSON leaves out. */
  readonly hidden: ReadonlyArray<string>
  /** Whether there is anything besides a constructor. */
  readonly hasMembers: boolean
}

const inheritances = new WeakMap<object, Inherited>()

const inheritedBy = (prototype: object): Inherited => {
  const known = inheritances.get(prototype)
  if (known !== undefined) return known
  const members = membersOf(prototype)
  const inherited = {
    hidden: members.flatMap(([name, { get, enumerable, value }]) =>
      get !== undefined || (enumerable === true && typeof value !== 'function') ? [name] : [],
    ),
    hasMembers: members.some(([name]) => name !== 'constructor'),
  }
  inheritances.set(prototype, inherited)
  return inherited
}

type Member = readonly [name: string, descriptor: PropertyDescriptor]

/** The named properties of a prototype and of those above it, but for that of all objects. */
const membersOf = (prototype: object | null): ReadonlyArray<Member> => {
  if (prototype === null) return []
  const above: object | null = Object.getPrototypeOf(prototype)
  if (above === null && Object.hasOwn(prototype, 'hasOwnProperty')) return []
  return [...Object.entries(Object.getOwnPropertyDescriptors(prototype)), ...membersOf(above)]
}

const isFunctionAt = (value: object, name: string): boolean =>
  name in value && typeof value[name as keyof typeof value] === 'function'

/** `Error` for an error of any realm, and what web objects say of themselves. */
const tagOf = (value: object): string => Object.prototype.toString.call(value).slice(8, -1)

const nameOf = (value: object): string => {
  const { name } = value.constructor ?? {}
  return typeof name === 'string' && name !== '' && name !== 'Object' ? name : tagOf(value)
}
