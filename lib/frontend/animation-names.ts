const STRING = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/.source

/** The parts of a value: comments, strings, names of variables, functions, and names. */
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
 * Renames the animations in the value of `animation`, `animation-name` or a custom property.
 * `names` maps identifiers as CSS writes them, with escapes.
 */
export const withAnimationNames = (value: string, names: ReadonlyMap<string, string>): string =>
  value.replace(PARTS, part => names.get(part) ?? part)
