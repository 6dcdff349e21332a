import leven from 'leven'

/** How many letters of two similar words may differ, and which part of the longer one. */
const MOST_LETTERS = 3
const MOST_PART = 2 / 3

/** The word that somebody meant who wrote another one. `undefined` if none is similar. */
export const guess = (written: string, words: ReadonlyArray<string>): string | undefined => {
  const distances = words
    .map(word => ({ word, distance: leven(written.toLowerCase(), word.toLowerCase()) }))
    .filter(
      ({ word, distance }) =>
        distance <= MOST_LETTERS && distance <= MOST_PART * Math.max(word.length, written.length),
    )
  return distances.sort((a, b) => a.distance - b.distance)[0]?.word
}

/** `Did you mean pack?`, or another text if no word is similar. */
export const didYouMean = (
  written: string,
  words: ReadonlyArray<string>,
  otherwise: string,
): string => {
  const meant = guess(written, words)
  return meant === undefined ? otherwise : `Did you mean ${meant}?`
}

/** `bash, zsh or fish` */
export const oneOf = (words: ReadonlyArray<string>): string =>
  words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`

/** Words as a command line that a shell reads in the same way. */
export const commandLine = (words: ReadonlyArray<string>): string =>
  words
    .map(word =>
      /^[\w@%+=:,./~<>[\]-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`,
    )
    .join(' ')
