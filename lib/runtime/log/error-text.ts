import { messageOf } from '../../domain/thrown.js'

/** The most causes of an error that are shown, and the most errors of an `AggregateError`. */
const MAX_CAUSES = 8

/**
 * An error as text: its stack, which begins with its name and message, then its causes, each under
 * the line `Caused by:`. Never throws.
 */
export const errorText = (error: unknown): string => {
  const seen = new Set<unknown>()
  for (
    let current = error;
    current !== undefined && current !== null && !seen.has(current) && seen.size < MAX_CAUSES;
    current = typeof current === 'object' ? readProperty(current, 'cause') : undefined
  )
    seen.add(current)
  return [...seen].map(oneError).join('\nCaused by: ')
}

const oneError = (error: unknown): string => {
  if (typeof error !== 'object' || error === null) return messageOf(error)
  const [tag, name, message, stack, inner] = ['_tag', 'name', 'message', 'stack', 'errors'].map(
    key => readProperty(error, key),
  )
  const title =
    typeof tag === 'string' ? tag : typeof name === 'string' && name !== '' ? name : 'Error'
  const headline = typeof message === 'string' && message !== '' ? `${title}: ${message}` : title
  const others = Array.isArray(inner)
    ? inner.slice(0, MAX_CAUSES).map(each => `\n  ${messageOf(each)}`)
    : []
  if (typeof stack !== 'string') return [headline, ...others].join('')
  // A message that was changed after the error was made is not in its stack.
  const isInStack = typeof message !== 'string' || stack.includes(message)
  return [isInStack ? stack : `${headline}\n${stack}`, ...others].join('')
}

/** The property of any object. If reading it throws, a text that says so. */
export const readProperty = (value: object, name: string): unknown =>
  safely(() => (value as Readonly<Record<string, unknown>>)[name])

/** What `run` returns. If it throws, a text that says so. */
export const safely = (run: () => unknown): unknown => {
  try {
    return run()
  } catch (cause) {
    return `[cannot be shown: ${messageOf(cause).slice(0, 200)}]`
  }
}
