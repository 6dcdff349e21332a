import { causesOf, isError, messageOf, readProperty, resultOf } from '../../domain/thrown.js'

/** The most errors of an `AggregateError` that are shown. */
const MAX_INNER = 8
/** The longest property of an error that is shown, as JSON: a request or a socket is not. */
const MAX_PROPERTY = 500
/** The most characters of all properties of one error. */
const MAX_PROPERTIES = 2_000

/** Any value as plain JSON, without secrets and circles. */
export type ToJson = (value: unknown) => unknown

/**
 * An error as text: its stack, which begins with its name and message, its own properties, such as
 * the `code` and the `hint` of a database, and its causes, each under the line `Caused by:`. Never
 * throws.
 */
export const errorText = (error: unknown, toJson: ToJson): string =>
  causesOf(error)
    .map(each => oneError(each, toJson))
    .join('\nCaused by: ')

/**
 * An error inside another one as text, with its causes: without stacks, and in one line. Never
 * throws.
 */
export const shortErrorText = (error: object, toJson: ToJson): string =>
  causesOf(error)
    .map(each =>
      isObject(each) ? parts(headlineOf(each), ...propertiesOf(each, toJson)) : messageOf(each),
    )
    .join(', caused by ')

const oneError = (error: unknown, toJson: ToJson): string => {
  if (!isObject(error)) return messageOf(error)
  const inner = innerErrors(error)
  return [
    stackOf(error),
    ...propertiesOf(error, toJson),
    ...inner
      .slice(0, MAX_INNER)
      .map(each => (isObject(each) ? shortErrorText(each, toJson) : messageOf(each))),
    ...(inner.length > MAX_INNER ? [`and ${inner.length - MAX_INNER} more`] : []),
  ]
    .filter(part => part !== '')
    .join('\n  ')
}

const isObject = (u: unknown): u is object => typeof u === 'object' && u !== null

const parts = (...texts: ReadonlyArray<string>): string =>
  texts.filter(text => text !== '').join(' ')

/** The stack; the headline for what has none. */
const stackOf = (error: object): string => {
  const [stack, message] = ['stack', 'message'].map(key => readProperty(error, key))
  if (typeof stack !== 'string') return headlineOf(error)
  // A message that was changed after the error was made is not in its stack.
  const isInStack = typeof message !== 'string' || stack.includes(message)
  return isInStack ? stack : `${headlineOf(error)}\n${stack}`
}

/** The errors of an `AggregateError`. */
const innerErrors = (error: object): ReadonlyArray<unknown> => {
  const errors = readProperty(error, 'errors')
  return resultOf(() => (Array.isArray(errors) ? [...errors] : [])) ?? []
}

/** The kind of an error, and its message; empty for a plain object that has neither. */
const headlineOf = (error: object): string => {
  const [tag, name, message] = ['_tag', 'name', 'message'].map(key => readProperty(error, key))
  const title = [tag, name].find(text => typeof text === 'string' && text !== '')
  const kind = typeof title === 'string' ? title : isError(error) ? 'Error' : ''
  const text = isError(error) ? messageOf(error) : typeof message === 'string' ? message : ''
  return text === kind ? kind : [kind, text].filter(each => each !== '').join(': ')
}

/** What the text of an error shows in another way. */
const SHOWN: ReadonlySet<string> = new Set(['_tag', 'name', 'message', 'stack', 'cause'])

/**
 * One line of JSON with the own properties of an error, the plain values first; none if it has
 * none.
 */
const propertiesOf = (error: object, toJson: ToJson): ReadonlyArray<string> => {
  const members = (resultOf(() => Object.keys(error)) ?? []).flatMap(name => {
    if (SHOWN.has(name) || (name === 'errors' && innerErrors(error).length > 0)) return []
    const value = propertyOf(error, name)
    return value === undefined ? [] : [{ name, value }]
  })
  const shown: string[] = []
  let room = MAX_PROPERTIES
  for (const { name, value } of members.sort((a, b) => rank(a.value) - rank(b.value))) {
    const member = JSON.stringify(toJson({ [name]: value })).slice(1, -1)
    const short =
      member.length <= Math.min(MAX_PROPERTY, room)
        ? member
        : `${JSON.stringify(name.toWellFormed())}:"[${member.length} characters]"`
    if (short.length > room) break
    room -= short.length + 1
    shown.push(short)
  }
  return shown.length === 0 ? [] : [`{${shown.join(',')}}`]
}

const rank = (value: unknown): number => (isObject(value) ? 1 : 0)

/** The property of any object. If reading it throws, a text that says so. */
export const propertyOf = (value: object, name: string): unknown =>
  safely(() => (value as Readonly<Record<string, unknown>>)[name])

/** What `run` returns. If it throws, a text that says so. */
export const safely = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (cause) {
    return `[cannot be shown: ${messageOf(cause).slice(0, 200)}]`
  }
}
