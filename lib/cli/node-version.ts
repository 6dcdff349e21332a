/** The oldest Node.js that runs a plugin, as in `engines` of this package. */
export const OLDEST_NODE = '20.19.0'

/**
 * Whether a version such as `20.19.1` or `v22.0.0` is at least another one. A pre-release counts as
 * its release.
 */
export const isAtLeast = (version: string, least: string): boolean => {
  const [have, need] = [numbers(version), numbers(least)]
  const difference = [0, 1, 2]
    .map(index => (have[index] ?? 0) - (need[index] ?? 0))
    .find(value => value !== 0)
  return (difference ?? 0) >= 0
}

/** The numbers of a version: major, minor, patch. */
export const numbers = (version: string): ReadonlyArray<number> =>
  version
    .replace(/^[v^~>=\s]+/, '')
    .split(/[.+-]/)
    .map(Number)
