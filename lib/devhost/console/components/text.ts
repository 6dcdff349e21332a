/** JSON with its lines broken, or the text as it is. */
export const prettyJson = (text: string): string => {
  const value = parseJson(text)
  return value === undefined ? text : JSON.stringify(value, null, 2)
}

/**
 * The value of a JSON text; `undefined` where it is none. Numbers beyond a double's precision would
 * change, so such a text counts as none.
 */
export const parseJson = (text: string): unknown => {
  if (/\d{16}/.test(text)) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** What stands for a plugin: its icon where that is a sign or two, else its first letter. */
export const pluginIcon = (icon: string, name: string): string =>
  icon !== '' && [...icon].length <= 4 ? icon : (name[0] ?? '?').toUpperCase()

/** Whether one of the texts has the wanted one in it, whatever the case. */
export const contains = (wanted: string, ...texts: ReadonlyArray<string>): boolean => {
  const lower = wanted.trim().toLowerCase()
  return lower === '' || texts.some(text => text.toLowerCase().includes(lower))
}
