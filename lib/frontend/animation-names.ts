const STRING = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/.source

/** The parts of a value: a comment, a string, a variable's name, a function, or a name. */
const PARTS = new RegExp(
  [
    /\/\*.*?\*\//.source,
    STRING,
    /var\(\s*[\w-]+/.source,
    String.raw`(?!var\()[\w-]+\((?:${STRING}|[^()"']|\([^()]*\))*\)`,
    /(?:[\w-]|[^\0-\x7f]|\\(?:[\da-f]{1,6}\s?|.))+/.source,
  ].join('|'),
  'gis',
)

/**
 * The value of `animation`, `animation-name` or a custom property with other names for its
 * animations. `names` are identifiers as CSS writes them, escapes included.
 */
export const withAnimationNames = (value: string, names: ReadonlyMap<string, string>): string =>
  value.replace(PARTS, part => names.get(part) ?? part)
