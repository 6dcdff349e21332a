/** JSON indented; any other text unchanged. */
export const prettyJson = (text: string): string => {
  const value = parseJson(text)
  return value === undefined ? text : JSON.stringify(value, null, 2)
}

/**
 * Parses a JSON text; `undefined` for any other. A text with numbers beyond a double's precision is
 * not parsed, since they would change.
 */
export const parseJson = (text: string): unknown => {
  if (/\d{16}/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** A plugin's icon if it is short enough to show, otherwise the first letter of its name. */
export const pluginIcon = (icon: string, name: string): string =>
  icon !== '' && [...icon].length <= 4 ? icon : (name[0] ?? '?').toUpperCase()

/** Whether one of the texts contains `wanted`, ignoring case. */
export const contains = (wanted: string, ...texts: ReadonlyArray<string>): boolean => {
  const lower = wanted.trim().toLowerCase()
  return lower === '' || texts.some(text => text.toLowerCase().includes(lower))
}
