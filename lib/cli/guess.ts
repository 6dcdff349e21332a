import leven from 'leven'

/** Which part of the letters of two similar words may differ. */
const MOST_PART = 0.34
/** The shortest beginning of a word that stands for it. */
const MIN_PREFIX = 3

/** The word that somebody meant who wrote another one. `undefined` if none is similar. */
export const guess = (written: string, words: ReadonlyArray<string>): string | undefined =>
  words
    .map(word => ({ word, part: difference(written.toLowerCase(), word.toLowerCase()) }))
    .filter(({ part }) => part <= MOST_PART)
    .sort((a, b) => a.part - b.part)[0]?.word

/** From 0 for the same word to 1. Swapped letters count little, and so does a missing end. */
const difference = (a: string, b: string): number => {
  const [short, long] = a.length < b.length ? [a, b] : [b, a]
  if (sorted(a) === sorted(b)) return a === b ? 0 : 1 / long.length
  if (short.length >= MIN_PREFIX && long.startsWith(short)) return MOST_PART
  return leven(a, b) / long.length
}

const sorted = (word: string): string => [...word].sort().join('')

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
