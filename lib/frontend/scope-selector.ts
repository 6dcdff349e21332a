/**
 * Text in a selector: escapes, strings, characters outside ASCII. Brackets, commas and colons in it
 * have no meaning.
 */
const TEXT = /\\(?:[\da-f]{1,6}\s?|.)|"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|[^\0-\x7f]/gis

/** A selector with its text masked. Positions do not change. */
const withoutText = (selector: string): string =>
  selector.replace(TEXT, text => 'x'.repeat(text.length))

/** Masks everything in brackets as well. */
const withoutBrackets = (selector: string): string => {
  const flat = selector.replace(/[([][^()[\]]*[)\]]/g, text => '.'.repeat(text.length))
  return flat === selector ? flat : withoutBrackets(flat)
}

/** A selector whose last compound names the page's root or body. */
const PAGE = /(?:^|[\s>+~])(?:html|body|:root)(?![\w-])[^\s>+~]*$/

/**
 * Rewrites a selector list, as the browser serializes it, for a rule in `@scope`.
 *
 * * * A selector for the page means the plugin's element while the page matches: `html.dark`
 * becomes `html.dark :scope`. Any other selector may match the plugin's element itself, and may
 * name ancestors outside of it, as in `.dark .card`; a browser allows both only if `:scope` is in
 * the selector.
 */
export const scopedSelector = (list: string): string => {
  const flat = withoutBrackets(withoutText(list))
  const commas = [...flat.matchAll(/,/g)].map(({ index }) => index)
  return [-1, ...commas]
    .map((comma, index) => scopedOne(list.slice(comma + 1, commas[index]).trim()))
    .join(', ')
}

const scopedOne = (selector: string): string => {
  const plain = withoutText(selector)
  if (/&|:scope/.test(plain)) return selector
  if (selector === ':host') return ':scope'
  const flat = withoutBrackets(plain)
  const end = flat.includes('::') ? flat.indexOf('::') : flat.length
  const scope = PAGE.test(flat.slice(0, end)) ? ' :scope' : ':where(:scope,:scope *)'
  return selector.slice(0, end) + scope + selector.slice(end)
}
